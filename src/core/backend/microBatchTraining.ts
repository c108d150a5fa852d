/** Training and evaluation on a device that runs each micro-batch separately. */
import { failure, isMemoryError } from '../base/errors.js';
import type { MicroBatchShape } from '../objectives/sampling/sampler.js';
import { isUsable } from './backend.js';
import type {
  EmbeddingWork,
  Evaluation,
  GraphWork,
  PrepareOptions,
  PreparedTraining,
  SequenceEmbedding,
  StepOutcome,
  StepWork,
  TrainingWork,
} from './backend.js';
import type { Control } from './control.js';
import { isFinest } from './graphs.js';
import type { FixedPurpose, GraphFacts } from './graphs.js';
import { accumulateStep, embedStep, measureStep } from './microBatches.js';
import type { MicroBatchRunner } from './microBatches.js';
import { createStepLossRunner } from './stepLossRunner.js';
import type { StepLossRunner } from './stepLossRunner.js';

/** A runner with its sessions. */
export interface DeviceRunner extends MicroBatchRunner, GraphFacts {
  release(): Promise<void>;
}

/** Parameters, gradients and moments on a device, and the operations on them. */
export interface DeviceState extends Pick<
  PreparedTraining,
  'readState' | 'writeState' | 'readParameters'
> {
  /** @param split runs per micro-batch */
  createRunner(split: number): DeviceRunner;
  createFixedRunner(work: GraphWork, purpose: FixedPurpose, split: number): DeviceRunner;
  clearGradients(): void;
  gradientNorm(): number | Promise<number>;
  /**
   * Applies AdamW, then clears the gradients.
   *
   * @param step counts from 1
   * @param gradientScale factor for every gradient
   */
  update(step: number, learningRate: number, gradientScale: number): void | Promise<void>;
  isSound(): boolean | Promise<boolean>;
  release(): Promise<void>;
}

/**
 * A state in the memory of this process, which is lent as it is.
 *
 * @param parameters by name
 * @param sections see `stateSections`
 */
export function hostState(
  parameters: ReadonlyMap<string, Float32Array>,
  sections: readonly Float32Array[],
): Pick<DeviceState, 'readState' | 'writeState' | 'readParameters' | 'release'> {
  return {
    readState: (read) => read(sections),
    writeState: (fill) => fill(sections),
    readParameters: () => Promise.resolve(parameters),
    release: () => Promise.resolve(),
  };
}

export async function trainInMicroBatches(
  work: TrainingWork,
  state: DeviceState,
  firstSplit: number,
  onSplit: PrepareOptions['onSplit'],
): Promise<PreparedTraining> {
  const { lossWeights, optimizer } = work;
  const stepLoss = await stepLossOf(work);
  let split = firstSplit;
  let runner = state.createRunner(split);

  async function cut(finer: number): Promise<void> {
    await runner.release();
    split = finer;
    runner = state.createRunner(split);
  }

  async function runStep(
    { step, sampled, learningRate }: StepWork,
    control: Control,
  ): Promise<StepOutcome> {
    const given = { step, sampled, lossWeights, stepLoss };
    let isTaken = false;
    try {
      const accumulated = await accumulateStep(runner, given, control);
      const gradNorm = await state.gradientNorm();
      const outcome = { ...accumulated, gradNorm };
      if (isUsable(outcome)) {
        await state.update(step + 1, learningRate, clipScale(gradNorm, optimizer.maxGradNorm));
        isTaken = true;
      }
      return outcome;
    } finally {
      // Cancelled, out of memory, or not finite: discard the step's gradients.
      if (!isTaken) state.clearGradients();
    }
  }

  async function cutForMemory(finer: number): Promise<void> {
    await cut(finer);
    onSplit(finer);
  }

  return {
    stepsPerRun: 1,
    get split() {
      return split;
    },
    cut,
    async run(steps, control) {
      const outcomes: StepOutcome[] = [];
      for (const step of steps) {
        const attempt = (): Promise<StepOutcome> => runStep(step, control);
        const outcome = await withinMemory(work.shapes, split, attempt, cutForMemory);
        outcomes.push(outcome);
        if (!isUsable(outcome)) break;
      }
      return outcomes;
    },
    evaluate(other) {
      const evaluated = { ...work, ...other };
      const evaluator = (parts: number) => state.createFixedRunner(evaluated, 'evaluate', parts);
      // If memory runs out, training releases its sessions too, and stays split as finely.
      return evaluateInMicroBatches(evaluated, evaluator, split, cutForMemory);
    },
    embed({ shapes }) {
      const embedded = embeddingOnly({ ...work, shapes });
      const embedder = (parts: number) => state.createFixedRunner(embedded, 'embed', parts);
      return Promise.resolve(embedInMicroBatches(embedded, embedder, split, cutForMemory));
    },
    readState: (read) => state.readState(read),
    writeState: (fill) => state.writeState(fill),
    isSound: async () => state.isSound(),
    readParameters: () => state.readParameters(),
    async release() {
      await runner.release();
      await state.release();
      await stepLoss?.release();
    },
  };
}

/**
 * @param runnerOf creates a runner with the given number of runs per micro-batch
 * @param onCut awaited when memory ran out, before measuring in smaller parts
 */
export async function evaluateInMicroBatches(
  work: GraphWork,
  runnerOf: (split: number) => DeviceRunner,
  firstSplit: number,
  onCut: (split: number) => Promise<void>,
): Promise<Evaluation> {
  const stepLoss = await stepLossOf(work);
  const fixed = fixedRunner(work, runnerOf, firstSplit, onCut);
  return {
    measure: (sampled, control, onSequences) =>
      fixed.run((runner) => measureStep(runner, { sampled, stepLoss }, control, onSequences)),
    async release() {
      await fixed.release();
      await stepLoss?.release();
    },
  };
}

/** For parameters as in `evaluateInMicroBatches`. */
export function embedInMicroBatches(
  work: GraphWork,
  runnerOf: (split: number) => DeviceRunner,
  firstSplit: number,
  onCut: (split: number) => Promise<void>,
): SequenceEmbedding {
  const fixed = fixedRunner(work, runnerOf, firstSplit, onCut);
  const width = work.config.hiddenSize;
  return {
    embed: (step, embeddings, control, onSequences) =>
      fixed.run((runner) => embedStep(runner, step, { embeddings, width }, control, onSequences)),
    release: () => fixed.release(),
  };
}

/** The work of graphs that embed and measure nothing. */
export function embeddingOnly(work: EmbeddingWork | Omit<GraphWork, 'objective'>): GraphWork {
  return { ...work, objective: { losses: [], stepLoss: null }, stepCapacity: 0 };
}

/** Runs steps and, while memory runs out, repeats them in smaller parts. */
function fixedRunner(
  { shapes }: Pick<GraphWork, 'shapes'>,
  runnerOf: (split: number) => DeviceRunner,
  firstSplit: number,
  onCut: (split: number) => Promise<void>,
) {
  let split = firstSplit;
  let runner = runnerOf(split);

  async function cut(finer: number): Promise<void> {
    await runner.release();
    await onCut(finer);
    split = finer;
    runner = runnerOf(split);
  }

  return {
    run: <T>(step: (runner: DeviceRunner) => Promise<T>): Promise<T> =>
      withinMemory(shapes, split, () => step(runner), cut),
    release: () => runner.release(),
  };
}

async function stepLossOf(work: GraphWork): Promise<StepLossRunner | null> {
  const { objective, config, stepCapacity, threads } = work;
  return objective.stepLoss === null
    ? null
    : createStepLossRunner(objective.stepLoss, config.hiddenSize, stepCapacity, threads);
}

/** Factor that limits gradients of this norm to `maxGradNorm`. */
export function clipScale(norm: number, maxGradNorm: number): number {
  return Math.min(1, maxGradNorm / (norm + 1e-6));
}

/** Runs `work`; while memory runs out, splits micro-batches into twice as many runs and retries. */
async function withinMemory<T>(
  shapes: readonly MicroBatchShape[],
  split: number,
  work: () => Promise<T>,
  cut: (split: number) => Promise<void>,
): Promise<T> {
  for (let parts = split; ; parts *= 2) {
    try {
      return await work();
    } catch (error) {
      if (!isMemoryError(error)) throw error;
      if (isFinest(shapes, parts)) {
        throw failure(
          'Memory ran out although micro-batches are as small as they can be: close other programs, lower maxLength, set lora or frozenLayers, or choose a smaller model.',
          { cause: error },
        );
      }
      await cut(2 * parts);
    }
  }
}
