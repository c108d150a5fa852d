/** Embeds the golden texts on WebGPU, in a process of its own; prints the largest difference. */
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import golden from '../../golden/transformers/embeddings.json' with { type: 'json' };

const [modelFolder = '', cacheFolder = ''] = process.argv.slice(2);
const embedder = await createEmbedder({ modelFolder, cacheFolder, device: 'webgpu', threads: 1 });
const { vectors } = await embedder.embedPassages(golden.texts);
await embedder.release();
const expected = golden.embeddings.flat();
const difference = Math.max(...expected.map((value, i) => Math.abs(value - vectors[i]!)));
process.stdout.write(JSON.stringify({ difference }));
