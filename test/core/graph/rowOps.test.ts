import { describe, expect, it } from 'vitest';
import { accumulate } from '../../../src/core/graph/accumulate.js';
import { backward } from '../../../src/core/graph/backward.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type { Graph, Lowering, Value } from '../../../src/core/graph/graph.js';
import { reduceSum, reshape } from '../../../src/core/graph/ops.js';
import { l2Normalise, logSumExp } from '../../../src/core/graph/rowOps.js';
import { elementCount } from '../../../src/core/graph/shapes.js';
import { compile } from './evaluate.js';

/** The values of `op` on x [2, 3], and the gradient of their sum. */
async function evaluate(
  op: (graph: Graph, x: Value) => Value,
  numbers: readonly number[],
  lowering: Lowering,
): Promise<[number[], number[]]> {
  const graph = createGraph();
  const x = addInput(graph, 'x', 'float32', [2, 3]);
  const y = op(graph, x);
  const loss = reduceSum(graph, reshape(graph, y, [elementCount(y)]), [0], true);
  const parts = backward(graph, loss, [x]).get(x)!;
  const gradient = parts
    .flatMap((part) => (part.kind === 'dense' ? [part.value] : []))
    .reduce((sum, part) => accumulate(graph, sum, part));
  const compiled = await compile(graph, [y, gradient], { lowering });
  const [values, slopes] = await compiled.run({ x: Float32Array.from(numbers) });
  await compiled.release();
  return [[...values!], [...slopes!]];
}

describe.each(['cpu', 'webgpu'] as const)('ops on rows (%s)', (lowering) => {
  it('give a row of zeros no direction and no gradient', async () => {
    const [values, gradient] = await evaluate(l2Normalise, [3, 0, 4, 0, 0, 0], lowering);
    [0.6, 0, 0.8, 0, 0, 0].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    expect(gradient.slice(3)).toEqual([0, 0, 0]);
  });

  it('normalise rows of any length that squares can hold', async () => {
    const [values] = await evaluate(l2Normalise, [3e-11, 0, 4e-11, 3e15, 0, 4e15], lowering);
    [0.6, 0, 0.8, 0.6, 0, 0.8].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  });

  it('sum exponentials that would overflow, and rows that are masked entirely', async () => {
    const numbers = [900, 900, -1e4, -1e4, -1e4, -1e4];
    const [values, gradient] = await evaluate(logSumExp, numbers, lowering);
    expect(values[0]).toBeCloseTo(900 + Math.LN2, 3);
    expect(values[1]).toBeCloseTo(-1e4 + Math.log(3), 2);
    expect(gradient[0]).toBeCloseTo(0.5, 6);
    expect(gradient[2]).toBe(0);
    expect(gradient[3]).toBeCloseTo(1 / 3, 6);
  });
});
