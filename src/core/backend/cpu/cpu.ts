/**
 * Training on the CPU: one gradient graph per shape, run by ONNX Runtime on parameters, gradients
 * and moments in WebAssembly memory, which AdamW updates in place.
 */
import { measureGemm } from '../../graph/gemmProbe.js';
import type {
  Backend,
  EmbeddingWork,
  GraphWork,
  PrepareOptions,
  PreparedTraining,
  TrainingWork,
} from '../backend.js';
import { ownPasses } from '../../objectives/loss.js';
import { dropoutKey } from '../dropoutKey.js';
import { graphFacts, isFinest, layOutFixed, layOutTraining } from '../graphs.js';
import type { FixedPurpose, LaidOutGraph } from '../graphs.js';
import {
  embedInMicroBatches,
  embeddingOnly,
  evaluateInMicroBatches,
  hostState,
  trainInMicroBatches,
} from '../microBatchTraining.js';
import type { DeviceRunner } from '../microBatchTraining.js';
import { initialValues, stateBytes, stateSections } from '../state.js';
import { activationBytes } from './activationBytes.js';
import { graphBufferBytes } from './buffers.js';
import { fillDropoutMasks } from './dropout.js';
import { addRows } from './addRows.js';
import { largestMemory } from './kernels/memory.js';
import { planMemories } from './memoryPlan.js';
import type { MemoryPlan } from './memoryPlan.js';
import { adamWStep, gradientNorm, isSound } from './optimizer.js';
import { createParameterMemory } from './parameterMemory.js';
import type { StoredParameters } from './parameterMemory.js';
import { createRunner } from './runner.js';

export const cpu = cpuBackend(largestMemory);

/** @param memoryLimit size of one WebAssembly memory; a larger state spans several */
export function cpuBackend(memoryLimit: number): Backend {
  return {
    device: 'cpu',
    layOut(work, split) {
      const graphs = layOutTraining(work, 'cpu', split);
      const trained = work.specs.filter(work.isTrained);
      const plan = planMemories(trained, bufferBytes(graphs), memoryLimit);
      return {
        memory: {
          state: stateBytes(trained),
          buffers: bufferBytes(graphs),
          largestSession: Math.max(...sessionBytes(work, graphs)),
        },
        isFinest: isFinest(work.shapes, split),
        operations: (shape) => graphFacts(graphs).operations(shape),
        prepare: (options) => prepareTraining(work, { graphs, plan, split }, options),
      };
    },
    evaluate(work) {
      const parameters = unchanging(work);
      const runnerOf = (split: number) =>
        fixedRunner(work, 'evaluate', parameters, split, oneSession);
      return evaluateInMicroBatches(work, runnerOf, 1, () => Promise.resolve());
    },
    embed(given) {
      const work = embeddingOnly(given);
      const parameters = unchanging(given);
      const runnerOf = (split: number) => fixedRunner(work, 'embed', parameters, split, oneSession);
      return Promise.resolve(embedInMicroBatches(work, runnerOf, 1, () => Promise.resolve()));
    },
    measurePeak: ({ threads, now }) => measureGemm({ device: 'cpu', threads, now, probes: 4 }),
  };
}

/** Limit for sessions that are used one after the other. */
const oneSession = 0;

interface Layout {
  readonly graphs: readonly LaidOutGraph[];
  readonly plan: MemoryPlan;
  readonly split: number;
}

/** Size of the arrays that all graphs share; only one graph runs at a time. */
function bufferBytes(graphs: readonly LaidOutGraph[]): number {
  return Math.max(
    ...graphs.map(({ graph, embeddingShape }) => graphBufferBytes(graph, embeddingShape)),
  );
}

function sessionBytes({ config }: GraphWork, graphs: readonly LaidOutGraph[]): number[] {
  return graphs.map(({ shape, purpose, graph }) =>
    activationBytes(config, shape, purpose, ownPasses(graph.losses.map(({ loss }) => loss))),
  );
}

async function prepareTraining(
  work: TrainingWork,
  { graphs, plan, split }: Layout,
  { parameters: initial, sessionLimitBytes, onSplit }: PrepareOptions,
): Promise<PreparedTraining> {
  const { specs, optimizer } = work;
  const state = createParameterMemory(specs, plan, initial, bufferBytes(graphs));
  const { memory, scratch, parameters, regions } = state;
  const key = dropoutKey(work.seed);
  const runnerOf = (laidOut: readonly LaidOutGraph[]): DeviceRunner =>
    createRunner({
      ...work,
      graphs: laidOut,
      sessionBytes: sessionBytes(work, laidOut),
      parameters,
      scratch,
      sessionLimitBytes,
      fillDropout: (dropout, step, firstRow) => {
        fillDropoutMasks(memory.kernels, dropout, key, step, firstRow);
      },
      addRows: (rows) => {
        for (const each of rows) addRows(memory, each);
      },
    });
  return trainInMicroBatches(
    work,
    {
      ...hostState(
        new Map([...parameters].map(([name, { values }]) => [name, values])),
        stateSections(regions.map(({ parts }) => parts)),
      ),
      createRunner: (parts) =>
        runnerOf(parts === split ? graphs : layOutTraining(work, 'cpu', parts)),
      createFixedRunner: (other, purpose, parts) =>
        fixedRunner(other, purpose, parameters, parts, sessionLimitBytes),
      clearGradients() {
        for (const { parts } of regions) for (const { gradients } of parts) gradients.fill(0);
      },
      gradientNorm: () => gradientNorm(state),
      update: (step, learningRate, scale) => {
        adamWStep(state, optimizer, step, learningRate, scale);
      },
      isSound: () => isSound(state),
    },
    split,
    onSplit,
  );
}

/** Fixed parameters, for evaluation and embedding. */
function unchanging({ specs, parameters }: EmbeddingWork): StoredParameters {
  return new Map(
    specs.map((spec) => {
      const values = initialValues(spec, parameters);
      return [spec.name, { shape: spec.shape, values, gradient: null }];
    }),
  );
}

function fixedRunner(
  work: GraphWork,
  purpose: FixedPurpose,
  parameters: StoredParameters,
  split: number,
  sessionLimitBytes: number,
): DeviceRunner {
  const graphs = layOutFixed(work, purpose, 'cpu', split);
  return createRunner({
    ...work,
    graphs,
    sessionBytes: sessionBytes(work, graphs),
    parameters,
    scratch: new Float32Array(bufferBytes(graphs) / 4),
    sessionLimitBytes,
    fillDropout: () => undefined,
    addRows: () => undefined,
  });
}
