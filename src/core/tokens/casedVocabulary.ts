import { stepsOf } from './tokenizerJson.js';
import type { TokenizerJson } from './tokenizerJson.js';
import type { Tokenizer } from './tokenizer.js';
import { vocabularyOf } from './tokenModel.js';

/** A lower-cased vocabulary has none but the names of special tokens. */
const capitalShare = 0.05;

/**
 * A remark for the user if the vocabulary keeps capitals that no text will have, because every text
 * is lower-cased; `null` otherwise. transformers lower-cases too where a folder does not say.
 */
export function casedVocabularyRemark({ files }: Pick<Tokenizer, 'files'>): string | null {
  const json = files.tokenizerJson as TokenizerJson;
  const lowers = stepsOf(json.normalizer, 'normalizers').some(
    (step) => step.type === 'Lowercase' || step['lowercase'] === true,
  );
  if (!lowers) return null;
  const tokens = [...vocabularyOf(json.model ?? {}).keys()];
  const special = new Set(json.added_tokens?.map(({ content }) => content));
  const capitals = tokens.filter((token) => /\p{Lu}/u.test(token) && !special.has(token)).length;
  if (capitals <= capitalShare * tokens.length) return null;
  return `The model's vocabulary has capitals (${capitals} of its ${tokens.length} tokens), but its settings lower-case every text: if it was trained on text with capitals, set "do_lower_case": false in its tokenizer_config.json.`;
}
