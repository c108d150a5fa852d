/**
 * Run in a child, since a graphics driver may crash: embeds the same notes with the CPU and with WebGPU
 * and prints how far the vectors are apart. Nothing may fall back to the CPU on the way.
 */
import { createSession } from '../../src/core/graph/session.js';
import type { HostTensor } from '../../src/core/graph/session.js';
import type { Device } from '../../src/protocol/catalogue/devices.js';
import { exportOnnx } from '../../src/core/model/exportOnnx.js';
import { readModel } from '../../src/core/model/readModel.js';
import { loadTokenizer } from '../../src/core/tokens/loadTokenizer.js';
import { embeddingError } from '../../src/engine/knownAnswer.js';
import { makeNotes } from './fixtures.js';

const folder = process.argv[2] ?? '';
const model = await readModel(folder);
const tokenizer = await loadTokenizer(folder);
const { cls, sep, pad } = tokenizer.special;
const sequences = makeNotes(6, 50).map(({ text }, i) =>
  Int32Array.of(cls, ...tokenizer.encode(text).subarray(0, 20 + 15 * i), sep),
);
const length = 112;
const shape = [sequences.length, length];
const ids = new Int32Array(sequences.length * length).fill(pad);
const mask = new Int32Array(ids.length);
sequences.forEach((sequence, row) => {
  ids.set(sequence, row * length);
  mask.fill(1, row * length, row * length + sequence.length);
});

async function embed(device: Device): Promise<Float32Array> {
  const lowering = device === 'webgpu' ? 'webgpu' : 'cpu';
  const onnx = exportOnnx(model.config, model.parameters, { lowering });
  const session = await createSession(onnx, {
    device,
    threads: 1,
    forbidFallback: device !== 'cpu',
  });
  const tensor = (data: Int32Array): HostTensor =>
    device === 'webgpu'
      ? { dtype: 'int32', data, shape }
      : { dtype: 'int64', data: BigInt64Array.from(data, BigInt), shape };
  const { hiddenSize } = model.config;
  const vectors = new Float32Array(sequences.length * hiddenSize);
  await session.run(
    { input_ids: tensor(ids), attention_mask: tensor(mask) },
    {
      sentence_embedding: {
        dtype: 'float32',
        data: vectors,
        shape: [sequences.length, hiddenSize],
      },
    },
  );
  await session.release();
  return vectors;
}

const cpu = await embed('cpu');
const webgpu = await embed('webgpu');
const largest = Math.max(...cpu.map(Math.abs));
const difference = Math.max(...cpu.map((value, i) => Math.abs(value - (webgpu[i] ?? NaN))));
const knownAnswer = await embeddingError('webgpu', 1, { forbidFallback: true });
process.stdout.write(`${JSON.stringify({ largest, difference, knownAnswer })}\n`, () =>
  process.exit(0),
);
