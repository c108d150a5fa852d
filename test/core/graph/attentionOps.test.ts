/** Rotary positions, limited spans and query tiles against what they are defined as. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import {
  distanceBias,
  rotate,
  tileBiases,
  tiledAttention,
} from '../../../src/core/graph/attentionOps.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { add, attention } from '../../../src/core/graph/ops.js';
import { compile } from './evaluate.js';

const [batch, heads, width, scale] = [2, 2, 4, 0.7];
const random = createRandom(3, 'attention');
const normals = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.normal());

describe('query tiles', () => {
  it.each([
    ['all keys, several tiles', 11, 4, 3, null],
    ['all keys, tiles beyond the sequence', 3, 4, 3, null],
    ['all keys, a last tile of all that is left', 11, 2, 3, null],
    ['near keys, several tiles', 11, 4, 3, 2],
    ['near keys, tiles beyond the sequence', 3, 4, 3, 2],
    ['near keys, a span longer than a tile', 11, 2, 6, 5],
    ['near keys, a last tile of all that is left', 13, 3, 2, 1],
  ])('give what attention gives: %s', async (_name, sequence, size, count, span) => {
    const graph = createGraph();
    const [query, key, value] = ['query', 'key', 'value'].map((name) =>
      addInput(graph, name, 'float32', [batch, heads, sequence, width]),
    );
    const parts = { query: query!, key: key!, value: value! };
    const bias = addInput(graph, 'bias', 'float32', [batch, 1, 1, sequence]);
    const positions = addInput(graph, 'positions', 'int32', [batch, sequence]);
    const near = span === null ? bias : add(graph, bias, distanceBias(graph, sequence, span));
    const tiles = { size, count };
    const biases = span === null ? [bias] : tileBiases(graph, positions, bias, tiles, span);
    const feeds = {
      query: normals(batch * heads * sequence * width),
      key: normals(batch * heads * sequence * width),
      value: normals(batch * heads * sequence * width),
      // The last place of the first row is padding.
      bias: Float32Array.from({ length: batch * sequence }, (_, i) =>
        i === sequence - 1 ? -1e4 : 0,
      ),
      positions: Int32Array.from({ length: batch * sequence }, (_, i) => i % sequence),
    };
    const compiled = await compile(graph, [
      attention(graph, parts, near, null, scale),
      tiledAttention(graph, parts, biases, scale, tiles, span),
    ]);
    const [plain, tiled] = await compiled.run(feeds);
    await compiled.release();
    plain!.forEach((expected, i) => expect(Math.abs(tiled![i]! - expected)).toBeLessThan(1e-5));
  });

  it('are refused with another number of biases', () => {
    const graph = createGraph();
    const x = addInput(graph, 'x', 'float32', [1, 1, 8, 2]);
    const bias = addInput(graph, 'bias', 'float32', [1, 1, 1, 8]);
    const parts = { query: x, key: x, value: x };
    expect(() => tiledAttention(graph, parts, [bias], 1, { size: 4, count: 2 }, 1)).toThrow(
      '1 biases for 2 tiles',
    );
  });
});

it('the bias of a span masks what is farther away', async () => {
  const graph = createGraph();
  const compiled = await compile(graph, [distanceBias(graph, 5, 1)]);
  const [bias] = await compiled.run({});
  await compiled.release();
  const near = Array.from({ length: 25 }, (_, i) => Math.abs(Math.floor(i / 5) - (i % 5)) <= 1);
  expect([...bias!].map((value) => value + 0)).toEqual(near.map((is) => (is ? 0 : -1e4)));
});

it('turning by an angle moves both halves, and turning back undoes it', async () => {
  const graph = createGraph();
  const x = addInput(graph, 'x', 'float32', [1, 1, 2, 4]);
  const cosine = addInput(graph, 'cosine', 'float32', [1, 1, 2, 2]);
  const sine = addInput(graph, 'sine', 'float32', [1, 1, 2, 2]);
  const turned = rotate(graph, x, cosine, sine);
  const compiled = await compile(graph, [turned, rotate(graph, turned, cosine, sine, true)]);
  const angles = [0, Math.PI / 2, Math.PI, 0.3];
  const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const [y, back] = await compiled.run({
    x: values,
    cosine: Float32Array.from(angles, Math.cos),
    sine: Float32Array.from(angles, Math.sin),
  });
  await compiled.release();
  const { cos, sin } = Math;
  const expected = [1, -4, 3, 2, -5, 6 * cos(0.3) - 8 * sin(0.3), -7, 8 * cos(0.3) + 6 * sin(0.3)];
  expected.forEach((value, i) => expect(y![i]).toBeCloseTo(value, 5));
  values.forEach((value, i) => expect(back![i]).toBeCloseTo(value, 5));
});
