/** Run folders as files, without a job process. */
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Cancelled, failure } from '../../src/core/base/errors.js';
import { lockBeatMs, lockStaleMs } from '../../src/core/base/lock.js';
import { thisProcess } from '../../src/core/base/processes.js';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import {
  createRun,
  ensureNotespaceFolder,
  isAlive,
  readState,
  runName,
  writeControl,
} from '../../src/engine/runFolder.js';
import { acquireLock } from '../../src/engine/runLock.js';
import { describeError, ownRun } from '../../src/engine/runOwner.js';
import { traceOf } from '../../src/engine/trace.js';
import { heartbeatMs, staleAfterMs } from '../../src/protocol/run.js';
import type { JobSpec, MetricsLine, RunState } from '../../src/protocol/run.js';
import { eventually, program, removeFolder, temporaryFolder } from './fixtures.js';

const spec: JobSpec = { kind: 'project', store: '/a/store', seed: 1 };
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

const newRun = (name: string): Promise<string> => createRun(folder, name, spec, Date.now());

function line(step: number): MetricsLine {
  const figures = { learningRate: null, gradNorm: null, tokensPerSecond: null };
  const rest = { heldOutLoss: null, memoryBytes: null };
  return { format: 1, step, time: 0, loss: 1, losses: {}, ...figures, ...rest };
}

describe('a run folder', () => {
  it('gets a name of its own, legal everywhere', async () => {
    const name = runName('pretrain', new Date('2026-11-23T16:02:00Z'));
    expect(name).toBe('pretrain-2026-11-23-160200');
    const first = await newRun(name);
    const second = await newRun(name);
    expect(second).toBe(`${first}-2`);
    expect(await readState(first)).toMatchObject({ status: 'starting', kind: 'project', pid: 0 });
  });

  it('says that a job never started', async () => {
    const run = await newRun('never');
    const later = Date.now() + 60_000;
    expect(await readState(run, later)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('did not start') as string },
    });
  });

  it('is alive while its heart beats and its process exists', () => {
    const state = { status: 'running', pid: process.pid, host: hostname() } as RunState;
    const now = 1_000_000;
    expect(isAlive({ ...state, updatedAt: now - 5000 }, now)).toBe(true);
    expect(isAlive({ ...state, updatedAt: now - 11_000 }, now)).toBe(false);
    expect(isAlive({ ...state, updatedAt: now, status: 'done' }, now)).toBe(false);
    expect(isAlive({ ...state, updatedAt: now, pid: 2 ** 22 + 1 }, now)).toBe(false);
    // Processes of another machine cannot be asked for.
    const elsewhere = { ...state, updatedAt: now, pid: 2 ** 22 + 1, host: 'another-machine' };
    expect(isAlive(elsewhere, now)).toBe(true);
  });

  it('gives metrics piece by piece, complete lines only', async () => {
    const run = await newRun('metrics');
    const path = join(run, 'metrics.jsonl');
    expect(await readMetricsFrom(run, 0)).toEqual({ lines: [], offset: 0, reset: false, unfit: 0 });
    await writeFile(path, `${JSON.stringify(line(1))}\n${JSON.stringify(line(2)).slice(0, 9)}`);
    const first = await readMetricsFrom(run, 0);
    expect(first.lines.map(({ step }) => step)).toEqual([1]);
    await appendFile(path, `${JSON.stringify(line(2)).slice(9)}\nnonsense\n`);
    const second = await readMetricsFrom(run, first.offset);
    expect(second.lines.map(({ step }) => step)).toEqual([2]);
    expect((await readMetricsFrom(run, second.offset)).lines).toEqual([]);
    await writeFile(path, `${JSON.stringify(line(1))}\n`);
    const third = await readMetricsFrom(run, second.offset);
    expect(third).toMatchObject({ reset: true, lines: [{ step: 1 }] });
  });

  it('is private and kept out of version control', async () => {
    const notespace = await ensureNotespaceFolder(join(folder, '.notespace'));
    await ensureNotespaceFolder(notespace);
    expect(await readFile(join(notespace, '.gitignore'), 'utf8')).toBe('*\n');
    if (process.platform !== 'win32') expect((await stat(notespace)).mode & 0o777).toBe(0o700);
  });

  it('refuses a place where a file stands, in one sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createRun(join(folder, 'file'), 'x', spec, 0)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('A file stands where a folder is needed') as string,
    });
  });
});

describe('the lock', () => {
  it('is taken once, and from the dead', async () => {
    const run = join(folder, 'locked');
    const lock = join(run, 'lock');
    const leave = async (owner: object): Promise<void> => {
      await rm(lock, { recursive: true, force: true });
      await mkdir(lock, { recursive: true });
      await writeFile(join(lock, 'token'), JSON.stringify({ ...thisProcess(), ...owner }));
    };
    await leave({ pid: 2 ** 22 + 1 });
    expect((await acquireLock(run, Date.now)).ownerBefore).toBe('died');
    await expect(acquireLock(run, Date.now)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`in use by process ${process.pid} on`) as string,
    });
    await leave({ pid: 7, host: 'a-container-that-is-gone' });
    await expect(acquireLock(run, Date.now)).rejects.toThrow(
      /in use by process 7 on a-container.*: wait for it, or cancel it/,
    );
    const later = () => Date.now() + staleAfterMs + 1000;
    expect((await acquireLock(run, later)).ownerBefore).toBe('died');
  });

  it('and the state of a run die at the same age', () => {
    expect([lockBeatMs, lockStaleMs]).toEqual([heartbeatMs, staleAfterMs]);
  });
});

describe('the owner of a run', () => {
  const own = (run: string) =>
    ownRun({ folder: run, spec, heartbeatScript: program('heartbeat'), now: Date.now });

  it('writes state, notes and metrics, and gives the folder free', async () => {
    const run = await newRun('owned');
    const owner = await own(run);
    owner.progress({ phase: 'Working', done: 1, total: 2, unit: 'things' });
    owner.note('One remark.');
    owner.note('One remark.');
    owner.metrics(line(1));
    await eventually('the progress', async () => (await readState(run))?.progress?.done === 1);
    const result = { kind: 'project', points: 3, seconds: 1 } as const;
    await owner.finish({ result });
    expect(await readState(run)).toMatchObject({
      status: 'done',
      notes: ['One remark.'],
      result,
      pid: process.pid,
    });
    expect((await readMetricsFrom(run, 0)).lines).toHaveLength(1);
    expect(await readdir(run)).not.toContain('lock');
  });

  it('says once that a control file cannot be read, and heeds the next one', async () => {
    const run = await newRun('misled');
    const written: string[] = [];
    const log = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    try {
      const owner = await own(run);
      await writeFile(join(run, 'control.json'), '{"format":1,"command":"explode","at":1}');
      const complaints = (): string[] => written.filter((text) => text.includes('newer version'));
      await eventually('the complaint', () => Promise.resolve(complaints().length > 0));
      await writeControl(run, 'cancel');
      await eventually('the cancel', () => Promise.resolve(owner.signal.aborted));
      await owner.finish({ error: new Cancelled() });
      expect(complaints()).toEqual([
        'The run misled was made by a newer version: update Notespace.\n',
      ]);
    } finally {
      log.mockRestore();
    }
  });

  it('drops what a killed job left, and the metrics of steps that are taken again', async () => {
    const run = await newRun('leftovers');
    const dead = 2 ** 22 + 1;
    await mkdir(join(run, `.model.${dead}-0.tmp`));
    await writeFile(join(run, `.state.json.${dead}-3.tmp`), '{');
    await writeFile(join(run, `.control.json.${process.ppid}-0.tmp`), '{');
    const lines = [line(1), { ...line(1), loss: null, heldOutLoss: 2 }, line(2)];
    const text = lines.map((each) => `${JSON.stringify(each)}\n`).join('');
    await writeFile(join(run, 'metrics.jsonl'), `${text}{"format":1,"step":3,"losses":{}`);
    const owner = await own(run);
    owner.metrics({ ...line(1), loss: null, heldOutLoss: 3 });
    owner.metrics(line(2));
    await owner.finish({ error: new Cancelled() });
    const { lines: kept } = await readMetricsFrom(run, 0);
    expect(kept.map(({ step, heldOutLoss }) => [step, heldOutLoss])).toEqual([
      [1, null],
      [1, 3],
      [2, null],
    ]);
    // Whoever writes a command now is left alone.
    const left = (await readdir(run)).filter((name) => name.endsWith('.tmp'));
    expect(left).toEqual([`.control.json.${process.ppid}-0.tmp`]);
  });

  it('hears a cancel that came before it', async () => {
    const run = await newRun('early');
    await writeControl(run, 'cancel');
    const owner = await own(run);
    await eventually('the signal', () => Promise.resolve(owner.signal.aborted));
    await owner.finish({ error: new Cancelled() });
    expect((await readState(run))?.status).toBe('cancelled');
  });

  it('beats while its thread is blocked, and acknowledges a cancel', async () => {
    const run = await newRun('blocked');
    const owner = await own(run);
    await eventually('the first beat', async () => (await readState(run))?.status === 'running');
    await writeControl(run, 'cancel');
    const end = Date.now() + 1200;
    while (Date.now() < end); // as session.run() does
    const state = await readState(run);
    expect(state?.status).toBe('cancelling');
    expect(Date.now() - (state?.updatedAt ?? 0)).toBeLessThan(1300);
    await eventually('the signal', () => Promise.resolve(owner.signal.aborted));
    await owner.finish({ error: new Cancelled() });
    expect((await readState(run))?.status).toBe('cancelled');
  });

  it('keeps a failure’s sentence, and no bug’s message', async () => {
    const run = await newRun('failed');
    await (await own(run)).finish({ error: failure('The disk is full.') });
    expect((await readState(run))?.error).toEqual({ kind: 'failed', message: 'The disk is full.' });
    const bug = new TypeError('cannot read "Mrs Smith has chest pain"');
    expect(describeError(bug).message).not.toContain('Smith');
    expect(traceOf(bug)).not.toContain('Smith');
    expect(traceOf(bug)).toContain('runFolder.test');
    expect(describeError(new Error('bad allocation: std::bad_alloc')).message).toMatch(/memory/);
  });
});
