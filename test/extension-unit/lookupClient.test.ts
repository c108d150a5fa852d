import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { Cancelled, UserError } from '../../src/core/base/errors.js';
import { createLookupClient } from '../../src/extension/lookup/lookupClient.js';
import type { LookupClient } from '../../src/extension/lookup/lookupClient.js';
import { childEnvironment } from '../../src/extension/places.js';

const script = fileURLToPath(new URL('./fixtures/engine.mjs', import.meta.url));
const deaths: string[] = [];
const news: string[] = [];
let output = '';
let starts = 0;
let cacheAfterFirstStart = 'cache';
let client: LookupClient | undefined;

function open(path = script): LookupClient {
  deaths.length = news.length = 0;
  output = '';
  starts = 0;
  client = createLookupClient({
    script: path,
    execPath: process.execPath,
    environment() {
      starts++;
      const cache = starts === 1 ? 'cache' : cacheAfterFirstStart;
      return childEnvironment(process.env, { cache, threads: 2, proxy: '', noProxy: [] });
    },
    onDeath(reason, isNews) {
      deaths.push(reason);
      if (isNews) news.push(reason);
    },
    onOutput: (text) => (output += text),
  });
  return client;
}

afterEach(() => client?.dispose());

const status = (engine: LookupClient, store: string, token?: CancellationTokenSource) =>
  engine.request('store/status', { store }, token?.token);

it('starts with the first request, and serves the next ones from the same process', async () => {
  const engine = open();
  expect(engine.processId()).toBe(null);
  await status(engine, 'a');
  const first = engine.processId();
  expect(first).toBeGreaterThan(0);
  await Promise.all([status(engine, 'b'), status(engine, 'c')]);
  expect(engine.processId()).toBe(first);
  expect(starts).toBe(1);
});

it('keeps typed arrays as they are', async () => {
  const map = await open().request('clusters/read', { store: 'a' });
  expect(map.x).toEqual(Float32Array.of(1, 2.5));
  expect(map.category).toEqual(Int32Array.of(-1));
});

it('gives its settings to the engine, and none of the editor to it', async () => {
  process.env['VSCODE_IPC_HOOK'] = 'secret';
  const settings = { cache: 'c', threads: 0, proxy: '', noProxy: [] };
  const environment = childEnvironment(process.env, settings);
  expect(environment['VSCODE_IPC_HOOK']).toBe(undefined);
  expect(environment['NOTESPACE_THREADS']).toBe(undefined);
  expect(environment['ELECTRON_RUN_AS_NODE']).toBe('1');
  expect(environment['PATH']).toBe(process.env['PATH']);
  delete process.env['VSCODE_IPC_HOOK'];
  expect(environment['HTTPS_PROXY']).toBe(process.env['HTTPS_PROXY']);
  const proxy = 'http://proxy.example:3128';
  const proxied = childEnvironment(process.env, { ...settings, proxy });
  expect(proxied).toMatchObject({ HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NODE_USE_ENV_PROXY: '1' });
  expect((await status(open(), 'environment')).model).toBe('cache');
});

it("passes on the engine's sentences, mistakes and failures apart", async () => {
  const engine = open();
  const mistake = await status(engine, 'usage').catch((error: unknown) => error);
  expect(mistake).toBeInstanceOf(UserError);
  expect(mistake).toMatchObject({ kind: 'usage', message: 'There is no index: make one.' });
  const failed = await status(engine, 'failed').catch((error: unknown) => error);
  expect(failed).toMatchObject({ kind: 'failed', message: 'The disk is full: free some space.' });
});

it('rejects everything that waits when the engine is killed, says why, and starts again', async () => {
  const engine = open();
  await status(engine, 'a');
  const first = engine.processId();
  const waiting = [status(engine, 'hang'), status(engine, 'hang')].map((request) =>
    request.catch((error: unknown) => error),
  );
  process.kill(first ?? 0, 'SIGKILL');
  for (const error of await Promise.all(waiting)) {
    expect(error).toMatchObject({ kind: 'failed' });
    expect((error as Error).message).toMatch(/ended by SIGKILL; it starts again/);
  }
  expect(deaths).toHaveLength(1);
  await status(engine, 'b');
  expect(engine.processId()).not.toBe(first);
  expect(starts).toBe(2);
});

it.each([
  ['crash', /by SIGKILL/],
  ['exit', /with code 7/],
])('says how the engine died: %s', async (store, reason) => {
  const engine = open();
  await expect(status(engine, store)).rejects.toThrow(reason);
  expect(deaths).toHaveLength(1);
  if (store === 'exit') await expect.poll(() => output).toContain('a native library said no');
});

it('asks again, once, when the engine went idle in that moment', async () => {
  cacheAfterFirstStart = 'stay';
  expect(await status(open(), 'leave')).toBe('stayed');
  expect(deaths).toEqual([]);
  cacheAfterFirstStart = 'cache';
  await expect(status(open(), 'leave')).rejects.toThrow(/keeps leaving/);
  expect(starts).toBe(2);
});

it('rejects when the engine can no longer be reached', async () => {
  await expect(status(open(), 'disconnect')).rejects.toBeInstanceOf(UserError);
});

it('rejects at once when cancelled, whether the engine answers or not', async () => {
  for (const store of ['hang', 'cancel']) {
    const source = new CancellationTokenSource();
    const request = status(open(), store, source);
    setTimeout(() => source.cancel(), 50);
    await expect(request).rejects.toBeInstanceOf(Cancelled);
    await expect(status(open(), 'a', source)).rejects.toBeInstanceOf(Cancelled);
  }
});

it('rejects with a sentence when the script is missing', async () => {
  await expect(status(open(`${script}.gone`), 'a')).rejects.toBeInstanceOf(UserError);
});

it('ends its process and settles what waits when it is disposed', async () => {
  const engine = open();
  await status(engine, 'a');
  const waiting = status(engine, 'hang').catch((error: unknown) => error);
  engine.dispose();
  expect(await waiting).toBeInstanceOf(Error);
  expect(deaths).toEqual([]);
  await expect(status(engine, 'a')).rejects.toBeInstanceOf(Cancelled);
});

it('starts an engine that keeps dying no more than three times, until the user asks', async () => {
  const engine = open();
  for (let death = 0; death < 2; death++) {
    await expect(status(engine, 'crash')).rejects.toThrow(/by SIGKILL; it starts again/);
  }
  await expect(status(engine, 'crash')).rejects.toThrow(/three times in five minutes/);
  expect(deaths).toHaveLength(3);
  expect(deaths[2]).not.toMatch(/starts again/);
  expect(news).toHaveLength(1);
  await expect(status(engine, 'a')).rejects.toThrow(/three times in five minutes.*Find Similar/);
  expect(starts).toBe(3);
  engine.forgive();
  await status(engine, 'a');
  expect(starts).toBe(4);
});

it('starts another engine when its settings have changed, and lets what waits be answered', async () => {
  const engine = open();
  await status(engine, 'a');
  const first = engine.processId() ?? 0;
  const waiting = status(engine, 'hang').catch((error: unknown) => error);
  engine.renew();
  await status(engine, 'b');
  expect(engine.processId()).not.toBe(first);
  expect(starts).toBe(2);
  expect(isRunning(first), 'somebody waits for it').toBe(true);
  engine.renew();
  expect(engine.processId()).toBe(null);
  engine.dispose();
  await waiting;
  await expect.poll(() => isRunning(first)).toBe(false);
  expect(deaths).toEqual([]);
});

it('ends an engine of old settings for which nobody waits', async () => {
  const engine = open();
  await status(engine, 'a');
  const first = engine.processId() ?? 0;
  engine.renew();
  await expect.poll(() => isRunning(first)).toBe(false);
  expect(deaths).toEqual([]);
});

it('keeps no answer once it is given', async () => {
  if (globalThis.gc === undefined) setFlagsFromString('--expose-gc');
  const collect = globalThis.gc ?? (runInNewContext('gc') as () => void);
  const engine = open();
  const answers = await Promise.all(
    [1, 2, 3].map(async () => new WeakRef(await engine.request('clusters/read', { store: 'a' }))),
  );
  await expect
    .poll(() => {
      collect();
      return answers.filter((answer) => answer.deref() !== undefined).length;
    })
    .toBe(0);
  expect(engine.processId()).not.toBe(null);
});

it("hands the editor's exceptions from the proxy on, unless the environment has some", () => {
  const settings = { cache: 'c', threads: 0, proxy: 'http://p:1', noProxy: ['a.test', '.b.test'] };
  expect(childEnvironment({}, settings)['NO_PROXY']).toBe('a.test,.b.test');
  expect(childEnvironment({ NO_PROXY: 'c.test' }, settings)['NO_PROXY']).toBe('c.test');
  expect(childEnvironment({ no_proxy: 'c.test' }, settings)['NO_PROXY']).toBe(undefined);
  expect(childEnvironment({}, { ...settings, noProxy: [] })['NO_PROXY']).toBe(undefined);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
