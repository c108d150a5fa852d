/** One micro-batch of masked language modelling with its arrays, and the kernels of a step. */
import { createRandom } from '../../src/core/base/random.js';
import { addRows } from '../../src/core/backend/cpu/addRows.js';
import { createBuffers, graphBufferBytes } from '../../src/core/backend/cpu/buffers.js';
import type { GraphBuffers } from '../../src/core/backend/cpu/buffers.js';
import { fillDropoutMasks } from '../../src/core/backend/cpu/dropout.js';
import { largestMemory } from '../../src/core/backend/cpu/kernels/memory.js';
import { planMemories } from '../../src/core/backend/cpu/memoryPlan.js';
import { adamWStep, gradientNorm } from '../../src/core/backend/cpu/optimizer.js';
import { createParameterMemory } from '../../src/core/backend/cpu/parameterMemory.js';
import { dropoutKey } from '../../src/core/backend/dropoutKey.js';
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { maskedLmGraph } from '../../src/core/objectives/microBatchGraph.js';
import type { MicroBatchGraph } from '../../src/core/objectives/microBatchGraph.js';
import { predictionSlots } from '../../src/core/objectives/sampling/masking.js';
import type { BenchSize } from '../shared/syntheticNotes.js';

export interface PreparedStep {
  readonly graph: MicroBatchGraph;
  readonly buffers: GraphBuffers;
  /** Milliseconds of the fastest run of each kernel so far. */
  readonly kernels: ReadonlyMap<string, number>;
  /** Runs what is done beside the graph once. */
  runKernels(): void;
}

export function preparedStep({ config, batch }: BenchSize, rows: number): PreparedStep {
  const shape = {
    batchSize: rows,
    sequenceLength: batch.length,
    sequencesPerRow: 1,
    predictions: rows * predictionSlots(batch.length, 0.15),
  };
  const graph = maskedLmGraph(config, shape, { lowering: 'cpu', dropout: true });
  const specs = parameterSpecs(config, { mlmHead: true });
  const bytes = graphBufferBytes(graph, [rows, config.hiddenSize]);
  const plan = planMemories(specs, bytes, largestMemory);
  const initial = initialParameters(specs, config, createRandom(1, 'bench'));
  const state = createParameterMemory(specs, plan, initial, bytes);
  const buffers = createBuffers(graph, state.parameters, state.scratch, [rows, config.hiddenSize]);
  fillInputs(buffers, config.vocabularySize);
  const kernels = new Map<string, number>();
  const timed = (name: string, work: () => void): void => {
    const start = performance.now();
    work();
    kernels.set(name, Math.min(kernels.get(name) ?? Infinity, performance.now() - start));
  };
  const optimizer = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
  const key = dropoutKey(1);
  let done = 0;
  const masks = (): void => fillDropoutMasks(state.memory.kernels, buffers.dropout, key, done++, 0);
  masks();
  return {
    graph,
    buffers,
    kernels,
    runKernels() {
      timed('dropout masks (kernel)', masks);
      timed('rows of gradients (kernel)', () => {
        for (const each of buffers.rows) addRows(state.memory, each);
      });
      timed('gradient norm (kernel)', () => void gradientNorm(state));
      timed('AdamW (kernel)', () => {
        adamWStep(state, optimizer, done, 1e-4, 1);
      });
    },
  };
}

function fillInputs({ inputs }: GraphBuffers, vocabularySize: number): void {
  const random = createRandom(1, 'inputs');
  for (const [name, values] of Object.entries(inputs)) {
    if (name === 'inputIds') values.set(values.map(() => 5 + random.integer(vocabularySize - 5)));
    else if (name === 'positionIds') values.set(values.map((_, i) => 2 + (i % 128)));
    else if (/[pP]ositions$/.test(name)) values.set(values.map((_, i) => 1 + i));
    else if (/[lL]abels$/.test(name)) values.set(values.map(() => random.integer(vocabularySize)));
    else if (/[wW]eights$/.test(name)) values.fill(1 / values.length);
  }
}
