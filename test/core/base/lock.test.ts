import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  keepRenewing,
  lockBeatMs,
  lockStaleMs,
  releaseLock,
  renewLock,
  takeLock,
} from '../../../src/core/base/lock.js';
import type { Lock } from '../../../src/core/base/lock.js';
import { thisProcess } from '../../../src/core/base/processes.js';

/** No process has this number. */
const noPid = 2 ** 22 + 1;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function take(): Promise<Lock> {
  const { lock } = await takeLock(path, Date.now);
  if (lock === null) throw new Error('the lock is held');
  return lock;
}

/** The lock of another process, renewed `age` milliseconds ago. */
async function leaveLock(owner: object | string, age = 0, at = path): Promise<string> {
  await mkdir(at, { recursive: true });
  const file = join(at, 'another-token');
  await writeFile(file, typeof owner === 'string' ? owner : JSON.stringify(owner));
  await setAge(file, age);
  return file;
}

async function setAge(file: string, age: number): Promise<void> {
  const seconds = (Date.now() - age) / 1000;
  await utimes(file, seconds, seconds);
}

const elsewhere = { pid: 7, host: 'a-container-that-is-gone', pidNamespace: null };

describe('a lock', () => {
  it('is taken once, released, and leaves nothing behind', async () => {
    const { lock, ownerBefore } = (await takeLock(path, Date.now)) as {
      lock: Lock;
      ownerBefore: string;
    };
    expect(ownerBefore).toBe('left');
    expect(await takeLock(path, Date.now)).toEqual({ lock: null, heldBy: thisProcess() });
    expect(await readdir(folder)).toEqual(['lock']);
    await releaseLock(lock);
    expect(await readdir(folder)).toEqual([]);
    await releaseLock(await take());
  });

  it('is won by one of many callers', async () => {
    const attempts = await Promise.all(Array.from({ length: 20 }, () => takeLock(path, Date.now)));
    expect(attempts.filter(({ lock }) => lock !== null)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('is held by a living process of this machine, and by one of another that renews it', async () => {
    await leaveLock({ ...thisProcess(), pid: process.ppid });
    expect(await takeLock(path, Date.now)).toMatchObject({ heldBy: { pid: process.ppid } });
    await rm(path, { recursive: true });
    await leaveLock(elsewhere, lockStaleMs - 3000);
    expect(await takeLock(path, Date.now)).toEqual({ lock: null, heldBy: elsewhere });
  });

  it.each([
    ['a process that is gone', () => ({ ...thisProcess(), pid: noPid })],
    ['an earlier process that had the number of this one', thisProcess],
  ])('is taken at once from %s', async (_who, owner) => {
    await leaveLock(owner());
    expect(await takeLock(path, Date.now)).toMatchObject({ ownerBefore: 'died' });
    expect(await readdir(path)).toHaveLength(1);
  });

  it('is taken, when it was not renewed for ten seconds, from whomever it names', async () => {
    const dead: [string, object | string, number][] = [
      ['a process whose number another one has now', { ...thisProcess(), pid: 1 }, 11_000],
      ['a container that is gone', elsewhere, 11_000],
      ['a machine whose clock was a day ahead', elsewhere, -86_400_000],
      ['nobody', 'half a li', 11_000],
    ];
    const taking = dead.map(async ([who, owner, age]) => {
      const at = join(folder, who, 'lock');
      await leaveLock(owner, age, at);
      return takeLock(at, Date.now);
    });
    for (const attempt of await Promise.all(taking)) {
      expect(attempt).toMatchObject({ ownerBefore: 'died' });
    }
  });

  it('is not taken from a process in another container of the same host name', async () => {
    await leaveLock({ pid: noPid, host: hostname(), pidNamespace: 'pid:[1]' });
    expect(await takeLock(path, Date.now)).toMatchObject({ heldBy: { pid: noPid } });
  });

  it('is not taken while its owner renews it by a clock that is wrong', async () => {
    const file = await leaveLock(elsewhere, 3_600_000);
    const beat = setInterval(() => void setAge(file, 3_600_000), lockBeatMs);
    try {
      expect(await takeLock(path, Date.now)).toMatchObject({ heldBy: elsewhere });
    } finally {
      clearInterval(beat);
    }
  });

  it('of an earlier version, which was a file, blocks for ten seconds and no longer', async () => {
    const texts = ['1 HOST', JSON.stringify({ pid: process.ppid, host: hostname() })];
    const taking = texts.map(async (text, i) => {
      const at = join(folder, `${i}`);
      await writeFile(at, text);
      expect((await takeLock(at, Date.now)).lock).toBeNull();
      await setAge(at, 11_000);
      expect(await takeLock(at, Date.now)).toMatchObject({ ownerBefore: 'died' });
      expect((await stat(at)).isDirectory()).toBe(true);
    });
    await Promise.all(taking);
  });

  it('tells an owner who was away that it was lost, and is not touched by that one', async () => {
    const first = await take();
    // This process would know that it holds the lock; another one goes by the time.
    await writeFile(first.file, JSON.stringify(elsewhere));
    await setAge(first.file, 60_000);
    const second = await take();
    expect(await renewLock(first, Date.now())).toBe(false);
    await releaseLock(first);
    expect(await renewLock(second, Date.now())).toBe(true);
    expect(await takeLock(path, Date.now)).toEqual({ lock: null, heldBy: thisProcess() });
  });

  it('is renewed in the background until that is ended', async () => {
    let now = 1_000_000_000_000;
    const lock = await take();
    now += 5000;
    const stop = keepRenewing(lock, () => now);
    await expect.poll(async () => (await stat(lock.file)).mtimeMs, { timeout: 10_000 }).toBe(now);
    stop();
    await releaseLock(lock);
  });

  it('waits for nobody where the folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(takeLock(join(folder, 'file', 'lock'), Date.now)).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTDIR|EEXIST/) as string,
    });
  });

  it('goes to one process when several find it dead at the same moment', async () => {
    const child = join(folder, 'child.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('lockChild.ts', import.meta.url))],
      outfile: child,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    });
    const run = promisify(execFile);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => run(process.execPath, [child, folder, '60', '5'])),
    );
    const counts = results.map(({ stdout }) => JSON.parse(stdout) as Record<string, number>);
    expect(counts.map(({ taken, together }) => [taken, together])).toEqual(
      counts.map(() => [60, 0]),
    );
    // They did meet.
    expect(counts.some(({ refused }) => (refused ?? 0) > 0)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['child.mjs', 'lock', 'started']);
  });
});
