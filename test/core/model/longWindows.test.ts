/** Notes longer than a tile of queries: the exported encoder against the graph of plain attention. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { makeEncoderInputs } from '../../../src/core/encoder/declarations.js';
import { encode } from '../../../src/core/encoder/encode.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { createSession } from '../../../src/core/graph/session.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { compile } from '../graph/evaluate.js';
import { modernbert, nomicBert } from '../objectives/golden.js';
import type { Reference } from '../objectives/golden.js';

/** More than two tiles of 256 queries, and than one of 512. */
const sequence = 600;
const padded = 590;

describe.each([
  ['ModernBERT', modernbert],
  ['NomicBERT', nomicBert],
])('a long note: %s', (_name, reference) => {
  const config = { ...reference.config, maxPositionEmbeddings: 1024 };

  it('gives the hidden states of plain attention', async () => {
    const random = createRandom(5, 'note');
    const ids = Int32Array.from({ length: sequence }, () => 4 + random.integer(57));
    const mask = ids.map((_, i) => (i < padded ? 1 : 0));
    const plain = await plainHidden(config, reference, ids, mask);
    const served = await servedHidden(config, reference, ids, mask);
    for (let i = 0; i < padded * config.hiddenSize; i++) {
      expect(Math.abs(served[i]! - plain[i]!)).toBeLessThan(1e-5);
    }
  });
});

async function servedHidden(
  config: EncoderConfig,
  { goldenParameters }: Reference,
  ids: Int32Array,
  mask: Int32Array,
): Promise<Float32Array> {
  const bytes = exportOnnx(config, goldenParameters(), { lowering: 'cpu' });
  const session = await createSession(bytes, { device: 'cpu', threads: 1 });
  const hidden = new Float32Array(sequence * config.hiddenSize);
  const shape = [1, sequence];
  const input = (values: Int32Array) =>
    ({ dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape }) as const;
  await session.run(
    { input_ids: input(ids), attention_mask: input(mask) },
    {
      last_hidden_state: { dtype: 'float32', data: hidden, shape: [...shape, config.hiddenSize] },
    },
  );
  await session.release();
  return hidden;
}

async function plainHidden(
  config: EncoderConfig,
  { specs, goldenParameters }: Reference,
  ids: Int32Array,
  mask: Int32Array,
): Promise<Float32Array> {
  const graph = createGraph();
  const parameters = new Map(
    specs.map(({ name, shape }) => [name, addInput(graph, name, 'float32', shape)]),
  );
  const inputs = makeEncoderInputs(config, {
    inputIds: () => addInput(graph, 'inputIds', 'int32', [sequence]),
    positionIds: () => addInput(graph, 'positionIds', 'int32', [sequence]),
    tokenTypeIds: () => addInput(graph, 'tokenTypeIds', 'int32', [sequence]),
    attentionBias: () => addInput(graph, 'attentionBias', 'float32', [1, 1, 1, sequence]),
  });
  const parameter = (name: string) => parameters.get(name)!;
  const scope = { graph, config, batch: 1, sequence, parameter, dropout: null, lora: null };
  const compiled = await compile(graph, [encode(scope, inputs)]);
  const [hidden] = await compiled.run({
    ...Object.fromEntries(goldenParameters()),
    inputIds: ids,
    positionIds: ids.map((_, i) => i),
    attentionBias: Float32Array.from(mask, (kept) => (kept === 1 ? 0 : -1e4)),
  });
  await compiled.release();
  return hidden!;
}
