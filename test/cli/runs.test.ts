/** Lists and cancels runs by the command line, and completes its words. */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../src/engine/runFolder.js';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import {
  eventually,
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from '../engine/fixtures.js';
import { skipOrFail } from '../host/skip.js';
import { callsIn } from './calls.js';

let folder: string;
let runs: string;
let { call, json, refusal } = callsIn('');

beforeAll(async () => {
  folder = await temporaryFolder();
  runs = join(folder, '.notespace', 'runs');
  ({ call, json, refusal } = callsIn(folder));
});
afterAll(() => removeFolder(folder));

describe('runs and cancel', () => {
  it('say so where there are none', async () => {
    const { code, stdout, stderr } = await call('runs').outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('There are no runs');
    expect(await json('runs')).toEqual({ format: 1, runs: [] });
    expect(await refusal(2, 'cancel', 'none')).toContain('There is no run none');
  });

  it('stop a run that another call started', async () => {
    const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(60));
    const model = await writeTinyModel(join(folder, 'model'));
    const out = join(runs, 'long');
    const trains = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];
    const { outcome } = call(...trains, '--out', out, '--max-steps', '100000');
    await eventually('a step', async () => (await readMetricsFrom(out, 0)).lines.length > 1);

    expect(await json('runs')).toMatchObject({
      runs: [{ run: 'long', folder: out, kind: 'pretrain', objective: 'mlm', status: 'running' }],
    });
    const listed = await call('runs').outcome;
    expect(listed.stdout).toMatch(/^long +\d{4}-\d\d-\d\d \d\d:\d\d UTC +.*running: .*steps$/m);

    expect(await json('cancel', 'long')).toMatchObject({ run: 'long', status: 'cancelled' });
    expect((await outcome).code).toBe(130);
    expect(await refusal(2, 'cancel', out)).toContain('is not at work: its status is "cancelled"');
    expect(await json('runs')).toMatchObject({ runs: [{ status: 'cancelled', error: null }] });
  });

  it('end a run early, at work or stopped, and keep its model', async () => {
    const stopped = await json('finish', 'long');
    expect(stopped['steps']).toBeGreaterThan(0);
    expect(await readdir(join(runs, 'long', 'model'))).toContain('model.safetensors');
    expect(await refusal(2, 'finish', 'long')).toContain('is done');

    const [corpus, model] = [join(folder, 'notes.jsonl'), join(folder, 'model')];
    const out = join(runs, 'brief');
    const trains = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];
    const { outcome } = call(...trains, '--out', out, '--max-steps', '100000');
    await eventually('a step', async () => (await readMetricsFrom(out, 0)).lines.length > 1);
    const finished = await json('finish', 'brief');
    expect((await outcome).code).toBe(0);
    expect(finished['model']).toBe(join(out, 'model'));
    const { runs: listed } = (await json('runs')) as { runs: { run: string; status: string }[] };
    expect(listed.map(({ run, status }) => [run, status])).toEqual(
      expect.arrayContaining([
        ['brief', 'done'],
        ['long', 'done'],
      ]),
    );
  });

  it('names a run that cannot be read, and lists the others', async () => {
    await mkdir(join(runs, 'damaged'), { recursive: true });
    await writeFile(join(runs, 'damaged', 'state.json'), '{');
    const spec = { kind: 'project', store: join(folder, 'store'), seed: 0 } as const;
    await createRun(runs, 'never', spec, 0);
    const { code, stdout, stderr } = await call('runs').outcome;
    expect(code).toBe(0);
    expect(stderr).toContain('damaged');
    expect(stdout).toMatch(/^never .*failed$/m);
  });
});

describe('completion', () => {
  it('knows commands, options and values in bash', async (context) => {
    const { stdout } = await call('completion', 'bash').outcome;
    const bash = spawnSync('bash', ['--norc', '-c', `${stdout}\n${completing}`], {
      encoding: 'utf8',
    });
    if (bash.error !== undefined) skipOrFail(context, 'There is no bash.');
    expect(bash.stderr).toBe('');
    expect(bash.stdout.split('\n').slice(0, 3)).toEqual([
      'pretrain',
      '--objective',
      'mlm mlm-then-declutr',
    ]);
  });

  it.each(['zsh', 'powershell'])('has a script for %s', async (shell) => {
    const { code, stdout } = await call('completion', shell).outcome;
    expect(code).toBe(0);
    expect(stdout).toContain('--merge-with-base');
  });

  it('refuses another shell', async () => {
    expect(await refusal(2, 'completion', 'fish')).toContain('not "fish"');
  });
});

/** Completes `notespace pre`, `… --obj` and `… --objective ml`. */
const completing = ['pre', 'pretrain --obj', 'pretrain --objective ml']
  .map(
    (words) =>
      `COMP_WORDS=(notespace ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _notespace; echo "\${COMPREPLY[@]}"`,
  )
  .join('\n');

describe('open', () => {
  it('says what to do where there is no VS Code', async () => {
    const alone = callsIn(folder, { PATH: folder });
    expect(await alone.refusal(1, 'open', folder)).toContain('no working "code" on the PATH');
    expect(await refusal(2, 'open', 'nowhere')).toContain('There is no folder');
  });
});
