/** Runs of the golden objectives through the trainer's own machinery. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import type { Document } from '../../../src/core/corpus/document.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import type { Objective } from '../../../src/core/objectives/objective.js';
import { objectives } from '../../../src/core/objectives/registry.js';
import { parseTrainingConfig } from '../../../src/core/train/config.js';
import { trainStep } from '../../../src/core/train/step.js';
import type { TrainedStep } from '../../../src/core/train/step.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import type { TrainingRun } from '../../../src/core/train/trainingRun.js';
import { firstGradients } from '../backend/firstGradients.js';
import { toyDocuments, toyTokenizer } from '../train/toyCorpus.js';
import { golden } from './golden.js';
import { configOf, fixedSampler, mlmProbability, parametersOf } from './wholeGolden.js';
import type { Layout, WholeCase } from './wholeGolden.js';

export interface WholeRunOptions {
  readonly layout: Layout;
  readonly threads?: number;
  /** Runs that each micro-batch is cut into. */
  readonly split?: number;
  /** Instead of those of the case's model. */
  readonly dropout?: Pick<EncoderConfig, 'hiddenDropout' | 'attentionDropout'>;
  readonly training?: object;
}

const nothing = (): void => undefined;

/** Prepares the case's run, hands it over, and takes it down. */
export async function withRun<T>(
  one: WholeCase,
  { layout, threads = 1, split = 1, dropout, training = {} }: WholeRunOptions,
  use: (run: TrainingRun) => Promise<T>,
): Promise<T> {
  const config = { ...configOf(one), ...dropout };
  const { learningRate, weightDecay, beta1, beta2, epsilon } = golden.adamW;
  const settings = parseTrainingConfig({
    learningRate,
    weightDecay,
    adamBeta1: beta1,
    adamBeta2: beta2,
    adamEpsilon: epsilon,
    learningRateSchedule: 'constant',
    warmupSteps: 0,
    maxSteps: 3,
    maxGradNorm: 1e6,
    mlmProbability,
    // Of objectives that sample for themselves: the step is all notes.
    batchSequences: 3,
    gradientAccumulationSteps: 3,
    ...one.training,
    ...training,
  });
  const created = objectives[one.objective]({
    config,
    settings,
    categories: one.categories ?? [],
  });
  const objective: Objective =
    one.whole === true ? created : { ...created, createSampler: () => fixedSampler(one, layout) };
  const run = await prepareRun({
    backend: cpu,
    objective,
    config,
    parameters: parametersOf(objective, one),
    tokenizer: toyTokenizer,
    trainDocuments: documentsOf(one),
    heldOutDocuments: toyDocuments(1, 3, 'held-out'),
    training: settings,
    seed: 5,
    threads,
    checkpointFolder: join(tmpdir(), 'notespace-whole-objective'),
    resume: false,
    onMetrics: nothing,
    onProgress: nothing,
    now: () => 0,
  });
  try {
    if (split > 1) await run.prepared.cut(split);
    return await use(run);
  } finally {
    await run.prepared.release();
  }
}

export interface FirstStep {
  readonly outcome: TrainedStep;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export async function firstStep(one: WholeCase, options: WholeRunOptions): Promise<FirstStep> {
  return withRun(one, options, async (run) => {
    const outcome = await trainStep(run, 0);
    return { outcome, gradients: await firstGradients(run) };
  });
}

/** The notes; the fixed sampler does not look at them. */
function documentsOf({ notes, anchors, noteCategories }: WholeCase): Document[] {
  const [blank] = toyDocuments(1, 1, 'blank');
  return (notes ?? anchors!).map(({ inputIds }, i) => ({
    ...blank!,
    id: `note-${i}`,
    text: inputIds.slice(1, -1).join(' '),
    category: noteCategories?.[i] ?? null,
  }));
}
