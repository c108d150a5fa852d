import assert from 'node:assert/strict';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, hoverAt, notespace, runEnds, workspaceFolder, writeNotes } from './support.js';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';

/** Nothing is read-only for an administrator, but nobody can make a folder where a file is. */
describe('A workspace that cannot be written', () => {
  const home = () => join(workspaceFolder(), '.notespace');
  const away = () => `${home()}-away`;

  before(async () => {
    await notespace();
    await rename(home(), away()).catch(() => undefined);
    await writeFile(home(), '');
  });
  after(async () => {
    await rm(home(), { force: true });
    await rename(away(), home()).catch(() => undefined);
  });

  it("keeps its index in the extension's own storage, and says where", async () => {
    const { api } = await notespace();
    const source = await writeNotes('locked', {
      'one.txt': 'Cough for a week, chest clear.\n',
      'two.txt': 'Cough for a month, chest X-ray clear.\n',
      'three.txt': 'Sprained ankle, walks with pain.\n',
    });
    await execute('addCorpus', { source, name: 'locked' });
    const notice = api.notices().find((text) => /cannot be written, so Notespace keeps/.test(text));
    const place = /keeps its index and runs in (.*)\.$/.exec(notice ?? '')?.[1] ?? '';
    assert.ok((await readdir(place)).includes('corpora.json'), notice);
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: 'locked' });
    assert.ok(run.startsWith(place));
    await runEnds(run);
    const [hover] = await hoverAt(vscode.Uri.file(join(source, 'one.txt')), 0);
    assert.ok(hover);
    assert.equal(await readFile(home(), 'utf8'), '', 'the workspace is as it was');
    await rm(place, { recursive: true, force: true });
  });
});
