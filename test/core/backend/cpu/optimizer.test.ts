import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ParameterSpec } from '../../../../src/core/encoder/parameters.js';
import { adamWStep, gradientNorm } from '../../../../src/core/backend/cpu/optimizer.js';
import { clipScale } from '../../../../src/core/backend/microBatchTraining.js';
import { largestMemory } from '../../../../src/core/backend/cpu/kernels/memory.js';
import { planMemories } from '../../../../src/core/backend/cpu/memoryPlan.js';
import { createParameterMemory } from '../../../../src/core/backend/cpu/parameterMemory.js';

interface Golden {
  settings: {
    learningRate: number;
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
  };
  maxGradNorm: number;
  initial: Values;
  steps: ({ gradients: Values; norm: number } & Values)[];
}
interface Values {
  decayed: number[];
  plain: number[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../../golden/adamw/adamw.json', import.meta.url), 'utf8'),
) as Golden;

const spec = (name: string, size: number, decay: boolean): ParameterSpec => ({
  name,
  shape: [size],
  use: 'vector',
  layer: null,
  initial: 'normal',
  decay,
  part: 'encoder',
});

function goldenMemory() {
  const specs = [spec('plain', 6, false), spec('decayed', 11, true)];
  return createParameterMemory(
    specs,
    planMemories(specs, 0, largestMemory),
    new Map([
      ['decayed', Float32Array.from(golden.initial.decayed)],
      ['plain', Float32Array.from(golden.initial.plain)],
    ]),
    0,
  );
}

describe('AdamW', () => {
  it('agrees with PyTorch over six clipped steps, with and without decay', () => {
    const state = goldenMemory();
    const { learningRate } = golden.settings;
    golden.steps.forEach((expected, index) => {
      for (const name of ['decayed', 'plain'] as const) {
        state.parameters.get(name)!.gradient!.set(expected.gradients[name]);
      }
      const norm = gradientNorm(state);
      expect(norm).toBeCloseTo(expected.norm, 5);
      const scale = clipScale(norm, golden.maxGradNorm);
      adamWStep(state, golden.settings, index + 1, learningRate, scale);
      for (const name of ['decayed', 'plain'] as const) {
        const { values, gradient } = state.parameters.get(name)!;
        values.forEach((value, i) => {
          expect(Math.abs(value - expected[name][i]!)).toBeLessThan(1e-4 * learningRate);
        });
        expect(gradient!.every((value) => value === 0)).toBe(true);
      }
    });
  });

  it('leaves the gaps between parameters at zero', () => {
    const state = goldenMemory();
    state.parameters.get('decayed')!.gradient!.fill(1);
    adamWStep(state, golden.settings, 1, 0.1, 1);
    const { values } = state.regions[0]!.parts[0]!;
    expect([...values.subarray(11)]).toEqual([0, 0, 0, 0, 0]);
    expect(values[10]).not.toBe(0);
  });
});

describe('clipScale', () => {
  it('leaves small gradients alone and brings large ones to the limit', () => {
    expect(clipScale(0.5, 1)).toBe(1);
    expect(clipScale(4, 1)).toBeCloseTo(0.25, 5);
  });
});
