/** Identifies what a model makes of a text, beyond its weights. */
import { join } from 'node:path';
import { hashFile, hashText } from '../base/hash.js';
import type { EncoderConfig } from '../encoder/config.js';
import { modelHash } from './modelFiles.js';
import { averagesTokens, meanEmbedding } from './sentenceEmbedding.js';
import type { SentenceEmbedding } from './sentenceEmbedding.js';
import { weightFiles } from './weightFiles.js';

/**
 * Two models with the same hash give a document the same vector. The model's own hash where it
 * takes the mean over all tokens of a whole window, without a prompt.
 *
 * @param documentPrompt as resolved
 */
export async function embeddingHash(
  folder: string,
  config: EncoderConfig,
  sentence: SentenceEmbedding,
  documentPrompt: string,
): Promise<string> {
  const { maxTokens, lowerCase, truncatedTo, includePrompt } = sentence;
  const isPlain =
    averagesTokens(sentence) &&
    sentence.layers.every(({ kind }) => kind === 'normalise') &&
    maxTokens === meanEmbedding(config).maxTokens &&
    !lowerCase &&
    truncatedTo === null &&
    documentPrompt === '';
  const model = await modelHash(folder);
  if (isPlain) return model;
  const prompt = documentPrompt === '' ? null : { documentPrompt, includePrompt };
  const vectors = await pooledHash(folder, sentence);
  return hashText(JSON.stringify([model, vectors, maxTokens, lowerCase, truncatedTo, prompt]));
}

/** Identifies the model's ONNX graph; the model's own hash where the graph ends with the mean. */
export async function graphHash(folder: string, sentence: SentenceEmbedding): Promise<string> {
  const { poolings, layers, includePrompt } = sentence;
  const model = await modelHash(folder);
  if (poolings.join() === 'mean' && layers.length === 0 && includePrompt) return model;
  return hashText(JSON.stringify([model, await pooledHash(folder, sentence), includePrompt]));
}

async function pooledHash(
  folder: string,
  { poolings, layers }: SentenceEmbedding,
): Promise<string> {
  const weights: string[] = [];
  for (const layer of layers) {
    if (layer.kind !== 'dense') continue;
    const place = join(folder, layer.folder);
    for (const name of await weightFiles(place)) weights.push(await hashFile(join(place, name)));
  }
  const described = layers.map((layer) => ({ ...layer, folder: null }));
  return hashText(JSON.stringify([poolings, described, weights]));
}
