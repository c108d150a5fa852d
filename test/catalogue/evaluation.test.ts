/** A made-up protocol from the command line to its table, its run folder and its panel. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeNotes, writeCorpus, writeTinyModel } from '../engine/fixtures.js';
import { host } from '../host/fakeVscode.js';
import { addMadeUp, evaluated, madeUp } from './madeUp.js';

addMadeUp();
const { runCommandLine } = await import('../../src/cli/commandLine.js');
const { createRun, readJob, readRawState, readState } =
  await import('../../src/engine/runFolder.js');
const { runEvaluateJob } = await import('../../src/engine/job/evaluateJob.js');
const { createEvaluation } = await import('../../src/extension/panels/evaluation.js');

let folder: string;
let corpus: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-catalogue-'));
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(40));
  model = await writeTinyModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  host.reset();
  evaluated.length = 0;
});

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const call = ['evaluate', '--corpus', corpus, '--models', model, '--protocol', madeUp.protocol];
  const code = await runCommandLine([...call, ...args], {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: { NOTESPACE_CACHE: folder },
    cwd: folder,
    now: () => 0,
  });
  return { code, out, err };
}

describe('A made-up protocol', () => {
  it('gets notes to train on and others to measure on, and models that it may read', async () => {
    expect(await evaluate()).toMatchObject({ code: 0 });
    const [setup] = evaluated;
    expect(setup).toMatchObject({ seeds: [0], mapping: { text: 'text', category: 'category' } });
    const { train = [], heldOut = [], candidates = [] } = setup ?? {};
    expect(heldOut.length).toBeGreaterThan(0);
    expect(new Set([...train, ...heldOut].map(({ id }) => id)).size).toBe(40);
    const loaded = await candidates[0]?.load();
    expect(loaded?.tokenizer.countTokens('chest pain')).toBeGreaterThan(0);
  });

  it('prints the columns of its figures, and its sentences', async () => {
    const { out } = await evaluate();
    const [head, first, second, ...sentences] = out.trimEnd().split('\n');
    expect(head).toMatch(/^words per note +accuracy +shots +seed +model$/);
    expect(first).toMatch(/^\d+\.\d +25\.0 % +16 +1 +notespace-catalogue-\w+$/);
    expect(second).toMatch(/^– +50\.0 % +majority$/);
    expect(sentences).toEqual([
      'All models count alike.',
      expect.stringContaining('does not say what it was trained on'),
    ]);
  });

  it('gives every field of the JSON, those of other protocols as null', async () => {
    const { out } = await evaluate('--json');
    const document = JSON.parse(out) as { results: object[]; maskedTokens: unknown };
    expect(document.results).toMatchObject([
      {
        model,
        protocol: madeUp.protocol,
        shots: 16,
        seed: 1,
        macroF1: null,
        accuracy: 0.25,
        loss: null,
        perplexity: null,
        [madeUp.figure]: expect.any(Number) as number,
      },
      { model: 'majority', shots: null, seed: 0, accuracy: 0.5, [madeUp.figure]: null },
    ]);
    expect(document.maskedTokens).toBeNull();
  });

  it('refuses notes without the field that it needs', async () => {
    const plain = join(folder, 'plain.jsonl');
    await writeFile(plain, '{"text": "Slept well."}\n{"text": "Slept badly."}\n');
    const { code, err } = await evaluate('--corpus', plain);
    expect(code).toBe(2);
    expect(err).toMatch(/Word count needs a field of the notes.*--category-field/);
  });

  it('is read from a run folder, and its panel is told its figures', async () => {
    const spec = {
      kind: 'evaluate',
      protocol: madeUp.protocol,
      corpus: { source: corpus, mapping: {} },
      models: [model],
      seed: 0,
    } as const;
    const run = await createRun(join(folder, 'runs'), 'evaluate-1', spec, 0);
    expect(await readJob(run)).toEqual(spec);
    const result = await runEvaluateJob(spec, jobContext());
    const state = { ...(await readRawState(run)), status: 'done', result };
    await writeFile(join(run, 'state.json'), JSON.stringify(state));
    expect((await readState(run))?.result).toEqual(result);
    const panel = createEvaluation({
      extensionUri: { toString: () => '' },
      places: { bundledModel: '/bundled' },
      corpora: { nameOf: () => 'ward', ofJob: () => null },
      jobs: { onDidChange: () => ({ dispose: () => undefined }), running: () => [] },
    } as never);
    panel.show(run);
    host.panels[0]?.send({ type: 'ready' });
    await vi.waitFor(() => expect(host.panels[0]?.posted.at(-1)?.type).toBe('figures'));
    expect(host.panels[0]?.posted.at(-1)).toMatchObject({
      type: 'figures',
      protocol: madeUp.protocol,
      rows: [
        { shots: 16, figures: { accuracy: 0.25, [madeUp.figure]: expect.any(Number) as number } },
        { model: 'majority', shots: null, figures: { accuracy: 0.5 } },
      ],
    });
    panel.dispose();
  });
});

function jobContext(): Parameters<typeof runEvaluateJob>[1] {
  const nothing = (): void => undefined;
  return {
    runFolder: null,
    cacheFolder: folder,
    threads: 1,
    signal: new AbortController().signal,
    pauseGate: () => Promise.resolve(),
    isFinishing: () => false,
    place: 'commandLine',
    onProgress: nothing,
    onMetrics: nothing,
    onPlan: nothing,
    note: nothing,
    now: () => 0,
  };
}
