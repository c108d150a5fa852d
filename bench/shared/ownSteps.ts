/**
 * Optimizer steps of this repository's trainer as a contender, each next to ONNX Runtime's own
 * matrix product.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainingBackend } from '../../src/core/backend/registry.js';
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { createGemmProbe } from '../../src/core/graph/gemmProbe.js';
import type { CreateObjective } from '../../src/core/objectives/objective.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import type { TrainingConfig } from '../../src/core/train/config.js';
import { trainStep } from '../../src/core/train/step.js';
import { prepareRun } from '../../src/core/train/trainingRun.js';
import { timedTurn } from './contender.js';
import type { Contender } from './contender.js';
import type { BenchSize } from './syntheticNotes.js';

/** Bursts of the matrix product per step; the best counts. */
const probesPerStep = 10;

export interface OwnStepsOptions {
  readonly size: Pick<BenchSize, 'config' | 'tokenizer'>;
  readonly objective: CreateObjective;
  readonly training: Partial<TrainingConfig>;
  readonly documents: readonly Document[];
  readonly heldOutDocuments: readonly Document[];
  readonly threads: number;
  /** All steps that will be asked for. */
  readonly steps: number;
}

export interface OwnSteps extends Contender {
  /** Share of the GEMM peak, of each step of `advance` so far. */
  readonly shares: readonly number[];
  /** Does steps that are not timed. */
  warmUp(count: number): Promise<void>;
  release(): Promise<void>;
}

export async function ownSteps({
  size: { config, tokenizer },
  objective,
  training: overrides,
  documents,
  heldOutDocuments,
  threads,
  steps,
}: OwnStepsOptions): Promise<OwnSteps> {
  const now = (): number => performance.now();
  const ignore = (): void => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'notespace-bench-'));
  const training = parseTrainingConfig({ ...overrides, maxSteps: steps });
  const specs = parameterSpecs(config, { mlmHead: true });
  const run = await prepareRun({
    backend: trainingBackend('cpu'),
    objective: objective({ config, settings: training, categories: [] }),
    config,
    parameters: initialParameters(specs, config, createRandom(1, 'bench')),
    tokenizer,
    trainDocuments: documents,
    heldOutDocuments,
    training,
    seed: 1,
    threads,
    checkpointFolder: folder,
    resume: false,
    onMetrics: ignore,
    onProgress: ignore,
    now,
  });
  const probe = await createGemmProbe({ device: 'cpu', threads, now });
  const shares: number[] = [];
  let done = 0;
  return {
    name: 'Notespace',
    shares,
    async warmUp(count) {
      for (let i = 0; i < count; i++) await trainStep(run, done++);
    },
    async advance(count) {
      const work: number[] = [];
      const turn = await timedTurn(count, async () => {
        const outcome = await trainStep(run, done++);
        work.push(outcome.flops);
        return outcome;
      });
      let gigaflops = 0;
      for (let i = 0; i < probesPerStep; i++)
        gigaflops = Math.max(gigaflops, await probe.measure());
      turn.milliseconds.forEach((elapsed, i) => {
        shares.push(work[i]! / (elapsed * 1e6) / gigaflops);
      });
      return turn;
    },
    async release() {
      await probe.release();
      await run.prepared.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
