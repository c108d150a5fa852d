import { expect, it } from 'vitest';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { scatterAddRows } from '../../../src/core/graph/ops.js';
import { compile } from './evaluate.js';

/** ScatterND with additions, run by two threads, gets this wrong nearly every time. */
it('loses no addition when thousands of rows go to four, with two threads', async () => {
  const [count, width] = [4096, 256];
  const graph = createGraph();
  const updates = addInput(graph, 'updates', 'float32', [count, width]);
  const rows = addInput(graph, 'rows', 'int32', [count]);
  const compiled = await compile(graph, [scatterAddRows(graph, updates, rows, 2048)], {
    threads: 2,
  });
  const feeds = {
    updates: new Float32Array(count * width).fill(1),
    rows: Int32Array.from({ length: count }, (_, i) => (i * 7) % 4),
  };
  for (let attempt = 0; attempt < 10; attempt++) {
    const [sums] = await compiled.run(feeds);
    expect(sums!.subarray(0, 4 * width).every((sum) => sum === count / 4)).toBe(true);
    expect(sums!.subarray(4 * width).every((sum) => sum === 0)).toBe(true);
  }
  await compiled.release();
});
