/** One row of the benchmark of graphics cards: a model, and what is measured of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainingBackend } from '../../src/core/backend/registry.js';
import { createRandom } from '../../src/core/base/random.js';
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { declutr } from '../../src/core/objectives/declutr.js';
import { mlm } from '../../src/core/objectives/mlm.js';
import { layOutSequences } from '../../src/core/objectives/sampling/documentSampler.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import { trainStep } from '../../src/core/train/step.js';
import { prepareRun } from '../../src/core/train/trainingRun.js';
import type { TrainingRun } from '../../src/core/train/trainingRun.js';
import { quartiles, showQuartiles } from './quartiles.js';
import { benchDocuments, benchSize, sizeParts } from './syntheticNotes.js';
import type { BenchSize } from './syntheticNotes.js';

const batch = { sequences: 16, length: 128 };

export const sizes: Readonly<Record<string, BenchSize>> = {
  tiny: benchSize({ layers: 1, width: 32, heads: 2, vocabulary: 8192, ...batch }),
  minilm: benchSize({ ...sizeParts['6x384'], ...batch }),
  'roberta-base': benchSize({ ...sizeParts['12x768'], ...batch }),
};

export const gpuRows = ['mlm', 'declutr', 'embedding'] as const;

export interface GpuRow {
  readonly tokensPerSecond: string;
  readonly sequencesPerSecond: string;
  readonly megabytes: number;
}

export interface RowOptions {
  readonly size: string;
  readonly what: string;
  readonly device: 'webgpu' | 'cpu';
  readonly steps: number;
  readonly threads: number;
}

const { sequences: sequencesPerStep, length: sequenceLength } = batch;
/** The first compile the device's kernels. */
const warmUpSteps = 2;

export async function measureRow(options: RowOptions): Promise<GpuRow> {
  const folder = mkdtempSync(join(tmpdir(), 'notespace-bench-'));
  try {
    const run = await prepare(options, folder);
    const [tokens, sequences] =
      options.what === 'embedding'
        ? await timeEmbedding(run, options)
        : await timeSteps(run, options);
    await run.prepared.release();
    return {
      tokensPerSecond: showQuartiles(quartiles(tokens), 0),
      sequencesPerSecond: showQuartiles(quartiles(sequences), 1),
      megabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare({ size, what, device, steps, threads }: RowOptions, folder: string) {
  const model = sizes[size]!;
  const { config, tokenizer } = model;
  const training = parseTrainingConfig({
    batchTokens: sequencesPerStep * sequenceLength,
    batchDocuments: sequencesPerStep,
    maxLength: sequenceLength,
    maxSteps: warmUpSteps + steps,
  });
  const objective = what === 'declutr' ? declutr : mlm;
  const ignore = (): void => undefined;
  return prepareRun({
    backend: trainingBackend(device),
    objective: objective({ config, settings: training, categories: [] }),
    config,
    parameters: initialParameters(
      parameterSpecs(config, { mlmHead: true }),
      config,
      createRandom(1, 'bench'),
    ),
    tokenizer,
    trainDocuments: benchDocuments(model, 256, what === 'declutr' ? 510 : sequenceLength - 2),
    heldOutDocuments: benchDocuments(model, 1, sequenceLength - 2),
    training,
    seed: 1,
    threads,
    checkpointFolder: folder,
    resume: false,
    onMetrics: ignore,
    onProgress: ignore,
    now: () => performance.now(),
  });
}

type Speeds = readonly [tokens: number[], sequences: number[]];

async function timeSteps(run: TrainingRun, { steps }: RowOptions): Promise<Speeds> {
  const speeds: Speeds = [[], []];
  for (let step = 0; step < warmUpSteps + steps; step++) {
    const sampled = run.sampler.step(step).microBatches.flatMap(({ rows }) => rows.flat());
    const begun = performance.now();
    const { tokens } = await trainStep(run, step);
    if (step >= warmUpSteps) note(speeds, performance.now() - begun, tokens, sampled.length);
  }
  return speeds;
}

async function timeEmbedding(run: TrainingRun, { steps }: RowOptions): Promise<Speeds> {
  const sequences = Array.from({ length: 4 * sequencesPerStep }, (_, row) =>
    Int32Array.from({ length: sequenceLength }, (__, i) => 5 + ((37 * row + 11 * i) % 8000)),
  );
  const layout = layOutSequences(sequences, { maxLength: sequenceLength, microBatchTokens: 2048 });
  const embedding = await run.prepared.embed(layout);
  const embeddings = new Float32Array(sequences.length * run.options.config.hiddenSize);
  const speeds: Speeds = [[], []];
  for (let round = 0; round < warmUpSteps + steps; round++) {
    const begun = performance.now();
    await embedding.embed(layout.parts[0]!.step, embeddings, {}, () => undefined);
    const tokens = sequences.length * sequenceLength;
    if (round >= warmUpSteps) note(speeds, performance.now() - begun, tokens, sequences.length);
  }
  await embedding.release();
  return speeds;
}

function note([a, b]: Speeds, milliseconds: number, tokens: number, sequences: number): void {
  a.push((1000 * tokens) / milliseconds);
  b.push((1000 * sequences) / milliseconds);
}
