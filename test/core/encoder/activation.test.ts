/** Activations and their slopes against transformers in float64; see test/golden/activations. */
import { describe, expect, it } from 'vitest';
import { activate, activationNames } from '../../../src/core/encoder/activation.js';
import { backward } from '../../../src/core/graph/backward.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { reduceSum } from '../../../src/core/graph/ops.js';
import golden from '../../golden/activations/activations.json' with { type: 'json' };
import { compile } from '../graph/evaluate.js';

const inputs = Float32Array.from(golden.inputs);
const cases = (['cpu', 'webgpu'] as const).flatMap((lowering) =>
  activationNames.map((name) => ({ name, lowering })),
);

describe('activations', () => {
  it.each(cases)('$name is what transformers computes ($lowering)', async ({ name, lowering }) => {
    const graph = createGraph();
    const x = addInput(graph, 'x', 'float32', [inputs.length]);
    const y = activate(graph, name, x);
    const [slope] = backward(graph, reduceSum(graph, y, [0], true), [x]).get(x)!;
    if (slope?.kind !== 'dense') throw new Error('an activation has one dense gradient');
    const compiled = await compile(graph, [y, slope.value], { lowering });
    const [values, slopes] = await compiled.run({ x: inputs });
    await compiled.release();
    const { [name]: expected } = golden.functions;
    expect(furthest(values!, expected.values)).toBeLessThan(2e-6);
    // The sigmoid of the approximation is nearly 1 and loses digits when subtracted from it.
    expect(furthest(slopes!, expected.slopes)).toBeLessThan(1e-5);
  });
});

/** The largest difference, relative to values above 1; Infinity if any is not a number. */
function furthest(computed: Float32Array, expected: readonly number[]): number {
  return expected.reduce((worst, value, i) => {
    const difference = Math.abs(computed[i]! - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }, 0);
}
