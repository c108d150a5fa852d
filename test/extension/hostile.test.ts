/** Notes are text: whatever they say, nothing of it is run, rendered or followed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import {
  closeEditors,
  execute,
  hoverAt,
  notespace,
  runEnds,
  workspaceFolder,
  writeNotes,
} from './support.js';

const name = 'hostile';
const canary = 'notespace-test.canary';
const attack = [
  '<img src=x onerror="alert(1)"><script>alert(2)</script><b>bold</b>',
  `[click](command:${canary}) <a href="command:${canary}">me</a> ![x](https://x.test/p.png)`,
  '[again](command:notespace.openNote?%5B%7B%22key%22%3A%221%22%7D%5D) $(bug) `code` **bold** | a | b |',
  'https://x.test/bare www.y.test me@z.test </div></body> ]] }} ${7*7} \\[x\\](y)',
].join(' ');

/** So that no note is almost a copy of another, which would be one result with it. */
const said = [
  'The left knee bends further than last month and the stick is hardly needed on stairs any more.',
  'Breathless after one flight, ankles swollen by evening, sleeps on three pillows, water tablet doubled.',
  'Itching rash on both forearms since the garden was cleared, no fever, cream twice daily helps.',
  'Headache behind one eye with flashing lights, better in a dark room, mother had the same for years.',
];

describe('A note full of HTML and command links', () => {
  let runs = 0;
  let registration: vscode.Disposable;
  let folder: string;

  before(async () => {
    registration = vscode.commands.registerCommand(canary, () => runs++);
    folder = await writeNotes(name, {
      'a/first.txt': `Seen today. ${said[0]} ${attack}\n`,
      'a/second.txt': `Seen yesterday. ${said[1]} ${attack}\n`,
      'b/<b>third<b>.txt': `Seen last week. ${said[2]} ${attack}\n`,
      'b/fourth.txt': `Seen in May. ${said[3]} ${attack}\n`,
    });
    await execute('addCorpus', { source: folder, name });
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name });
    await runEnds(run);
  });
  after(async () => {
    registration.dispose();
    await closeEditors();
  });

  it('is shown as text, with exactly one command that is trusted', async () => {
    const uri = vscode.Uri.file(join(folder, 'a', 'first.txt'));
    await vscode.window.showTextDocument(uri);
    const [hover, ...others] = await hoverAt(uri, 0);
    assert.ok(hover);
    assert.deepEqual(others, []);
    assert.deepEqual(hover.isTrusted, { enabledCommands: ['notespace.openNote'] });
    assert.notEqual(hover.supportHtml, true);
    assert.notEqual(hover.supportThemeIcons, true);
    // Three links of ours; every bracket of a note's own is escaped.
    const links = hover.value.match(/(?<!\\)\]\(/g) ?? [];
    assert.equal(links.length, 3);
    assert.equal(hover.value.match(/\]\(command:notespace\.openNote\?[^)\s]*\)/g)?.length, 3);
    assert.doesNotMatch(hover.value, /(?<!\\)<[a-z/]/i, 'HTML');
    assert.doesNotMatch(hover.value, /(?<!\\)!\[/, 'an image');
    assert.doesNotMatch(hover.value, /https?:\/\/|www\.|\w@\w/, 'a bare address');
  });

  it('runs nothing', async () => {
    await execute('findSimilarNotes');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(runs, 0);
  });

  it('opens as plain text', async () => {
    await closeEditors();
    await execute('openNote', { corpus: name, id: 'b/<b>third<b>.txt' });
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    assert.ok(editor.document.getText().startsWith('Seen last week.'));
    assert.equal(editor.document.languageId, 'plaintext');
  });
});

describe('A folder whose name is a link', () => {
  it('is no link in a notification', async () => {
    const { api } = await notespace();
    const source = await writeNotes(`[Look](command:${canary})`, { 'a.txt': 'Slept well.\n' });
    await execute('importModel', { folder: source });
    const said = api.notices().filter((text) => text.includes(canary));
    assert.ok(said.length > 0);
    for (const text of said) assert.doesNotMatch(text, /\]\(/);
  });
});

describe('Rows of a table', () => {
  after(closeEditors);

  it('open as read-only documents whose address says nothing about them', async () => {
    const { folder } = await notespace();
    const source = join(folder, 'samples', 'mental-health.csv');
    await execute('addCorpus', { source, name: 'rows' });
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: 'rows' });
    await runEnds(run);
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(source));
    const [header, row] = new TextDecoder().decode(bytes).split('\n');
    const idColumn = (header ?? '').split(',').findIndex((field) => /(^|_)id$/i.test(field.trim()));
    const id = (row ?? '').split(',')[Math.max(0, idColumn)] ?? '';
    await execute('openNote', { corpus: 'rows', id });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'notespace-note');
    assert.ok(document.getText().length > 20);
    assert.ok(!document.uri.toString().includes(id), 'the id is in the address');
    assert.ok(!document.uri.toString().includes(workspaceFolder()));
    assert.equal(vscode.workspace.fs.isWritableFileSystem('notespace-note'), false);
    const [hover] = await hoverAt(document.uri, 0);
    assert.ok(hover, 'a row has a hover as a file has');
    await execute('hideNoteText');
    try {
      assert.match(await textOf(document.uri), /^Note text is hidden/);
      assert.deepEqual(await hoverAt(document.uri, 0), []);
    } finally {
      await execute('showNoteText');
    }
    assert.doesNotMatch(await textOf(document.uri), /^Note text is hidden/);
  });
});

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
