import { failure } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { loadTokenizer } from '../tokens/loadTokenizer.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

/** Reads a model's tokenizer; throws if it has tokens for which the model has no vector. */
export async function readTokenizer(
  modelFolder: string,
  config: Pick<EncoderConfig, 'vocabularySize'>,
): Promise<Tokenizer> {
  const tokenizer = await loadTokenizer(modelFolder);
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw failure(
      `The tokenizer of ${modelFolder} knows ${tokenizer.vocabularySize} tokens and its model ${config.vocabularySize}, so they do not belong together: put the model's own tokenizer into the folder, or choose another model.`,
    );
  }
  return tokenizer;
}
