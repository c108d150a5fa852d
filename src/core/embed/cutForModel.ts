import { usageError } from '../base/errors.js';
import { cutPassages } from '../corpus/passages.js';
import type { Passage } from '../corpus/passages.js';
import type { EmbeddedAs } from '../model/prompts.js';
import type { Embedder } from './embedder.js';

/** Passages with fewer join their neighbours. */
const fewestTokens = 20;

/** Cuts a text into passages that fit the model's window together with its prompt. */
export function cutForModel(
  { tokenizer, maxTokens, prompts, modelFolder }: Embedder,
  text: string,
  as: EmbeddedAs,
): Passage[] {
  const prompt = prompts[as];
  const promptTokens = prompt === '' ? 0 : tokenizer.countTokens(prompt);
  // Leave room for the two special tokens.
  const most = maxTokens - 2 - promptTokens;
  if (most < 1) {
    throw usageError(
      `The ${as} prompt has ${promptTokens} tokens, which fill the ${maxTokens} of the model ${modelFolder}: shorten it.`,
    );
  }
  return cutPassages(text, {
    maxTokens: most,
    minTokens: Math.min(fewestTokens, most >> 2),
    // Together, since the last word of a prompt and the first of a text may share tokens.
    countTokens: (part) =>
      prompt === ''
        ? tokenizer.countTokens(part)
        : tokenizer.countTokens(prompt + part) - promptTokens,
  });
}
