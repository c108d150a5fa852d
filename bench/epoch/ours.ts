/** One epoch by this repository's trainer, and the held-out loss of anyone's parameters. */
import { join } from 'node:path';
import { trainingBackend } from '../../src/core/backend/registry.js';
import { longestSequence } from '../../src/core/encoder/positions.js';
import { objectives } from '../../src/core/objectives/registry.js';
import type { Sampler } from '../../src/core/objectives/sampling/sampler.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import type { TrainingConfig } from '../../src/core/train/config.js';
import { measureHeldOut } from '../../src/core/train/heldOut.js';
import type { HeldOutLoss } from '../../src/core/train/heldOut.js';
import { trainStep } from '../../src/core/train/step.js';
import { prepareRun } from '../../src/core/train/trainingRun.js';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import { timedTurn } from '../shared/contender.js';
import type { Contender } from '../shared/contender.js';
import type { Base } from './base.js';
import type { MixedNotes } from './notes.js';

export interface OwnEpoch extends Contender {
  readonly training: TrainingConfig;
  readonly steps: number;
  /** What the run reads. */
  readonly sampler: Sampler;
  /** Without `parameters`, of the ones trained so far. */
  heldOutLoss(parameters?: ReadonlyMap<string, Float32Array>): Promise<HeldOutLoss>;
  release(): Promise<void>;
}

export interface EpochOptions {
  readonly objective: ObjectiveName;
  readonly batch: number;
  readonly threads: number;
  /** For checkpoints, of which there are none. */
  readonly folder: string;
}

export async function ownEpoch(
  { config, parameters, tokenizer }: Base,
  notes: MixedNotes,
  { objective: name, batch, threads, folder }: EpochOptions,
): Promise<OwnEpoch> {
  const training = parseTrainingConfig({
    epochs: 1,
    // The first step of Hugging Face's warm-up has a learning rate of 0, which a short epoch would feel.
    warmupSteps: 0,
    batchTokens: tokensOf(tokenizer, config, notes, batch),
    batchDocuments: batch,
  });
  const backend = trainingBackend('cpu');
  const objective = objectives[name]({ config, settings: training, categories: [] });
  const run = await prepareRun({
    backend,
    objective,
    config,
    parameters,
    tokenizer,
    trainDocuments: notes.train,
    heldOutDocuments: notes.heldOut,
    training,
    seed: 1,
    threads,
    checkpointFolder: join(folder, 'checkpoints'),
    resume: false,
    onMetrics: () => undefined,
    onProgress: () => undefined,
    now: () => performance.now(),
  });
  const { sampler, steps, specs } = run;
  const { heldOutSampler } = run.run;
  let done = 0;
  return {
    name: 'Notespace',
    training,
    steps,
    sampler,
    advance: (count) => timedTurn(count, () => trainStep(run, done++)),
    async heldOutLoss(given) {
      const { shapes, stepCapacity } = heldOutSampler;
      const work = { config, objective, shapes, stepCapacity, lora: null, threads, specs };
      const measured = given ?? (await run.prepared.readParameters());
      return measureHeldOut(
        await backend.evaluate({ ...work, parameters: measured }),
        {
          sampler: heldOutSampler,
          lossWeights: objective.lossWeights,
          compares: objective.stepLoss !== null,
          onProgress: () => undefined,
        },
        {},
      );
    },
    release: () => run.prepared.release(),
  };
}

/**
 * As many tokens as so many windows have on average: a batch that is counted in sequences shares no
 * rows.
 */
function tokensOf(
  tokenizer: Base['tokenizer'],
  config: Base['config'],
  { train }: MixedNotes,
  windows: number,
): number {
  const room = longestSequence(config) - 2;
  const lengths = train.map(({ text }) => tokenizer.countTokens(text));
  const count = lengths.reduce((sum, length) => sum + Math.ceil(length / room), 0);
  const tokens = lengths.reduce((a, b) => a + b, 0) + 2 * count;
  return Math.max(32, Math.round((windows * tokens) / count));
}
