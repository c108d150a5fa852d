import { failure } from '../base/errors.js';
import type { EncoderConfig } from '../encoder/config.js';
import { loadTokenizer } from '../tokens/loadTokenizer.js';
import { lowerCasing } from '../tokens/lowerCase.js';
import { createTokenizer } from '../tokens/tokenizer.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { lowersCase } from './sentenceTransformers.js';

/** Reads a model's tokenizer; throws if it has tokens for which the model has no vector. */
export async function readTokenizer(
  modelFolder: string,
  config: Pick<EncoderConfig, 'vocabularySize'>,
): Promise<Tokenizer> {
  const found = await loadTokenizer(modelFolder);
  const tokenizer = (await lowersCase(modelFolder)) ? lowered(found) : found;
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw failure(
      `The tokenizer of ${modelFolder} knows ${tokenizer.vocabularySize} tokens and its model ${config.vocabularySize}, so they do not belong together: put the model's own tokenizer into the folder, or choose another model.`,
    );
  }
  return composing(tokenizer);
}

/** Composes accents (NFC) first, so that both spellings of a text have the same tokens. */
function composing(tokenizer: Tokenizer): Tokenizer {
  return {
    ...tokenizer,
    encode: (text) => tokenizer.encode(text.normalize('NFC')),
    countTokens: (text) => tokenizer.countTokens(text.normalize('NFC')),
  };
}

function lowered(tokenizer: Tokenizer): Tokenizer {
  const files = lowerCasing(tokenizer.files);
  return files.tokenizerJson === tokenizer.files.tokenizerJson
    ? tokenizer
    : createTokenizer(files.tokenizerJson, files.tokenizerConfig);
}
