/** What parity with a float64 reference means, for every model and whatever of it is trained. */
import { expect } from 'vitest';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { MicroBatchGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { adamWStep } from '../../../src/core/backend/cpu/optimizer.js';
import { largestMemory } from '../../../src/core/backend/cpu/kernels/memory.js';
import { planMemories } from '../../../src/core/backend/cpu/memoryPlan.js';
import { createParameterMemory } from '../../../src/core/backend/cpu/parameterMemory.js';
import { unpack } from './golden.js';
import type { Reference } from './golden.js';
import { createHarness, distance, norm } from './trainingHarness.js';

type Parameters = ReadonlyMap<string, Float32Array>;

export interface ReferenceNumbers {
  /** Before each of three steps. */
  readonly losses: readonly number[];
  /** Of the first step, packed, by parameter. */
  readonly gradients: Readonly<Record<string, string>>;
  readonly afterThreeSteps: Readonly<Record<string, string>>;
}

export interface TrainedModel {
  readonly graph: MicroBatchGraph;
  readonly specs: readonly ParameterSpec[];
  /** Those that the graph has gradients of. */
  readonly trained: readonly ParameterSpec[];
  readonly parameters: Parameters;
  /** Whose batch and optimizer settings are used. */
  readonly reference: Pick<Reference, 'golden' | 'goldenBatch'>;
}

/** Loss and gradients of the golden batch. */
export async function expectGradients(model: TrainedModel, reference: ReferenceNumbers) {
  const harness = await createHarness(model.graph, model.specs, model.parameters, 2);
  const loss = await harness.run(model.reference.goldenBatch());
  await harness.release();

  expect(Math.abs(loss - reference.losses[0]!)).toBeLessThan(1e-5);
  const names = model.trained.map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(reference.gradients));
  expectSameGradients(harness.gradients, unpackAll(reference.gradients));
}

/** All that `references` name: within 1e-4 of each one's norm, or of the whole where it is as good as 0. */
export function expectSameGradients(found: Parameters, references: Parameters): void {
  const globalNorm = Math.hypot(...[...references.values()].map(norm));
  for (const [name, reference] of references) {
    const size = norm(reference);
    const error = distance(found.get(name)!, reference);
    if (size > 1e-7 * globalNorm) expect(error / size, name).toBeLessThanOrEqual(1e-4);
    else expect(error, name).toBeLessThanOrEqual(1e-6 * globalNorm);
  }
}

export function unpackAll(
  packed: Readonly<Record<string, string>>,
): ReadonlyMap<string, Float32Array> {
  return new Map(Object.entries(packed).map(([name, values]) => [name, unpack(values)]));
}

/** Losses of three AdamW steps on the golden batch, and the parameters after them. */
export async function expectThreeSteps(model: TrainedModel, reference: ReferenceNumbers) {
  const { adamW } = model.reference.golden;
  const plan = planMemories(model.trained, 0, largestMemory);
  const state = createParameterMemory(model.trained, plan, model.parameters, 0);
  const values = new Map(model.parameters);
  for (const [name, own] of state.parameters) values.set(name, own.values);
  const harness = await createHarness(model.graph, model.specs, values, 2);
  for (let step = 1; step <= 3; step++) {
    const loss = await harness.run(model.reference.goldenBatch());
    expect(Math.abs(loss - reference.losses[step - 1]!)).toBeLessThan(1e-5);
    for (const [name, { gradient }] of state.parameters) {
      gradient!.set(harness.gradients.get(name)!);
      harness.gradients.get(name)!.fill(0);
    }
    adamWStep(state, adamW, step, adamW.learningRate, 1);
  }
  await harness.release();
  const trained = model.trained.map(({ name }) => [name, values.get(name)!] as const);
  expectSameSteps(new Map(trained), unpackAll(reference.afterThreeSteps), adamW.learningRate);
}

/** Parameters after three AdamW steps. */
export function expectSameSteps(
  found: Parameters,
  references: Parameters,
  learningRate: number,
): void {
  expect([...found.keys()].sort()).toEqual([...references.keys()].sort());
  for (const [name, reference] of references) {
    // The true gradient of a key's bias is 0: what AdamW makes of rounding errors has no meaning.
    const share = /(key|k_lin|attn\.k)\.bias$/.test(name) ? 3 : 0.01;
    const values = found.get(name)!;
    const worst = reference.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - values[i]!)),
      0,
    );
    expect(worst, name).toBeLessThanOrEqual(share * learningRate);
  }
}
