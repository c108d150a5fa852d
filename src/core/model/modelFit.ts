/** What a model is good for, in one line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { families } from '../../protocol/catalogue/families.js';
import { poolingLabel } from '../../protocol/catalogue/poolings.js';
import { count } from '../base/wording.js';
import type { EncoderConfig } from '../encoder/config.js';
import { modelFileNames } from './fileNames.js';
import { resolvePrompts } from './prompts.js';
import type { SentenceEmbedding } from './sentenceEmbedding.js';
import { readSentenceEmbedding } from './sentenceTransformers.js';

/**
 * "BERT, reads 256 tokens at a time, embeds a text as the mean over its tokens, licence apache-2.0".
 */
export async function modelFit(folder: string, config: EncoderConfig): Promise<string> {
  const sentence = await readSentenceEmbedding(folder, config);
  const licence = await readLicence(folder);
  return [
    families[config.modelType].label,
    `reads ${count(sentence.maxTokens)} tokens at a time`,
    `embeds a text as ${embeddingInWords(sentence)}`,
    ...(licence === null ? [] : [`licence ${licence}`]),
  ].join(', ');
}

function embeddingInWords({ poolings, layers, prompts }: SentenceEmbedding): string {
  const dense = layers.some(({ kind }) => kind === 'dense') ? ' through a Dense layer' : '';
  const { query, document } = resolvePrompts(prompts);
  const prompted = query === '' && document === '' ? '' : ' with prompts';
  return `${poolingLabel(poolings)}${dense}${prompted}`;
}

/** The licence that the card's front matter names; `null` if it names none. */
async function readLicence(folder: string): Promise<string | null> {
  let card: string;
  try {
    card = await readFile(join(folder, modelFileNames.card), 'utf8');
  } catch {
    // A model without a readable card is as good a model.
    return null;
  }
  const [, front = ''] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(card) ?? [];
  const named = (key: string): string | null =>
    new RegExp(`^${key}:[ \\t]*["']?([\\w.+-]+)["']?[ \\t]*\\r?$`, 'm').exec(front)?.[1] ?? null;
  const licence = named('license');
  return licence === 'other' ? named('license_name') : licence;
}
