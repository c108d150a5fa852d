/**
 * A reference implementation of training: no WebAssembly, nothing in place, one session per run.
 * Slow; used by tests to check other backends.
 */
import { createSession } from '../../graph/session.js';
import type { HostTensor } from '../../graph/session.js';
import { measureGemm } from '../../graph/gemmProbe.js';
import type { ElementType } from '../../graph/graph.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { fillMicroBatch } from '../../objectives/fillMicroBatch.js';
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type {
  Backend,
  EmbeddingWork,
  GraphWork,
  OptimizerSettings,
  PrepareOptions,
  PreparedTraining,
  TrainingWork,
} from '../backend.js';
import { dropoutKey } from '../dropoutKey.js';
import type { DropoutKey } from '../dropoutKey.js';
import {
  graphFacts,
  graphFor,
  isFinest,
  layOutFixed,
  layOutTraining,
  usefulWork,
} from '../graphs.js';
import type { FixedPurpose, LaidOutGraph } from '../graphs.js';
import {
  embedInMicroBatches,
  embeddingOnly,
  evaluateInMicroBatches,
  hostState,
  trainInMicroBatches,
} from '../microBatchTraining.js';
import type { DeviceRunner } from '../microBatchTraining.js';
import { initialValues, stateBytes, stateRegions, stateSections } from '../state.js';
import type { RegionState } from '../state.js';
import { fillMask } from './dropout.js';

export const plain: Backend = {
  device: 'cpu',
  layOut: (work, split) => ({
    memory: {
      state: stateBytes(work.specs.filter(work.isTrained)),
      buffers: 0,
      largestSession: 0,
    },
    isFinest: isFinest(work.shapes, split),
    operations: (shape) => graphFacts(layOutTraining(work, 'cpu', split)).operations(shape),
    prepare: (options) => prepareTraining(work, split, options),
  }),
  evaluate(work) {
    const runnerOf = (split: number) =>
      fixedRunner(work, 'evaluate', work.specs, unchanging(work), split);
    return evaluateInMicroBatches(work, runnerOf, 1, () => Promise.resolve());
  },
  embed(given) {
    const work = embeddingOnly(given);
    const runnerOf = (split: number) =>
      fixedRunner(work, 'embed', given.specs, unchanging(given), split);
    return Promise.resolve(embedInMicroBatches(work, runnerOf, 1, () => Promise.resolve()));
  },
  measurePeak: ({ threads, now }) => measureGemm({ device: 'cpu', threads, now, probes: 1 }),
};

interface Region extends RegionState {
  readonly decay: boolean;
  readonly rateFactor: number;
  readonly gradients: Float32Array;
}

async function prepareTraining(
  work: TrainingWork,
  firstSplit: number,
  { parameters: initial, onSplit }: PrepareOptions,
): Promise<PreparedTraining> {
  const { specs, isTrained, optimizer, seed } = work;
  const parameters = new Map<string, Float32Array>();
  const gradients = new Map<string, Float32Array>();
  for (const spec of specs.filter((each) => !isTrained(each))) {
    parameters.set(spec.name, initialValues(spec, initial).slice());
  }
  const regions = stateRegions(specs.filter(isTrained)).map(
    ({ decay, rateFactor, length, members }): Region => {
      const zeros = (): Float32Array => new Float32Array(length);
      const region = {
        decay,
        rateFactor,
        values: zeros(),
        gradients: zeros(),
        moment1: zeros(),
        moment2: zeros(),
      };
      for (const { spec, offset } of members) {
        const values = initialValues(spec, initial);
        const end = offset + values.length;
        region.values.set(values, offset);
        parameters.set(spec.name, region.values.subarray(offset, end));
        gradients.set(spec.name, region.gradients.subarray(offset, end));
      }
      return region;
    },
  );
  const key = dropoutKey(seed);
  return trainInMicroBatches(
    work,
    {
      ...hostState(parameters, stateSections(regions.map((region) => [region]))),
      createRunner(split) {
        const graphs = layOutTraining(work, 'cpu', split);
        return createRunner(work, { graphs, specs, parameters, gradients, key });
      },
      createFixedRunner: (other, purpose, split) =>
        fixedRunner(other, purpose, specs, parameters, split),
      clearGradients() {
        for (const region of regions) region.gradients.fill(0);
      },
      gradientNorm: () =>
        Math.sqrt(regions.reduce((sum, region) => sum + squares(region.gradients), 0)),
      update(step, learningRate, scale) {
        for (const region of regions) {
          const rate = region.rateFactor * learningRate;
          adamW(region, optimizer, { step, learningRate: rate, scale });
        }
      },
      isSound: () => regions.every(({ values }) => Number.isFinite(squares(values))),
    },
    firstSplit,
    onSplit,
  );
}

/** Fixed parameters, for evaluation and embedding. */
function unchanging({ specs, parameters }: EmbeddingWork): ReadonlyMap<string, Float32Array> {
  return new Map(specs.map((spec) => [spec.name, initialValues(spec, parameters)]));
}

function fixedRunner(
  work: GraphWork,
  purpose: FixedPurpose,
  specs: readonly ParameterSpec[],
  parameters: ReadonlyMap<string, Float32Array>,
  split: number,
): DeviceRunner {
  const graphs = layOutFixed(work, purpose, 'cpu', split);
  return createRunner(work, { graphs, specs, parameters, gradients: new Map(), key: [0, 0] });
}

interface RunnerParts {
  readonly graphs: readonly LaidOutGraph[];
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly key: DropoutKey;
}

function createRunner({ config, threads }: GraphWork, parts: RunnerParts): DeviceRunner {
  const { graphs, parameters, gradients, key } = parts;
  const shapeOf = new Map(parts.specs.map(({ name, shape }) => [name, shape]));
  return {
    ...graphFacts(graphs),
    async run(purpose, { shape: index, rows, firstRow }, { step, ...filling }) {
      const laidOut = graphs[graphFor(graphs, purpose, index)]!;
      const { graph, shape, embeddingShape } = laidOut;
      const feeds: Record<string, HostTensor> = {};
      const outputs: Record<string, HostTensor> = {};
      for (const name of graph.parameters) {
        feeds[name] = tensor(shapeOf.get(name)!, parameters.get(name)!.slice());
      }
      const inputs = Object.fromEntries(
        graph.inputs.map(({ name, dtype, shape: size }) => [name, zeros(size, dtype)]),
      );
      for (const { name, dtype, shape: size } of graph.inputs) {
        feeds[name] = { dtype, data: inputs[name]!, shape: size };
      }
      const losses = graph.losses.map(({ loss }) => loss);
      const { tokenWeight } = graph;
      fillMicroBatch(inputs, rows, shape, config, { losses, tokenWeight, ...filling });
      for (const site of graph.dropout) {
        const mask = zeros(site.shape);
        fillMask(mask, site, key, step, firstRow);
        feeds[site.input] = tensor(site.shape, mask);
      }
      for (const gradient of graph.gradients) {
        const size = gradient.kind === 'rows' ? gradient.shape : shapeOf.get(gradient.parameter)!;
        outputs[gradient.output] ??= tensor(size);
        if (gradient.kind === 'dense') feeds[gradient.accumulator] = tensor(size);
      }
      for (const { output, correct } of graph.losses) {
        outputs[output] = tensor([1]);
        if (correct !== null) outputs[correct] = tensor([1]);
      }
      if (graph.embeddings !== null) outputs[graph.embeddings] = tensor(embeddingShape);
      const session = await createSession(graph.bytes, { device: 'cpu', threads });
      try {
        await session.run(feeds, outputs);
      } finally {
        await session.release();
      }
      const floats = (name: string): Float32Array => outputs[name]!.data as Float32Array;
      for (const gradient of graph.gradients) {
        const sum = gradients.get(gradient.parameter)!;
        const values = floats(gradient.output);
        if (gradient.kind === 'dense') values.forEach((value, i) => (sum[i]! += value));
        else addRows(sum, values, inputs[gradient.rows]!, gradient.shape[1]);
      }
      const sums: Partial<Record<LossName, number>> = {};
      const right: Partial<Record<LossName, number>> = {};
      for (const { loss, output, correct } of graph.losses) {
        sums[loss.name] = floats(output)[0]!;
        if (correct !== null) right[loss.name] = floats(correct)[0]!;
      }
      return {
        losses: sums,
        correct: right,
        embeddings: graph.embeddings === null ? null : floats(graph.embeddings),
        sequencesPerRow: shape.sequencesPerRow,
        ...usefulWork(laidOut, rows),
      };
    },
    release: () => Promise.resolve(),
  };
}

function zeros(shape: readonly number[]): Float32Array;
function zeros(shape: readonly number[], dtype: ElementType): Float32Array | Int32Array;
function zeros(shape: readonly number[], dtype = 'float32'): Float32Array | Int32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  return dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
}

function tensor(shape: readonly number[], data = zeros(shape)): HostTensor {
  return { dtype: 'float32', data, shape };
}

function addRows(
  table: Float32Array,
  values: Float32Array,
  ids: Int32Array | Float32Array,
  width: number,
): void {
  ids.forEach((id, row) => {
    for (let i = 0; i < width; i++) table[id * width + i]! += values[row * width + i]!;
  });
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

interface Update {
  /** Counts from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly scale: number;
}

/** AdamW with decoupled decay (Loshchilov & Hutter, 2019). */
function adamW(
  { decay, values, gradients, moment1, moment2 }: Region,
  { beta1, beta2, epsilon, weightDecay }: OptimizerSettings,
  { step, learningRate, scale }: Update,
): void {
  const keep = 1 - (decay ? learningRate * weightDecay : 0);
  for (let i = 0; i < values.length; i++) {
    const gradient = scale * gradients[i]!;
    moment1[i] = beta1 * moment1[i]! + (1 - beta1) * gradient;
    moment2[i] = beta2 * moment2[i]! + (1 - beta2) * gradient ** 2;
    const mean = moment1[i]! / (1 - beta1 ** step);
    const deviation = Math.sqrt(moment2[i]! / (1 - beta2 ** step));
    values[i] = values[i]! * keep - (learningRate * mean) / (deviation + epsilon);
  }
  gradients.fill(0);
}
