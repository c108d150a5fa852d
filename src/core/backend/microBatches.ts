/** Steps on a device that runs each micro-batch separately. */
import { totalLoss } from '../objectives/lossWeights.js';
import type { LossName } from '../../protocol/catalogue/losses.js';
import type { LossWeights } from '../../protocol/catalogue/training.js';
import type { GraphPurpose } from '../objectives/microBatchGraph.js';
import { weightOf } from '../objectives/sampling/sampler.js';
import type { Example, ExampleRow, SampledStep } from '../objectives/sampling/sampler.js';
import type { Losses, LossSums, StepOutcome } from './backend.js';
import { breathe } from './control.js';
import type { Control } from './control.js';
import type { GraphFacts } from './graphs.js';
import type { StepLossRunner } from './stepLossRunner.js';

export interface MicroBatchRunner extends Pick<GraphFacts, 'capacity' | 'teaches'> {
  /** Runs a graph. For the purpose `train`, adds to the gradients accumulated so far. */
  run(purpose: GraphPurpose, part: StepPart, filling: PartFilling): Promise<PartOutcome>;
}

/** Rows of one run, and their place in the step. */
export interface StepPart {
  /** Index into the sampler's shapes. */
  readonly shape: number;
  readonly rows: readonly ExampleRow[];
  /** Number of the first row within the step, however the step is split. */
  readonly firstRow: number;
}

export interface PartFilling {
  /** Factor for the weights of each loss's targets. */
  readonly scales: Losses;
  /** Gradient of the step loss [rows of the step, hiddenSize]. */
  readonly embeddingGradient: Float32Array | null;
  /** Number of completed steps, for dropout. */
  readonly step: number;
}

export interface PartOutcome {
  /** Sums of weight x loss. */
  readonly losses: Losses;
  /** Sums of the weights of labels ranked first. */
  readonly correct: Losses;
  /** [rows * sequencesPerRow, hiddenSize]; overwritten by the next run. */
  readonly embeddings: Float32Array | null;
  readonly tokens: number;
  /** Useful operations, excluding padding. */
  readonly flops: number;
  /** Maximum number of sequences per row. */
  readonly sequencesPerRow: number;
}

export function cutStep(
  microBatches: SampledStep['microBatches'],
  { capacity }: Pick<MicroBatchRunner, 'capacity'>,
): StepPart[] {
  const parts: StepPart[] = [];
  let firstRow = 0;
  for (const { shape, rows } of microBatches) {
    const size = capacity(shape);
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.slice(start, start + size);
      parts.push({ shape, rows: part, firstRow: firstRow + start });
    }
    firstRow += rows.length;
  }
  return parts;
}

export interface StepToAccumulate {
  /** Number of completed steps. */
  readonly step: number;
  readonly sampled: SampledStep;
  readonly lossWeights: LossWeights;
  readonly stepLoss: StepLossRunner | null;
}

export type AccumulatedStep = Omit<StepOutcome, 'gradNorm'>;

/** Accumulates the gradients of a step. */
export async function accumulateStep(
  runner: MicroBatchRunner,
  work: StepToAccumulate,
  control: Control,
): Promise<AccumulatedStep> {
  const { step, sampled, lossWeights } = work;
  const parts = cutStep(sampled.microBatches, runner);
  const labelled = weights(parts.flatMap(({ rows }) => rows.flat()));
  const stepLoss = await gradientOfStepLoss(runner, work, parts, control);
  const filling = {
    scales: mapLosses(labelled, (weight, name) => (lossWeights[name] ?? 0) / weight),
    embeddingGradient: stepLoss?.gradient ?? null,
    step,
  };
  const weighted: Partial<Record<LossName, number>> = {};
  let [tokens, flops] = [0, 0];
  for (const part of parts.filter(({ shape }) => runner.teaches(shape))) {
    await breathe(control);
    const outcome = await runner.run('train', part, filling);
    addTo(weighted, outcome.losses);
    tokens += outcome.tokens;
    flops += outcome.flops;
  }
  // A loss without labels is left out rather than reported as 0.
  const counted = keepOf(weighted, (name) => (labelled[name] ?? 0) > 0);
  const losses = mapLosses(counted, (sum, name) => sum / lossWeights[name]!);
  if (stepLoss !== null && sampled.stepWeight > 0) losses[stepLoss.name] = stepLoss.loss;
  return { loss: totalLoss(lossWeights, losses), losses, tokens, flops };
}

/**
 * Gradient caching (Gao et al., "Scaling Deep Contrastive Learning Batch Size under Memory Limited
 * Setup", 2021). A first pass keeps only the embeddings of the whole step; the loss gives its
 * gradient with respect to each; the second pass backpropagates these through the encoder, under
 * the same dropout. The result equals that of processing the whole step at once.
 */
async function gradientOfStepLoss(
  runner: MicroBatchRunner,
  { step, sampled, lossWeights, stepLoss }: StepToAccumulate,
  parts: readonly StepPart[],
  control: Control,
): Promise<{ name: LossName; loss: number; gradient: Float32Array } | null> {
  if (stepLoss === null) return null;
  const { name, embeddings, gradient } = stepLoss;
  embeddings.fill(0);
  if (sampled.stepWeight === 0) return { name, loss: 0, gradient: gradient.fill(0) };
  for (const part of parts) {
    await breathe(control);
    const filling = { scales: {}, embeddingGradient: null, step };
    collectEmbeddings(await runner.run('embed', part, filling), part, stepLoss);
  }
  const loss = await stepLoss.run(sampled.stepInputs);
  const weight = lossWeights[name] ?? 0;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= weight;
  return { name, loss, gradient };
}

/** Measures the losses of a step without changing the parameters. */
export async function measureStep(
  runner: MicroBatchRunner,
  { sampled, stepLoss }: Pick<StepToAccumulate, 'sampled' | 'stepLoss'>,
  control: Control,
  onSequences: (count: number) => void,
): Promise<LossSums> {
  stepLoss?.embeddings.fill(0);
  const sums: LossSums = {};
  let measured = 0;
  for (const part of cutStep(sampled.microBatches, runner)) {
    await breathe(control);
    const examples = part.rows.flat();
    const labelled = weights(examples);
    const scales = mapLosses(labelled, () => 1);
    const outcome = await runner.run('evaluate', part, {
      scales,
      embeddingGradient: null,
      step: 0,
    });
    for (const [name, loss] of entries(outcome.losses)) {
      const correct = outcome.correct[name] ?? null;
      addSum(sums, name, { loss, weight: labelled[name] ?? 0, correct });
    }
    if (stepLoss !== null) collectEmbeddings(outcome, part, stepLoss);
    measured += examples.length;
    onSequences(measured);
  }
  const { stepWeight, stepInputs } = sampled;
  if (stepLoss !== null && stepWeight > 0) {
    const loss = (await stepLoss.run(stepInputs)) * stepWeight;
    addSum(sums, stepLoss.name, { loss, weight: stepWeight, correct: null });
  }
  return sums;
}

/** Embeds the sequences of a step; see `SequenceEmbedding`. */
export async function embedStep(
  runner: MicroBatchRunner,
  { microBatches }: Pick<SampledStep, 'microBatches'>,
  target: EmbeddingRows,
  control: Control,
  onSequences: (count: number) => void,
): Promise<void> {
  let embedded = 0;
  for (const part of cutStep(microBatches, runner)) {
    await breathe(control);
    const filling = { scales: {}, embeddingGradient: null, step: 0 };
    collectEmbeddings(await runner.run('embed', part, filling), part, target);
    embedded += part.rows.flat().length;
    onSequences(embedded);
  }
}

/** Adds `part` to a loss's entry in `sums`. */
export function addSum(sums: LossSums, name: LossName, part: LossSums[LossName] & object): void {
  const before = sums[name] ?? { loss: 0, weight: 0, correct: null };
  const { correct } = part;
  sums[name] = {
    loss: before.loss + part.loss,
    weight: before.weight + part.weight,
    correct: correct === null ? before.correct : (before.correct ?? 0) + correct,
  };
}

/** The embeddings of a step [rows, width]. */
export type EmbeddingRows = Pick<StepLossRunner, 'embeddings' | 'width'>;

/** Copies a run's embeddings to the rows of the step's embeddings. */
function collectEmbeddings(
  { embeddings, sequencesPerRow }: PartOutcome,
  { rows }: StepPart,
  target: EmbeddingRows,
): void {
  if (embeddings === null) throw new Error('the graph gives no embeddings');
  const { width } = target;
  rows.forEach((examples, r) => {
    examples.forEach(({ row }, i) => {
      const start = (r * sequencesPerRow + i) * width;
      if (row >= 0) target.embeddings.set(embeddings.subarray(start, start + width), row * width);
    });
  });
}

/** Total label weight per loss; omits losses without labels. */
function weights(examples: readonly Example[]): Losses {
  const sums: Partial<Record<LossName, number>> = {};
  for (const { targets } of examples) {
    for (const name of Object.keys(targets) as LossName[]) {
      sums[name] = (sums[name] ?? 0) + weightOf(targets[name]!);
    }
  }
  return keepOf(sums, (name) => sums[name]! > 0);
}

function addTo(sums: Partial<Record<LossName, number>>, losses: Losses): void {
  for (const [name, value] of entries(losses)) sums[name] = (sums[name] ?? 0) + value;
}

function entries(losses: Losses): [LossName, number][] {
  return Object.entries(losses) as [LossName, number][];
}

function mapLosses(
  losses: Losses,
  change: (value: number, name: LossName) => number,
): Partial<Record<LossName, number>> {
  return Object.fromEntries(entries(losses).map(([name, value]) => [name, change(value, name)]));
}

function keepOf(losses: Losses, keeps: (name: LossName) => boolean): Losses {
  return Object.fromEntries(entries(losses).filter(([name]) => keeps(name)));
}
