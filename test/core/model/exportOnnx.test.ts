import { describe, expect, it } from 'vitest';
import { encode } from '../../../src/core/encoder/encode.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type { Value } from '../../../src/core/graph/graph.js';
import { createSession } from '../../../src/core/graph/session.js';
import type { HostTensor } from '../../../src/core/graph/session.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { compile } from '../graph/evaluate.js';
import { references, unpack } from '../objectives/golden.js';
import type { Reference } from '../objectives/golden.js';

describe.each(references)('the exported encoder: %s', (_name, reference) => {
  const { attentionMask, config, golden, goldenParameters } = reference;

  it.each(['cpu', 'webgpu'] as const)(
    'embeds as the training graph and transformers do (%s)',
    async (lowering) => {
      const { embedding, hidden } = await embed(
        reference,
        lowering,
        golden.inputIds,
        attentionMask,
      );
      const trained = await trainingGraphEmbedding(reference);
      embedding.forEach((value, i) => {
        expect(Math.abs(value - trained[i]!)).toBeLessThan(1e-5);
        expect(Math.abs(value - golden.embedding[i]!)).toBeLessThan(1e-5);
      });
      unpack(golden.hiddenStates).forEach((value, i) => {
        const isPadding = attentionMask[Math.floor(i / config.hiddenSize)] === 0;
        if (!isPadding) expect(Math.abs(value - hidden[i]!)).toBeLessThan(1e-5);
      });
    },
  );

  it('takes batches of any size, and padding changes nothing', async () => {
    const [first] = golden.inputIds;
    const padding = [0, 0, 0].fill(config.padTokenId);
    const ids = [...first!.slice(0, 5), ...padding];
    const { embedding: padded } = await embed(reference, 'cpu', [ids], [1, 1, 1, 1, 1, 0, 0, 0]);
    const { embedding: bare } = await embed(reference, 'cpu', [ids.slice(0, 5)], [1, 1, 1, 1, 1]);
    padded.forEach((value, i) => expect(Math.abs(value - bare[i]!)).toBeLessThan(1e-5));
  });

  it('refuses parameters that do not fit', () => {
    const parameters = goldenParameters();
    const name = reference.specs.find(({ use }) => use === 'vector')!.name;
    parameters.set(name, new Float32Array(3));
    expect(() => exportOnnx(config, parameters, { lowering: 'cpu' })).toThrow(
      `the parameter "${name}" does not fit`,
    );
  });
});

async function embed(
  { config, goldenParameters }: Reference,
  lowering: 'cpu' | 'webgpu',
  ids: readonly (readonly number[])[],
  mask: readonly number[],
): Promise<{ embedding: Float32Array; hidden: Float32Array }> {
  const width = config.hiddenSize;
  const bytes = exportOnnx(config, goldenParameters(), { lowering });
  const session = await createSession(bytes, { device: 'cpu', threads: 1 });
  const shape = [ids.length, ids[0]!.length];
  const integers = (values: readonly number[]): HostTensor =>
    lowering === 'cpu'
      ? { dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape }
      : { dtype: 'int32', data: Int32Array.from(values), shape };
  const embedding = new Float32Array(ids.length * width);
  const hidden = new Float32Array(ids.flat().length * width);
  await session.run(
    { input_ids: integers(ids.flat()), attention_mask: integers(mask) },
    {
      sentence_embedding: { dtype: 'float32', data: embedding, shape: [ids.length, width] },
      last_hidden_state: { dtype: 'float32', data: hidden, shape: [...shape, width] },
    },
  );
  await session.release();
  return { embedding, hidden };
}

/** Mean of the hidden states of the graph that training differentiates. */
async function trainingGraphEmbedding(reference: Reference): Promise<Float32Array> {
  const { attentionMask, batchSize, config, sequenceLength, specs } = reference;
  const width = config.hiddenSize;
  const graph = createGraph();
  const values = new Map<string, Value>(
    specs.map(({ name, shape }) => [name, addInput(graph, name, 'float32', shape)]),
  );
  const tokens = [batchSize * sequenceLength];
  const scope = {
    graph,
    config,
    batch: batchSize,
    sequence: sequenceLength,
    parameter: (name: string) => values.get(name)!,
    dropout: null,
    lora: null,
  };
  const hidden = encode(scope, {
    inputIds: addInput(graph, 'inputIds', 'int32', tokens),
    positionIds: addInput(graph, 'positionIds', 'int32', tokens),
    tokenTypeIds: addInput(graph, 'tokenTypeIds', 'int32', tokens),
    attentionBias: addInput(graph, 'attentionBias', 'float32', [batchSize, 1, 1, sequenceLength]),
  });
  const compiled = await compile(graph, [hidden]);
  const feeds = { ...reference.goldenBatch(), ...Object.fromEntries(reference.goldenParameters()) };
  const [states] = await compiled.run(feeds);
  await compiled.release();
  const pooled = new Float32Array(batchSize * width);
  for (let example = 0; example < batchSize; example++) {
    const rows = Array.from({ length: sequenceLength }, (_, i) => example * sequenceLength + i);
    const kept = rows.filter((row) => attentionMask[row] === 1);
    for (const row of kept) {
      for (let j = 0; j < width; j++) {
        pooled[example * width + j]! += states![row * width + j]! / kept.length;
      }
    }
  }
  return pooled;
}
