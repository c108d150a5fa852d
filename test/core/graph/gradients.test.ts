/**
 * Every op's gradient against finite differences along random directions: for L = sum(c * op(x)),
 * the slope of L along d must be the dot product of its gradient with d.
 */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import type { Random } from '../../../src/core/base/random.js';
import { accumulate } from '../../../src/core/graph/accumulate.js';
import { backward } from '../../../src/core/graph/backward.js';
import { addInput, addNode, createGraph, newValue } from '../../../src/core/graph/graph.js';
import type { Lowering, TensorData, Value } from '../../../src/core/graph/graph.js';
import { gradientRules } from '../../../src/core/graph/gradients/registry.js';
import { biasFromMask } from '../../../src/core/graph/maskOps.js';
import * as ops from '../../../src/core/graph/ops.js';
import { elementCount, staticDimension } from '../../../src/core/graph/shapes.js';
import { compile } from './evaluate.js';
import { gradientCases } from './gradientCases.js';
import type { GradientCase } from './gradientCases.js';

describe('gradients', () => {
  for (const lowering of ['cpu', 'webgpu'] as const) {
    it.each(gradientCases)(`agree with finite differences: $name (${lowering})`, async (one) => {
      await checkGradient(one, lowering);
    });
  }

  it('are proven for every op that has a rule', () => {
    const ruled = Object.entries(gradientRules)
      .filter(([, rule]) => rule !== 'noGradient')
      .map(([op]) => op);
    const covered = new Set(gradientCases.flatMap((one) => one.covers));
    expect(ruled.filter((op) => !covered.has(op))).toEqual([]);
  });

  it('name the op that has no rule', () => {
    const graph = createGraph();
    const x = addInput(graph, 'x', 'float32', [1]);
    const y = newValue(graph, 'geluGradient', 'float32', [1]);
    addNode<'geluGradient'>(graph, {
      op: 'geluGradient',
      attributes: {},
      inputs: [x, x],
      outputs: [y],
    });
    expect(() => backward(graph, y, [x])).toThrow('no gradient rule for the op "geluGradient"');
  });

  it('stop at an op that declares to have none', () => {
    const graph = createGraph();
    const mask = addInput(graph, 'mask', 'float32', [2, 3]);
    const y = ops.reshape(graph, biasFromMask(graph, mask), [6]);
    const loss = ops.reduceSum(graph, y, [0], true);
    expect(backward(graph, loss, [mask]).get(mask)).toEqual([]);
  });
});

async function checkGradient(one: GradientCase, lowering: Lowering): Promise<void> {
  const random = createRandom(7, one.name);
  const graph = createGraph();
  const inputs = one.shapes.map((shape, i) => addInput(graph, `x${i}`, 'float32', shape));
  const data: Record<string, Value> = {};
  const feeds: Record<string, TensorData> = {};
  for (const [name, numbers] of Object.entries(one.data ?? {})) {
    const isIndex = name === 'rows' || name === 'labels';
    data[name] = addInput(graph, name, isIndex ? 'int32' : 'float32', [numbers.length]);
    feeds[name] = isIndex ? Int32Array.from(numbers) : Float32Array.from(numbers);
  }
  const y = one.build(graph, inputs, data);
  const weights = addInput(graph, 'c', 'float32', y.shape);
  const product = ops.multiply(graph, y, weights);
  const flat = ops.reshape(graph, product, [elementCount(product)]);
  const loss = ops.reduceSum(graph, flat, [0], true);
  const gradients = [...backward(graph, loss, inputs)].map(([input, parts]) => {
    expect(parts.length, `${input.name} has a gradient`).toBeGreaterThan(0);
    return parts
      .map((part) =>
        part.kind === 'dense'
          ? part.value
          : ops.reshape(
              graph,
              ops.scatterAddRows(graph, part.updates, part.rows, staticDimension(input, 0)),
              input.shape,
            ),
      )
      .reduce((sum, part) => accumulate(graph, sum, part));
  });

  feeds['c'] = normals(random, elementCount(y));
  for (const input of inputs) feeds[input.name] = normals(random, elementCount(input));
  // The values that differences are taken of, so that their sum is taken in float64 here.
  const outputs = [y, ...gradients];
  const compiled = await compile(graph, outputs, { lowering });
  try {
    const [, ...computed] = await compiled.run(feeds);
    for (const [i, input] of inputs.entries()) {
      const direction = normals(random, elementCount(input));
      const step = 1e-2;
      const lossAt = async (scale: number): Promise<number> => {
        const base = feeds[input.name] as Float32Array;
        const moved = base.map((value, j) => value + scale * step * direction[j]!);
        const [values] = await compiled.run({ ...feeds, [input.name]: moved });
        return dot(values!, feeds['c'] as Float32Array);
      };
      // Five points: the error is of fourth order in the step.
      const [b2, b1, f1, f2] = [
        await lossAt(-2),
        await lossAt(-1),
        await lossAt(1),
        await lossAt(2),
      ];
      const slope = (b2 - 8 * b1 + 8 * f1 - f2) / (12 * step);
      const expected = dot(computed[i]!, direction);
      const scale = Math.max(1, norm(computed[i]!));
      expect(Number.isFinite(expected)).toBe(true);
      expect(norm(computed[i]!), `${input.name} moves the loss`).toBeGreaterThan(1e-3);
      expect(Math.abs(slope - expected) / scale, `by ${input.name}`).toBeLessThan(1e-3);
    }
  } finally {
    await compiled.release();
  }
}

function normals(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}
