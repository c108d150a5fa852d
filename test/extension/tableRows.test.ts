/** A table that is open in an editor: what is shown follows the row under the cursor. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ClustersHostMessage, SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import {
  closeEditors,
  eventually,
  execute,
  hoverAt,
  notespace,
  posted,
  runEnds,
  workspaceFolder,
} from './support.js';

const name = 'table';
/** Longer than the extension waits for a cursor to come to rest. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1500));

describe('Rows of an open table', () => {
  let editor: vscode.TextEditor;
  /** Where records begin, and their ids. */
  let rows: readonly { readonly line: number; readonly id: string }[];

  before(async () => {
    const { folder } = await notespace();
    const home = join(workspaceFolder(), name);
    await mkdir(home, { recursive: true });
    const source = join(home, 'visits.csv');
    await copyFile(join(folder, 'samples', 'mental-health.csv'), source);
    await execute('addCorpus', { source, name });
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name });
    await runEnds(run);
    editor = await vscode.window.showTextDocument(vscode.Uri.file(source));
    rows = editor.document
      .getText()
      .split(/\r?\n/)
      .flatMap((text, line) => {
        const id = /^(MH-\d+),/.exec(text)?.[1];
        return id === undefined ? [] : [{ line, id }];
      });
    assert.ok(rows.length > 100);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeEditors();
  });

  function moveTo(line: number): void {
    const position = new vscode.Position(line, 1);
    editor.selection = new vscode.Selection(position, position);
  }

  async function messages(): Promise<readonly SimilarNotesHostMessage[]> {
    const { api } = await notespace();
    return [...(api.lastPosts('similarNotes') as readonly SimilarNotesHostMessage[])];
  }

  it('are followed by Similar Notes', async () => {
    const [first, , third] = rows;
    assert.ok(first && third);
    moveTo(first.line);
    await execute('findSimilarNotes');
    for (const { id, line } of [first, third]) {
      moveTo(line + 1);
      const { items } = await posted<SimilarNotesHostMessage, 'results'>(
        'similarNotes',
        'results',
        ({ title }) => title === id,
      );
      assert.equal(items.length, 10);
      assert.ok(items.every(({ title }) => title !== id));
    }
  });

  it('are not looked up again while the cursor moves within one, or into the header', async () => {
    const at = rows[2]?.line ?? 0;
    await settled();
    const before = await messages();
    moveTo(at + 2);
    await settled();
    assert.deepEqual(await messages(), before);
    moveTo(0);
    await settled();
    assert.deepEqual(await messages(), before);
  });

  it('are looked up by what they say once they are changed', async () => {
    const row = rows[5];
    assert.ok(row);
    moveTo(row.line);
    const resultsOfRow = async () =>
      (await messages()).flatMap((message) =>
        message.type === 'results' && message.title === row.id ? [message] : [],
      );
    const [indexed] = await eventually('the row', async () => {
      const found = await resultsOfRow();
      return found.length > 0 ? found : null;
    });
    const quote = editor.document.lineAt(row.line).text.indexOf('"') + 1;
    await editor.edit((edit) => {
      edit.insert(
        new vscode.Position(row.line, quote),
        'Chest pain, troponin raised.\n\n'.repeat(40),
      );
    });
    const changed = await eventually('the changed row', async () => (await resultsOfRow())[1]);
    assert.ok(changed.items.every(({ title }) => title !== row.id));
    assert.notDeepEqual(changed.items, indexed?.items);
    const next = rows[6];
    assert.ok(next);
    moveTo(next.line + 80);
    await posted<SimilarNotesHostMessage, 'results'>(
      'similarNotes',
      'results',
      ({ title }) => title === next.id,
    );
  });

  it('have a hover, and their header has none', async () => {
    const row = rows[1];
    assert.ok(row);
    const [hover] = await hoverAt(editor.document.uri, row.line + 1);
    assert.ok(hover);
    assert.equal(hover.value.match(/\]\(command:notespace\.openNote\?/g)?.length, 3);
    const text = hover.value.replaceAll('\\', '');
    assert.match(text, /MH-\d+/);
    assert.ok(!text.includes(row.id), 'the row is not near to itself');
    assert.deepEqual(await hoverAt(editor.document.uri, 0), []);
  });

  it('are marked on the map', async () => {
    const { run } = await execute<{ run: string | null }>('showClusters', { corpus: name });
    if (run !== null) await runEnds(run);
    const { names } = await posted<ClustersHostMessage, 'points'>('clusters', 'points', (message) =>
      message.names.includes(rows[1]?.id ?? ''),
    );
    editor = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    for (const row of rows.slice(1, 3)) {
      moveTo(row.line);
      await posted<ClustersHostMessage, 'highlight'>(
        'clusters',
        'highlight',
        ({ point }) => names[point ?? -1] === row.id,
      );
    }
  });

  it('have no name on a screen where note text is hidden', async () => {
    await execute('hideNoteText');
    try {
      const last = (await messages()).at(-1);
      moveTo(rows[3]?.line ?? 0);
      const added = await eventually('results', async () => {
        const all = (await messages()).filter(
          (_, at, posts) => at > posts.findIndex((post) => post === last),
        );
        return all.some(({ type }) => type === 'results') ? all : null;
      });
      assert.ok(added.every((message) => !('title' in message) || message.title === ''));
    } finally {
      await execute('showNoteText');
    }
  });

  it('are not followed in a table that is too large', async () => {
    const row = `2,"${'Seen at home, well. '.repeat(5000)}"\n`;
    const source = join(workspaceFolder(), name, 'large.csv');
    await writeFile(source, `id,text\n${row.repeat(340)}`);
    await execute('addCorpus', { source, name: 'large' });
    await vscode.window.showTextDocument(vscode.Uri.file(source));
    const empty = await posted<SimilarNotesHostMessage, 'empty'>(
      'similarNotes',
      'empty',
      ({ reason }) => /too large/.test(reason),
    );
    assert.equal(empty.action?.command, 'notespace.openNote');
  });
});
