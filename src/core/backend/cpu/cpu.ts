/**
 * Training on the processor: a gradient graph per shape, run by ONNX Runtime over parameters, gradients
 * and moments in one WebAssembly memory, which AdamW updates in place.
 */
import { isMemoryError, failure } from '../../base/errors.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { measureGemm } from '../../graph/gemmProbe.js';
import type { GraphPurpose } from '../../objectives/microBatchGraph.js';
import { isFinite } from '../backend.js';
import type {
  Backend,
  Evaluation,
  EvaluationWork,
  GraphWork,
  PrepareOptions,
  PreparedTraining,
  StepOutcome,
  StepWork,
  TrainingWork,
} from '../backend.js';
import type { Control } from '../control.js';
import { accumulateStep, measureStep } from '../microBatches.js';
import { initialValues, stateBytes, stateSections } from '../state.js';
import { createStepLossRunner } from '../stepLossRunner.js';
import type { StepLossRunner } from '../stepLossRunner.js';
import { dropoutKey, fillDropoutMasks } from './dropout.js';
import { isFinest, layOutGraphs } from './graphs.js';
import type { GraphLayout } from './graphs.js';
import { adamWStep, clearGradients, clipScale, gradientNorm } from './optimizer.js';
import { createParameterMemory, isSound } from './parameterMemory.js';
import type { HeldParameters, ParameterMemory } from './parameterMemory.js';
import { createRunner } from './runner.js';
import type { CpuRunner } from './runner.js';

export const cpu: Backend = {
  device: 'cpu',
  layOut(work, split) {
    const graphs = layOutTraining(work, split);
    return {
      memory: {
        state: stateBytes(work.specs.filter(work.isTrained)),
        buffers: graphs.bufferBytes,
        largestSession: graphs.largestSessionBytes,
      },
      isFinest: isFinest(work.shapes, split),
      prepare: (options) => prepareTraining(work, graphs, split, options),
    };
  },
  evaluate(work) {
    // One session at a time: they are used one after the other.
    return createEvaluation(work, unchanging(work), { split: 1, sessionLimitBytes: 0 });
  },
  measurePeak: ({ threads, now }) => measureGemm({ device: 'cpu', threads, now, probes: 4 }),
};

function layOutTraining(work: TrainingWork, split: number): GraphLayout {
  const purposes: GraphPurpose[] =
    work.objective.stepLoss === null ? ['train'] : ['train', 'embed'];
  return layOutGraphs(work, { purposes, isTrained: work.isTrained, dropout: true, split });
}

async function prepareTraining(
  work: TrainingWork,
  graphs: GraphLayout,
  firstSplit: number,
  { parameters, sessionLimitBytes, onSplit }: PrepareOptions,
): Promise<PreparedTraining> {
  const state = createParameterMemory(work.specs, work.isTrained, parameters, graphs.bufferBytes);
  const scratch = state.memory.floats(graphs.bufferBytes / 4);
  const stepLoss = await stepLossOf(work);
  const { kernels } = state.memory;
  const key = dropoutKey(work.seed);
  const runnerOf = (layout: GraphLayout): CpuRunner =>
    createRunner({
      ...work,
      layout,
      parameters: state.parameters,
      scratch,
      sessionLimitBytes,
      fillDropout: (dropout, step, firstRow) => {
        fillDropoutMasks(kernels, dropout, key, step, firstRow);
      },
      addRows: (rows) => {
        for (const { gradient, values, ids, width } of rows) {
          const [to, from, at] = [gradient.byteOffset, values.byteOffset, ids.byteOffset];
          kernels.addRows(to, from, at, ids.length, width);
        }
      },
    });
  let runner = runnerOf(graphs);
  let split = firstSplit;

  async function cut(finer: number): Promise<void> {
    await runner.release();
    split = finer;
    runner = runnerOf(layOutTraining(work, split));
  }

  /** Where memory ran out. */
  async function shrink(finer: number): Promise<void> {
    await cut(finer);
    onSplit(finer);
  }

  async function step({ learningRate, ...given }: StepWork, control: Control) {
    const { lossWeights, optimizer } = work;
    let isTaken = false;
    try {
      const accumulated = await accumulateStep(
        runner,
        { ...given, lossWeights, stepLoss },
        control,
      );
      const gradNorm = gradientNorm(state);
      const outcome = { ...accumulated, gradNorm };
      if (isFinite(outcome)) {
        const scale = clipScale(gradNorm, optimizer.maxGradNorm);
        adamWStep(state, optimizer, given.step + 1, learningRate, scale);
        isTaken = true;
      }
      return outcome;
    } finally {
      // Cancelled, short of memory, or not a number: nothing is left of it for the next one.
      if (!isTaken) clearGradients(state);
    }
  }

  return {
    stepsPerRun: 1,
    get split() {
      return split;
    },
    operations: (shape) => runner.operations(shape),
    cut,
    async run(steps, control) {
      const outcomes: StepOutcome[] = [];
      for (const each of steps) {
        const take = (): Promise<StepOutcome> => step(each, control);
        const outcome = await withinMemory(work.shapes, split, take, shrink);
        outcomes.push(outcome);
        if (!isFinite(outcome)) break;
      }
      return outcomes;
    },
    evaluate: ({ shapes, stepCapacity }) =>
      createEvaluation({ ...work, shapes, stepCapacity }, state.parameters, {
        split,
        sessionLimitBytes,
        // Training gives its sessions back, and what comes after is cut as finely.
        onCut: shrink,
      }),
    readState: (read) => read(stateSections(state.regions)),
    writeState: (fill) => fill(stateSections(state.regions)),
    isSound: () => Promise.resolve(isSound(state)),
    readParameters: () => Promise.resolve(valuesOf(state)),
    async release() {
      await runner.release();
      await stepLoss?.release();
    },
  };
}

function valuesOf({ parameters }: ParameterMemory): Map<string, Float32Array> {
  return new Map([...parameters].map(([name, { values }]) => [name, values]));
}

/** Parameters that nobody trains. */
function unchanging({ specs, parameters }: EvaluationWork): HeldParameters {
  return new Map(
    specs.map((spec) => {
      const values = initialValues(spec, parameters);
      return [spec.name, { shape: spec.shape, values, gradient: null }];
    }),
  );
}

async function stepLossOf(work: GraphWork): Promise<StepLossRunner | null> {
  const { objective, config, stepCapacity, threads } = work;
  return objective.stepLoss === null
    ? null
    : createStepLossRunner(objective.stepLoss, config.hiddenSize, stepCapacity, threads);
}

interface EvaluationOptions {
  readonly split: number;
  readonly sessionLimitBytes: number;
  /** Awaited before the measurement goes on with micro-batches in so many parts. */
  readonly onCut?: (split: number) => Promise<void>;
}

/** Sessions are made for the measurement and released after it. */
async function createEvaluation(
  work: GraphWork,
  parameters: HeldParameters,
  { split: firstSplit, sessionLimitBytes, onCut }: EvaluationOptions,
): Promise<Evaluation> {
  const runnerOf = (split: number): CpuRunner => {
    const layout = layOutGraphs(work, {
      purposes: ['evaluate'],
      isTrained: nothing,
      dropout: false,
      split,
    });
    const scratch = new Float32Array(layout.bufferBytes / 4);
    return createRunner({
      ...work,
      layout,
      parameters,
      scratch,
      sessionLimitBytes,
      fillDropout: () => undefined,
      addRows: () => undefined,
    });
  };
  let split = firstSplit;
  let runner = runnerOf(split);
  const stepLoss = await stepLossOf(work);
  return {
    measure: (sampled, control, onSequences) =>
      withinMemory(
        work.shapes,
        split,
        () => measureStep(runner, { sampled, stepLoss }, control, onSequences),
        async (finer) => {
          await runner.release();
          await onCut?.(finer);
          split = finer;
          runner = runnerOf(split);
        },
      ),
    async release() {
      await runner.release();
      await stepLoss?.release();
    },
  };
}

const nothing = (_spec: ParameterSpec): boolean => false;

/** Does `work`; where memory runs out, halves the micro-batches and does it again. */
async function withinMemory<T>(
  shapes: GraphWork['shapes'],
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
