/**
 * The known answer of a training step on a device that keeps its state: gradients, their norm and the
 * updated parameters, through the same sessions and tensors as a run's.
 */
import type { OptimizerSettings } from '../core/backend/backend.js';
import { elementsOf } from '../core/backend/state.js';
import { openOnDevice } from '../core/backend/webgpu/sessions.js';
import { createDeviceMemory } from '../core/backend/webgpu/state.js';
import { planPacks } from '../core/backend/webgpu/statePacks.js';
import { parameterSpecs } from '../core/encoder/declarations.js';
import type { DeviceTensor } from '../core/graph/session.js';
import { maskedLmGraph } from '../core/objectives/microBatchGraph.js';
import {
  knownConfig,
  knownParameters,
  knownShape,
  stepError,
  trainingInputs,
} from './knownAnswer.js';

const optimizer: OptimizerSettings = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradNorm: 1,
};
const learningRate = 1e-3;

/** The largest relative error of loss, gradients, their norm and the parameters after AdamW. */
export async function deviceStepError(): Promise<number> {
  const specs = parameterSpecs(knownConfig, { mlmHead: true });
  const regions = planPacks(specs);
  const packs = regions.flatMap((region) => region.packs);
  const graph = maskedLmGraph(knownConfig, knownShape, {
    lowering: 'webgpu',
    dropout: false,
    packs,
  });
  const initial = knownParameters();
  const memory = await createDeviceMemory(specs, regions, initial, optimizer);
  const taught = graph.packs.flatMap(({ name, gradient }) =>
    gradient === null ? [] : [{ name, ...gradient }],
  );
  const session = await openOnDevice(
    graph.bytes,
    taught.map(({ output }) => output),
  );
  const state: Record<string, DeviceTensor> = {};
  for (const { name } of graph.packs) state[name] = memory.values(name);
  for (const { name, accumulator } of taught) state[accumulator] = memory.gradient(name);
  const loss = new Float32Array(1);
  const outputs = {
    [graph.losses[0]!.output]: { dtype: 'float32', data: loss, shape: [1] },
  } as const;
  const kept = await session.runKeeping({ ...trainingInputs(), ...state }, outputs);
  for (const { name, output } of taught) memory.setGradient(name, kept[output]!);
  const norm = await memory.gradientNorm();
  await memory.update(1, learningRate, 1);

  const moments = new Map<string, Float32Array>();
  await memory.readState((sections) => {
    regions.forEach((region, r) => {
      // Of each region there are values, first moments and second moments, of one pack each.
      for (const { spec, offset } of region.packs.flatMap(({ members }) => members)) {
        const own = sections[3 * r + 1]!.subarray(offset, offset + elementsOf(spec));
        moments.set(spec.name, own);
      }
    });
    return Promise.resolve();
  });
  const gradients = new Map(
    [...moments].map(([name, values]) => [
      name,
      values.map((value) => value / (1 - optimizer.beta1)),
    ]),
  );
  const moved = await memory.readParameters();
  await session.release();
  await memory.release();
  const squares = [...gradients.values()].flatMap((values) => [...values].map((g) => g * g));
  const expectedNorm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  const updates = specs.map(({ name, decay }) =>
    updateError(initial.get(name)!, moved.get(name)!, gradients.get(name)!, decay),
  );
  return Math.max(stepError(loss[0]!, gradients), Math.abs(norm / expectedNorm - 1), ...updates);
}

/**
 * After one step from zero, AdamW moves each value by the gradient over its own size. Scaled so that
 * the tolerance for gradients is a hundredth of the learning rate here.
 */
function updateError(
  before: Float32Array,
  after: Float32Array,
  gradient: Float32Array,
  decay: boolean,
): number {
  const keep = 1 - (decay ? learningRate * optimizer.weightDecay : 0);
  let worst = 0;
  gradient.forEach((g, i) => {
    const expected = before[i]! * keep - (learningRate * g) / (Math.abs(g) + optimizer.epsilon);
    const error = Math.abs(after[i]! - expected) / (100 * learningRate);
    worst = Math.max(worst, Number.isFinite(error) ? error : Infinity);
  });
  return worst;
}
