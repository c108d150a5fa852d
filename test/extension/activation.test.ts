import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { commandIds } from '../../src/extension/contributions.js';
import { execute, notespace } from './support.js';

describe('The extension', () => {
  it('activates in under 50 ms', async () => {
    const { api } = await notespace();
    assert.ok(api.activationMs < 50, `${api.activationMs} ms`);
  });

  it('offers every command', async () => {
    await notespace();
    const commands = new Set(await vscode.commands.getCommands(true));
    for (const id of Object.values(commandIds)) assert.ok(commands.has(id), id);
  });

  it('loads no native module into the extension host', async () => {
    await notespace();
    const loaded = Object.keys(require.cache).filter((path) => path.endsWith('.node'));
    assert.deepEqual(
      loaded.filter((path) => /onnxruntime|lancedb/.test(path)),
      [],
    );
  });

  it('brings what its programs need', async () => {
    const { folder } = await notespace();
    for (const file of [
      'dist/lookup.mjs',
      'dist/job.mjs',
      'dist/training.schema.json',
      'media/notespace.svg',
      'models/notespace-minilm/config.json',
      'samples/hospital-notes',
    ]) {
      assert.ok(existsSync(join(folder, file)), file);
    }
  });

  it('says in one sentence what is wrong with a call, and does nothing', async () => {
    const { api } = await notespace();
    assert.equal(await execute('openNote', { key: 3 }), undefined);
    assert.match(api.notices().at(-1) ?? '', /arguments of the command are not right: key\.$/);
    assert.equal(await execute('indexNotes', { corpus: 'nowhere' }), undefined);
    assert.match(api.notices().at(-1) ?? '', /^There is no corpus nowhere in this window\.$/);
  });
});
