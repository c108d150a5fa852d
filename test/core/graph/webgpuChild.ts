/**
 * Runs the reference models on WebGPU with the CPU fallback forbidden, in a process of its own, whose
 * Vulkan driver is SwiftShader. Prints one line of JSON.
 */
import { copyingModel } from '../../../src/core/backend/webgpu/copyingModel.js';
import { openOnDevice } from '../../../src/core/backend/webgpu/sessions.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { createSession } from '../../../src/core/graph/session.js';
import { maskedLmGraph } from '../../../src/core/objectives/microBatchGraph.js';
import { ntXentLoss } from '../../../src/core/objectives/ntXent.js';
import contrastive from '../../golden/contrastive/contrastive.json' with { type: 'json' };
import { evaluateLoss } from '../objectives/lossHarness.js';
import { bert, modernbert, mpnet, nomicBert, roberta, unpack } from '../objectives/golden.js';
import type { Reference } from '../objectives/golden.js';
import { createHarness, distance, norm } from '../objectives/trainingHarness.js';

const webgpu = { device: 'webgpu', threads: 1, forbidFallback: true } as const;

async function embeddingError(small: Reference): Promise<number> {
  const bytes = exportOnnx(small.config, small.goldenParameters(), { lowering: 'webgpu' });
  const session = await createSession(bytes, webgpu);
  const shape = [small.batchSize, small.sequenceLength];
  const embedding = new Float32Array(small.golden.embedding.length);
  const ids = Int32Array.from(small.golden.inputIds.flat());
  await session.run(
    {
      input_ids: { dtype: 'int32', data: ids, shape },
      attention_mask: { dtype: 'int32', data: Int32Array.from(small.attentionMask), shape },
    },
    {
      sentence_embedding: {
        dtype: 'float32',
        data: embedding,
        shape: [small.batchSize, small.config.hiddenSize],
      },
    },
  );
  await session.release();
  return Math.max(...embedding.map((value, i) => Math.abs(value - small.golden.embedding[i]!)));
}

/** With a window of several tiles of queries, of which short notes fill only the first. */
async function tilesError(small: Reference): Promise<number> {
  return embeddingError({ ...small, config: { ...small.config, maxPositionEmbeddings: 1024 } });
}

/** The greatest relative error of a gradient whose norm counts. */
async function gradientError(small: Reference): Promise<number> {
  const graph = maskedLmGraph(small.config, small.shape, {
    lowering: 'webgpu',
    dropout: true,
  });
  const harness = await createHarness(graph, small.specs, small.goldenParameters(), webgpu);
  await harness.run(small.goldenBatch());
  await harness.release();
  const references = small.specs.map(({ name }) => unpack(small.golden.gradients[name]));
  const globalNorm = Math.hypot(...references.map(norm));
  const errors = small.specs.map(({ name }, i) => {
    const reference = references[i]!;
    const error = distance(harness.gradients.get(name)!, reference);
    return norm(reference) > 1e-7 * globalNorm ? error / norm(reference) : 0;
  });
  return Math.max(...errors);
}

/** The same of NT-Xent, whose ops the other graphs do not have. */
async function contrastError(): Promise<number> {
  const one = contrastive.ntXent.find(({ name }) => name === 'close at 0.1')!;
  const { anchorCount, positivesPerAnchor, width } = one;
  const { gradients } = await evaluateLoss(
    {
      anchors: { shape: [anchorCount, width], data: unpack(one.anchors) },
      positives: {
        shape: [anchorCount * positivesPerAnchor, width],
        data: unpack(one.positives),
      },
      anchorWeights: { shape: [anchorCount], data: new Float32Array(anchorCount).fill(1) },
    },
    ['anchors', 'positives'],
    (graph, inputs) => ntXentLoss(graph, inputs, one.temperature),
    { lowering: 'webgpu', session: webgpu },
  );
  const reference = unpack(one.anchorGradient);
  return distance(gradients['anchors']!, reference) / norm(reference);
}

/** The CPU's formulation must be refused, or forbidding the fallback proves nothing. */
async function controlError(small: Reference): Promise<number> {
  const graph = maskedLmGraph(small.config, small.shape, { lowering: 'cpu', dropout: true });
  const session = await createSession(graph.bytes, webgpu);
  await session.release();
  return 0;
}

// The runtime forgets its compiled kernels with the last open session.
await openOnDevice(copyingModel(1));
const plain = [roberta, bert];
/** Those with ops of their own. */
const families = [...plain, mpnet, modernbert, nomicBert];
const outcome: Record<string, number | string> = {};
for (const [name, measure, models] of [
  ['embedding', embeddingError, plain],
  ['tiles', tilesError, [modernbert]],
  ['gradient', gradientError, families],
  ['contrast', contrastError, plain.slice(0, 1)],
  ['control', controlError, plain.slice(0, 1)],
] as const) {
  try {
    let greatest = 0;
    for (const model of models) greatest = Math.max(greatest, await measure(model));
    outcome[name] = greatest;
  } catch (error) {
    outcome[name] = String(error);
  }
}
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0));
