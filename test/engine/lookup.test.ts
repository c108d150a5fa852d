/** The lookup engine as a real child process, spoken to as the extension does. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import { createRun, killRun, readState, startJob } from '../../src/engine/runFolder.js';
import type { LookupMethod, LookupRequests } from '../../src/protocol/lookup.js';
import { idleExitVariable, rpcErrorCodes } from '../../src/protocol/rpc.js';
import type { JobSpec } from '../../src/protocol/run.js';
import type { StudyJob } from '../../src/protocol/study.js';
import {
  eventually,
  makeNotes,
  program,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from './fixtures.js';

let folder: string;
let corpus: string;
let model: string;
let store: string;
const notes = makeNotes(90);

interface Engine {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  request<Method extends LookupMethod>(
    method: Method,
    params: LookupRequests[Method]['params'],
  ): Promise<LookupRequests[Method]['result']>;
}
const engines: Engine[] = [];

function startEngine(env: NodeJS.ProcessEnv = {}): Engine {
  const child = fork(program('lookup'), [], {
    serialization: 'advanced',
    env: { ...process.env, NOTESPACE_CACHE: join(folder, 'cache'), ...env },
  });
  const connection = createMessageConnection(
    new IPCMessageReader(child),
    new IPCMessageWriter(child),
  );
  connection.onError(() => undefined);
  connection.listen();
  const engine: Engine = {
    child,
    connection,
    request: (method, params) => connection.sendRequest(method, params),
  };
  engines.push(engine);
  return engine;
}

async function runJob(name: string, spec: JobSpec): Promise<void> {
  const run = await startJobIn(name, spec);
  const state = await eventually(`the end of ${name}`, async () => {
    const now = await readState(run);
    return now?.status === 'done' || now?.status === 'failed' ? now : null;
  });
  expect(state.error).toBeNull();
}

async function startJobIn(name: string, spec: JobSpec): Promise<string> {
  const run = await createRun(join(folder, 'runs'), name, spec, Date.now());
  const env = { ...process.env, NOTESPACE_CACHE: join(folder, 'cache') };
  await startJob(run, { script: program('job'), execPath: process.execPath, env });
  return run;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), notes);
  model = await writeTinyModel(join(folder, 'model'));
  store = join(folder, 'store');
  await runJob('index', indexing(model));
});

afterEach(() => {
  for (const { child, connection } of engines.splice(0)) {
    connection.dispose();
    child.kill('SIGKILL');
  }
});

afterAll(() => removeFolder(folder));

function indexing(from: string): JobSpec {
  return {
    kind: 'index',
    corpus: { source: corpus, mapping: {} },
    model: from,
    store,
    device: 'cpu',
  };
}

const similar = (query: LookupRequests['similar']['params']['query'], k = 3) =>
  ({ store, query, k, device: 'auto' }) as const;

describe('the lookup engine', () => {
  it('looks at a corpus', async () => {
    const summary = await startEngine().request('corpus/inspect', {
      corpus: { source: corpus, mapping: {} },
    });
    expect(summary).toMatchObject({ documents: 90, categories: { heart: 30, lung: 30, bone: 30 } });
  });

  it('plans a study in several ways, and trains nothing', async () => {
    const job: StudyJob = {
      ...{ kind: 'study', corpus: { source: corpus, mapping: {} }, forgettingCorpus: null },
      ...{ bases: [model], models: [], recipes: ['mlm'], targets: ['category'], seed: 0 },
      ...{ preset: 'paper', budgetSeconds: null, steps: null, device: 'auto' },
    };
    const presets = ['quick', 'overnight'] as const;
    const { plans } = await startEngine().request('study/plan', { job, presets });
    expect(plans.map(({ preset }) => preset)).toEqual(presets);
    for (const { seconds, sentences } of plans) {
      expect(seconds).toBeGreaterThan(0);
      expect(sentences[0]).toMatch(/^Plan: \d+ parts, about /);
    }
  });

  it('says what an evaluation would predict, and which words of training notes name it', async () => {
    const named = notes.map((note, i) => ({
      ...note,
      text: `${i % 2 === 0 ? `${note.category} clinic` : 'clinic'}. ${note.text}`,
    }));
    const source = await writeCorpus(join(folder, 'named.jsonl'), named);
    const params = { corpus: { source, mapping: {} }, target: 'category', seed: 0 } as const;
    const { classes, words } = await startEngine().request('corpus/target', params);
    expect(classes).toEqual(['bone', 'heart', 'lung']);
    expect(words.map((each) => each.words).sort()).toEqual(['bone', 'heart', 'lung']);
    for (const { notes: count, notesOfCategory } of words) {
      // Of the 15 that name it, those that are for training.
      expect(count).toBeGreaterThan(5);
      expect(count).toBeLessThan(15);
      expect(notesOfCategory).toBe(count);
    }
    const label = startEngine().request('corpus/target', { ...params, target: 'label' });
    await expect(label).rejects.toThrow(/No note has a label/);
  });

  it('finds notes like a note of the index, and leaves that one out', async () => {
    const { results } = await startEngine().request('similar', similar({ id: 'note-4' }, 5));
    expect(results).toHaveLength(5);
    expect(results.map(({ id }) => id)).not.toContain('note-4');
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives a note’s own text a cosine of 1 with that note, by document and by passage', async () => {
    const engine = startEngine();
    const text = notes[7]?.text ?? '';
    for (const as of ['document', 'query'] as const) {
      const { results } = await engine.request('similar', similar({ text, as }));
      expect(results[0]?.id).toBe('note-7');
      expect(results[0]?.similarity).toBeCloseTo(1, 4);
    }
    const excluded = await engine.request(
      'similar',
      similar({ text, as: 'document', excludeId: 'note-7' }),
    );
    expect(excluded.results.map(({ id }) => id)).not.toContain('note-7');
  });

  it('reads a note by the key of a result', async () => {
    const engine = startEngine();
    const { results } = await engine.request('similar', similar({ id: 'note-4' }, 1));
    const hit = results[0];
    const note = await engine.request('note/read', { store, note: { key: hit?.key ?? '' } });
    expect(note.id).toBe(hit?.id);
    expect(note.text).toBe(notes.find(({ id }) => id === hit?.id)?.text);
  });

  it.each([
    ['a missing store', 'similar', { store: '/no/such/store' }, /no index/],
    ['an unknown note', 'similar', { query: { id: 'nobody' } }, /not in the index/],
    ['an empty text', 'similar', { query: { text: '  ', as: 'query' } }, /no text/],
  ] as const)('refuses %s in one sentence', async (_what, method, change, message) => {
    const asked = startEngine().request(method, { ...similar({ id: 'note-1' }), ...change });
    await expect(asked).rejects.toMatchObject({
      code: rpcErrorCodes.usage,
      message: expect.stringMatching(message) as string,
    });
  });

  it('knows the row that a record is, changed or not', async () => {
    const engine = startEngine();
    const find = (note: object) => {
      const record = { head: '', text: JSON.stringify(note), line: 5 };
      return engine.request('row/find', { store, record });
    };
    const written = notes[4]!;
    const found = await find(written);
    expect(found).toMatchObject({ id: written.id, text: written.text, isUnchanged: true });
    const changed = await find({ ...written, text: 'Something else.' });
    expect(changed).toEqual({ ...found, text: 'Something else.', isUnchanged: false });
    expect(await find({ ...written, id: 'new' })).toMatchObject({ id: 'new', key: null });
    expect(await find({ ...written, text: ' ' })).toBeNull();
  });

  it('takes a request back', async () => {
    const engine = startEngine();
    const source = new CancellationTokenSource();
    const params = { corpus: { source: corpus, mapping: {} } };
    const asked = engine.connection.sendRequest('corpus/inspect', params, source.token);
    source.cancel();
    await expect(asked).rejects.toMatchObject({ code: rpcErrorCodes.cancelled });
  });

  it('leaves what was pending rejected when it dies', async () => {
    const engine = startEngine();
    await engine.request('store/status', { store });
    const asked = engine.request('corpus/inspect', { corpus: { source: corpus, mapping: {} } });
    engine.child.kill('SIGKILL');
    engine.child.once('exit', () => engine.connection.dispose());
    await expect(asked).rejects.toThrow();
    const { results } = await startEngine().request('similar', similar({ id: 'note-4' }));
    expect(results).toHaveLength(3);
  });

  it('ends by itself when nobody asks, and with its parent', async () => {
    const idle = startEngine({ [idleExitVariable]: '300' });
    expect(await exitOf(idle.child)).toBe(0);
    const orphan = startEngine();
    await orphan.request('store/status', { store });
    orphan.child.disconnect();
    expect(await exitOf(orphan.child)).toBe(0);
  });

  it('answers while a job trains', async () => {
    const slow = await writeTinyModel(join(folder, 'slow'), { hiddenSize: 256, hiddenLayers: 4 });
    const engine = startEngine();
    const text = notes[7]?.text ?? '';
    await engine.request('similar', similar({ text, as: 'document' }));
    const run = await startJobIn('training', {
      kind: 'pretrain',
      corpus: { source: corpus, mapping: {} },
      objective: 'mlm',
      base: slow,
      device: 'auto',
      maxSteps: 1000,
      seed: 1,
      resume: false,
      config: { heldOutTokens: 500 },
    });
    await eventually('training', async () => (await readMetricsFrom(run, 0)).lines.length > 2);
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      const other = notes[i]?.text ?? '';
      await engine.request(
        'similar',
        similar({ text: other, as: 'document', excludeId: `note-${i}` }),
      );
      times.push(performance.now() - begun);
    }
    expect((await readState(run))?.status).toBe('running');
    await killRun(run);
    expect(Math.max(...times)).toBeLessThan(3000);
  });

  it('reads the map of an index once there is one', async () => {
    const engine = startEngine();
    await expect(engine.request('clusters/read', { store })).rejects.toMatchObject({
      code: rpcErrorCodes.usage,
      message: expect.stringContaining('no map yet') as string,
    });
    await runJob('project', { kind: 'project', store, seed: 1 });
    expect(await engine.request('store/status', { store })).toMatchObject({ hasProjection: true });
    const map = await engine.request('clusters/read', { store });
    expect(map).toMatchObject({ count: 90, warnings: [] });
    // Typed arrays travel as such.
    expect(map.x).toBeInstanceOf(Float32Array);
    expect(map.category).toBeInstanceOf(Int32Array);
    expect([...map.categories].sort()).toEqual(['bone', 'heart', 'lung']);
    map.ids.forEach((id, i) => {
      const note = notes.find((candidate) => candidate.id === id);
      expect(map.categories[map.category[i] ?? -1]).toBe(note?.category);
    });
  });

  it('sees an index that was made again with another model', async () => {
    const engine = startEngine();
    await engine.request('similar', similar({ id: 'note-4' }));
    const other = await writeTinyModel(join(folder, 'other'), { hiddenSize: 48 });
    await runJob('index-again', indexing(other));
    const { results } = await engine.request(
      'similar',
      similar({ text: notes[7]?.text ?? '', as: 'document' }),
    );
    expect(results[0]?.id).toBe('note-7');
    const status = await engine.request('store/status', { store });
    expect(status).toMatchObject({ exists: true, documents: 90, model: other });
  });

  it('refuses an index whose model was replaced', async () => {
    const engine = startEngine();
    await writeTinyModel(join(folder, 'other'), { hiddenSize: 64 });
    await expect(
      engine.request('similar', similar({ text: 'chest pain', as: 'query' })),
    ).rejects.toMatchObject({
      code: rpcErrorCodes.usage,
      message: expect.stringContaining('index the notes again') as string,
    });
  });
});

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
