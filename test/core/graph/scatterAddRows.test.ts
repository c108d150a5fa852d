import { expect, it } from 'vitest';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { lower } from '../../../src/core/graph/lowering/lower.js';
import { scatterAddRows } from '../../../src/core/graph/ops.js';
import { compile } from './evaluate.js';

const [count, width, distinct] = [8192, 64, 64];

function scatterGraph() {
  const graph = createGraph();
  const updates = addInput(graph, 'updates', 'float32', [count, width]);
  const rows = addInput(graph, 'rows', 'int32', [count]);
  return { graph, sum: scatterAddRows(graph, updates, rows, 2048) };
}

/** ScatterND's additions race; on a busy machine, where threads take turns, that shows rarely. */
it('loses no addition when thousands of rows go to few, with two threads', async () => {
  const { graph, sum } = scatterGraph();
  const compiled = await compile(graph, [sum], { threads: 2 });
  const feeds = {
    updates: new Float32Array(count * width).fill(1),
    rows: Int32Array.from({ length: count }, (_, i) => i % distinct),
  };
  for (let attempt = 0; attempt < 20; attempt++) {
    const [sums] = await compiled.run(feeds);
    const touched = sums!.subarray(0, distinct * width);
    expect(touched.every((value) => value === count / distinct)).toBe(true);
    expect(sums!.subarray(distinct * width).every((value) => value === 0)).toBe(true);
  }
  await compiled.release();
});

it.each(['cpu', 'webgpu'] as const)('is never written as ScatterND (%s)', (lowering) => {
  const { graph, sum } = scatterGraph();
  const { nodes } = lower(graph, [{ name: 'sum', value: sum }], { lowering, marker: false });
  expect(nodes.map(({ opType }) => opType)).not.toContain('ScatterND');
});
