/** Jobs and the lookup engine: cancelled, killed, and getting on with each other. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { SimilarNotesHostMessage } from '../../src/protocol/panels.js';
import type { PretrainResult } from '../../src/protocol/pretraining.js';
import {
  closeEditors,
  eventually,
  execute,
  hoverAt,
  notespace,
  posted,
  readRun,
  runEnds,
  writeNotes,
} from './support.js';

const name = 'small';
let folder: string;

const notes = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [
    `${at % 2 === 0 ? 'cardiology' : 'dermatology'}/note-${String(at).padStart(2, '0')}.txt`,
    at % 2 === 0
      ? `Seen in clinic ${at}. Chest tightness on the stairs, ECG shows sinus rhythm.\n\nPlan: echo in ${at + 1} weeks.\n`
      : `Seen in clinic ${at}. Itching rash on both arms, no blisters.\n\nPlan: emollient, review in ${at} days.\n`,
  ]),
);

describe('Jobs and the lookup engine', () => {
  before(async () => {
    await notespace();
    folder = await writeNotes(name, notes);
    await execute('addCorpus', { source: folder, name });
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name });
    await runEnds(run);
  });
  after(closeEditors);

  const noteUri = () => vscode.Uri.file(join(folder, 'cardiology', 'note-00.txt'));

  it('answer a hover while a job trains, cancel it, and resume it', async () => {
    const { api } = await notespace();
    const { run } = await execute<{ run: string }>('pretrain', { corpus: name, maxSteps: 5000 });
    await eventually(
      'it trains',
      async () => (await readRun(run)).progress?.phase === 'Training',
      100,
    );
    assert.equal((await hoverAt(noteUri(), 0)).length, 1);
    assert.equal((await readRun(run)).status, 'running');
    const askedAt = Date.now();
    await execute('cancelJob', { run });
    await eventually('the cancel is acknowledged', async () =>
      ['cancelling', 'cancelled'].includes((await readRun(run)).status),
    );
    assert.ok(Date.now() - askedAt < 2000, `${Date.now() - askedAt} ms`);
    await runEnds(run, 'cancelled', 60);
    await eventually('the user is told', () =>
      api.notices().some((notice) => /Pre-training on small was cancelled/.test(notice)),
    );
    const resumed = await execute<{ run: string }>('resumePretraining', { run });
    assert.equal(resumed.run, run);
    await eventually('it trains again', async () => (await readRun(run)).status === 'running');
    await execute('cancelJob', { run });
    await execute('cancelJob', { run });
    await runEnds(run, 'cancelled', 20).catch(async () => {
      // A job that was stopped at once may leave "cancelling" behind: its process is what counts.
      const { pid, status } = await readRun(run);
      assert.equal(status, 'cancelling');
      assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    });
  });

  it('keep the model of a pre-training that was stopped', async () => {
    const { run } = await execute<{ run: string }>('pretrain', { corpus: name, maxSteps: 5000 });
    const trains = async () => {
      const { progress } = await readRun(run);
      return progress?.phase === 'Training' && progress.done > 0;
    };
    await eventually('it trains', trains, 100);
    await execute('cancelJob', { run });
    await runEnds(run, 'cancelled', 60);
    await execute('finishPretraining', { run });
    const { result } = await runEnds(run, 'done', 100);
    assert.ok((result as PretrainResult).steps < 100);
    assert.ok(existsSync(join(run, 'model', 'model.safetensors')));
  });

  it('outlive the death of the lookup engine, and say so', async () => {
    const { api } = await notespace();
    await hoverAt(noteUri(), 0);
    const first = api.lookupProcessId();
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    const sentence = await eventually('the user is told', () =>
      api.notices().find((notice) => /lookup engine was ended by SIGKILL/.test(notice)),
    );
    assert.match(sentence, /it starts again with the next request/);
    assert.equal((await hoverAt(noteUri(), 0)).length, 1);
    assert.notEqual(api.lookupProcessId(), first);
  });

  it('say what became of a job that was killed', async () => {
    const { api } = await notespace();
    const { run } = await execute<{ run: string }>('pretrain', { corpus: name, maxSteps: 5000 });
    const { pid } = await eventually('it has a process', async () => {
      const state = await readRun(run);
      return state.pid > 0 && state.status === 'running' ? state : null;
    });
    process.kill(pid, 'SIGKILL');
    await eventually('the user is told', () =>
      api
        .notices()
        .some((notice) => /^Pre-training on small failed\. The job process ended/.test(notice)),
    );
  });

  it('refuse to index one corpus twice at a time', async () => {
    const { api } = await notespace();
    const index = () => execute<{ run: string } | undefined>('indexNotes', { corpus: name });
    // Either may be the quicker one.
    const started = await Promise.all([index(), index()]);
    const [first, ...others] = started.filter((run) => run !== undefined);
    assert.ok(first);
    assert.deepEqual(others, []);
    assert.ok(api.notices().some((notice) => /^That is being done already/.test(notice)));
    await runEnds(first.run);
    const third = await index();
    assert.ok(third, 'it may be done again at once when it is over');
    await runEnds(third.run);
  });

  it('find a note by its text when the index does not know it', async () => {
    const text = 'Chest tightness on the stairs again, ECG unchanged.\n';
    const file = (await writeNotes(name, { 'cardiology/new.txt': text })) + '/cardiology/new.txt';
    await vscode.window.showTextDocument(vscode.Uri.file(file));
    await execute('findSimilarNotes');
    const { items } = await posted<SimilarNotesHostMessage, 'results'>(
      'similarNotes',
      'results',
      (message) => message.title === 'new.txt',
    );
    assert.equal(items.length, 10);
  });
});
