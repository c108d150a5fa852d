/** Runs and models as the views list them, and what their commands do. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { bundledFolderName } from '../../src/engine/bundledModel.js';
import { trainingConfigSchema } from '../../src/core/train/config.js';
import { configurationSchema, settingKeys } from '../../src/extension/contributions.js';
import type { ComparisonHostMessage } from '../../src/protocol/panels.js';
import type { ImportResult } from '../../src/protocol/modelImport.js';
import { startFakeHub } from '../host/fakeHub.js';
import type { FakeHub } from '../host/fakeHub.js';
import {
  closeEditors,
  eventually,
  execute,
  notespace,
  posted,
  readRun,
  runEnds,
  workspaceFolder,
  writeNotes,
} from './support.js';

const name = 'viewed';
let trained: string;

const notes = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [
    `${at % 2 === 0 ? 'ward' : 'clinic'}/note-${at}.txt`,
    `Seen on day ${at}. Slept well, walks with a frame, plan: review in ${at + 2} days.\n`,
  ]),
);

type Started = { readonly run: string } | undefined;

async function rows(view: 'runs' | 'models'): Promise<readonly string[]> {
  const { api } = await notespace();
  await execute(view === 'runs' ? 'refreshRuns' : 'refreshModels');
  return api.rows(view);
}

async function rowOf(view: 'runs' | 'models', label: string): Promise<string | undefined> {
  return (await rows(view)).find((row) => row.startsWith(`${label} | `));
}

async function lastNotice(): Promise<string> {
  return (await notespace()).api.notices().at(-1) ?? '';
}

describe('The view Runs', () => {
  before(async () => {
    await notespace();
    await execute('addCorpus', { source: await writeNotes(name, notes), name });
    const started = await execute<Started>('pretrain', { corpus: name, maxSteps: 3 });
    assert.ok(started);
    trained = started.run;
    await runEnds(trained);
  });
  after(closeEditors);

  it('lists what has run, with its result', async () => {
    const row = await rowOf('runs', basename(trained));
    assert.match(
      row ?? '',
      /\| Masked tokens, 3 steps, \d\.\d\d → \d\.\d\d \| run pretrain over model$/,
    );
  });

  it('passes the objective on to the run', async () => {
    const started = await execute<Started>('pretrain', {
      corpus: name,
      objective: 'note-category',
      maxSteps: 2,
    });
    assert.ok(started);
    const job = JSON.parse(readFileSync(join(started.run, 'job.json'), 'utf8')) as object;
    assert.equal((job as { objective: string }).objective, 'note-category');
    // An update installs the bundled model elsewhere.
    assert.equal((job as { base: string }).base, 'bundled');
    await eventually('the run is over', async () =>
      ['done', 'failed'].includes((await readRun(started.run)).status),
    );
    assert.match((await rowOf('runs', basename(started.run))) ?? '', /\| Note category, /);
  });

  it('opens what a run was asked to do, to read', async () => {
    await execute('openRunConfiguration', { run: trained });
    const { document } = await eventually('it is open', () => vscode.window.activeTextEditor);
    assert.equal(document.uri.scheme, 'notespace-run');
    assert.ok(!document.uri.toString().includes(workspaceFolder()));
    assert.match(document.getText(), /"objective": "mlm"/);
  });

  it('compares runs in one panel', async () => {
    const second = await execute<Started>('pretrain', { corpus: name, maxSteps: 4, seed: 1 });
    assert.ok(second);
    await execute('compareRuns', { runs: [trained, second.run] });
    const { runs } = await posted<ComparisonHostMessage, 'runs'>(
      'comparison',
      'runs',
      (message) => message.runs.length === 2,
    );
    assert.deepEqual(runs.map((run) => run.id).sort(), [trained, second.run].sort());
    assert.ok(runs.every((run) => run.corpus === name && run.base === 'bundled'));
    await posted<ComparisonHostMessage, 'metrics'>('comparison', 'metrics', (message) => {
      return message.run === trained && message.lines.length >= 4;
    });
    await runEnds(second.run);
    // It was followed while it went.
    await posted<ComparisonHostMessage, 'runs'>('comparison', 'runs', (message) =>
      message.runs.every((run) => run.status === 'done'),
    );
  });

  it('deletes nothing that is at work, and nothing without a Yes', async () => {
    const { api } = await notespace();
    const started = await execute<Started>('pretrain', { corpus: name, maxSteps: 5000 });
    assert.ok(started);
    await eventually('it runs', async () => (await readRun(started.run)).status === 'running');
    await execute('deleteRun', { runs: [started.run] });
    assert.match(await lastNotice(), /is at work: cancel it before you delete it\.$/);
    await execute('cancelJob', { run: started.run });
    await runEnds(started.run, 'cancelled', 60);
    await eventually('it may go on', async () =>
      /resumable/.test((await rowOf('runs', basename(started.run))) ?? ''),
    );
    api.answerNext(false);
    await execute('deleteRun', { runs: [started.run] });
    assert.match(
      await lastNotice(),
      /^Delete the run Masked tokens on viewed, .*checkpoints are removed/,
    );
    assert.ok(existsSync(started.run));
    api.answerNext(true);
    await execute('deleteRun', { runs: [started.run] });
    assert.ok(!existsSync(started.run));
    assert.equal(await rowOf('runs', basename(started.run)), undefined);
    assert.ok(existsSync(trained));
  });
});

describe('A training configuration', () => {
  after(closeEditors);

  it('is completed by the settings that the code knows', async () => {
    const { folder } = await notespace();
    const shipped = readFileSync(join(folder, configurationSchema), 'utf8');
    assert.deepEqual(JSON.parse(shipped), JSON.parse(JSON.stringify(trainingConfigSchema())));
    const uri = await document('{\n  \n}\n');
    await vscode.window.showTextDocument(uri);
    await eventually('learningRate is offered', async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(1, 2),
      );
      return items.some(({ label }) => JSON.stringify(label).includes('learningRate'));
    });
  });

  it('that is wrong starts nothing, and says why in a sentence', async () => {
    const before = (await rows('runs')).length;
    for (const [text, sentence] of [
      ['{ "learningRate": "fast" }', /^In the training configuration "learningRate" must be a/],
      ['{ "learningRate": ', /^wrong\.notespace\.json is not JSON/],
    ] as const) {
      await execute('pretrainWithConfiguration', await document(text));
      assert.match(await lastNotice(), sentence);
    }
    assert.equal((await rows('runs')).length, before);
  });

  async function document(text: string): Promise<vscode.Uri> {
    const path = join(workspaceFolder(), 'wrong.notespace.json');
    await writeFile(path, text);
    const uri = vscode.Uri.file(path);
    await eventually('the editor has read it', async () => {
      const opened = await vscode.workspace.openTextDocument(uri);
      return opened.getText() === text;
    });
    return uri;
  }
});

describe('The view Models', () => {
  /** Small enough to be copied, downloaded and indexed with. */
  const small = fileURLToPath(new URL('../fixtures/starter', import.meta.url));
  let hub: FakeHub;
  before(async () => {
    const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'README.md'];
    const files = names.map((file) => [file, readFileSync(join(small, file))] as const);
    hub = await startFakeHub({ 'clinic/starter': Object.fromEntries(files) });
    await setHub(hub.url);
  });
  after(async () => {
    await setHub(undefined);
    await hub.close();
  });

  async function setHub(url: string | undefined): Promise<void> {
    const { Global } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration().update(settingKeys.hubUrl, url, Global);
  }

  it('lists the bundled model and those of runs', async () => {
    assert.match(
      (await rowOf('models', 'Notespace MiniLM')) ?? '',
      /\| RoBERTa 4 x 256, 5.5 M parameters, 11 MB, in use \| model card bundled$/,
    );
    const ofRuns = (await rows('models')).filter((row) => row.endsWith(' | model card run'));
    assert.ok(ofRuns.some((row) => row.startsWith('Masked tokens on viewed, ')));
  });

  it('imports a folder as a copy, and indexes with it', async () => {
    const folder = join(workspaceFolder(), 'my-model');
    await cp(small, folder, { recursive: true });
    await writeFile(join(folder, 'optimizer.pt'), 'no part of it');
    const started = await execute<Started>('importModel', { folder });
    assert.ok(started);
    const { model } = (await runEnds(started.run)).result as ImportResult;
    assert.equal(model, join(workspaceFolder(), '.notespace', 'models', 'my-model'));
    assert.ok(!(await readdir(model)).includes('optimizer.pt'));
    assert.match((await rowOf('models', 'my-model')) ?? '', /\| model card imported$/);
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name, model });
    await runEnds(run);
    assert.match((await rowOf('models', 'my-model')) ?? '', /, in use/);
  });

  it('refuses a folder whose pickle is broken', async () => {
    const folder = join(workspaceFolder(), 'pickled');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), '{}');
    await writeFile(join(folder, 'pytorch_model.bin'), '');
    assert.equal(await execute('importModel', { folder }), undefined);
    assert.match(await lastNotice(), /pytorch_model\.bin is broken/);
  });

  it('asks a hub nothing before the user has agreed, and downloads nothing before they have seen how much', async () => {
    const { api } = await notespace();
    api.answerNext(false);
    assert.equal(await execute('importModel', { hub: 'clinic/starter' }), undefined);
    assert.match(await lastNotice(), /^Ask 127\.0\.0\.1:\d+ about .*nothing of your notes/);
    assert.equal(hub.requests.length, 0);
    api.answerNext(true);
    api.answerNext(false);
    assert.equal(await execute('importModel', { hub: 'clinic/starter' }), undefined);
    assert.match(
      await lastNotice(),
      /^Download clinic\/starter \(11 MB\)\? Its weights come as safetensors\. 4 files from/,
    );
    assert.ok(hub.requests.every((request) => request.includes(' /api/models/')));
  });

  it('downloads a model, and removes it again when told so twice', async () => {
    const { api } = await notespace();
    api.answerNext(true);
    api.answerNext(true);
    const started = await execute<Started>('importModel', { hub: 'clinic/starter' });
    assert.ok(started);
    const { model } = (await runEnds(started.run)).result as ImportResult;
    assert.equal(basename(model), 'clinic--starter');
    assert.match((await rowOf('models', 'clinic--starter')) ?? '', /\| model card imported$/);
    await execute('openModelCard', { model });
    await eventually('the card is open', () =>
      vscode.window.activeTextEditor?.document.uri.path.endsWith('README.md'),
    );
    await closeEditors();
    api.answerNext(false);
    await execute('removeModel', { model });
    assert.ok(existsSync(model));
    api.answerNext(true);
    await execute('removeModel', { model });
    assert.ok(!existsSync(model));
    const bundled = join((await notespace()).folder, 'models', bundledFolderName);
    await execute('removeModel', { model: bundled });
    assert.match(await lastNotice(), /^There is no such model/);
    assert.ok(existsSync(bundled));
  });

  it('says what to do when the hub is out of reach', async () => {
    const { api } = await notespace();
    await setHub('http://127.0.0.1:9');
    api.answerNext(true);
    assert.equal(await execute('importModel', { hub: 'clinic/starter' }), undefined);
    assert.match(await lastNotice(), /could not be reached.*import the model from a folder/);
  });
});
