import { describe, expect, it } from 'vitest';
import { fillDropoutMasks } from '../../../../src/core/backend/cpu/dropout.js';
import { dropoutKey } from '../../../../src/core/backend/dropoutKey.js';
import { createKernelMemory } from '../../../../src/core/backend/cpu/kernels/memory.js';

const size = 64;

function masks(seed: number, step: number, first: number, examples: number, place = [2, 3]) {
  const memory = createKernelMemory(1 << 16);
  const mask = memory.floats(examples * size);
  const [layer, site] = place as [number, number];
  const dropout = [
    { site: { input: 'mask', shape: [examples, size], layer, site, rate: 0.25 }, mask },
  ];
  fillDropoutMasks(memory.kernels, dropout, dropoutKey(seed), step, first);
  return [...mask];
}

describe('fillDropoutMasks', () => {
  it('keeps at 1 / (1 - rate) and drops to 0', () => {
    const values = masks(1, 0, 0, 8);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });

  it('gives an example its mask however the step is cut', () => {
    const whole = masks(1, 5, 0, 4);
    expect([...masks(1, 5, 0, 2), ...masks(1, 5, 2, 2)]).toEqual(whole);
  });

  it('differs by seed, step, example, layer and site', () => {
    const all = [
      masks(1, 5, 0, 1),
      masks(2, 5, 0, 1),
      masks(1, 6, 0, 1),
      masks(1, 5, 1, 1),
      masks(1, 5, 0, 1, [3, 3]),
      masks(1, 5, 0, 1, [2, 4]),
    ];
    expect(new Set(all.map(String)).size).toBe(all.length);
  });
});
