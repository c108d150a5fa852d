/** Texts that a model wants before what it embeds. */
import { usageError } from '../base/errors.js';
import type { SentencePrompts } from './sentenceEmbedding.js';

/** Free text and hovered paragraphs are queries; notes are documents. */
export type EmbeddedAs = 'query' | 'document';

/** Empty: none. */
export type Prompts = Readonly<Record<EmbeddedAs, string>>;

/** The user's, for models whose folder has none. */
export type GivenPrompts = Readonly<Partial<Record<EmbeddedAs, string>>>;

/**
 * Names in order of preference: those of `encode_query` and `encode_document` of
 * sentence-transformers. Neither falls back on the default prompt.
 */
const names: Readonly<Record<EmbeddedAs, readonly string[]>> = {
  query: ['query'],
  document: ['document', 'passage', 'corpus'],
};

/** The folder's own prompts, or where it has none the given ones. */
export function resolvePrompts(own: SentencePrompts, given: GivenPrompts = {}): Prompts {
  const resolve = (as: EmbeddedAs): string => ownPrompt(own, as) || (given[as] ?? '');
  return { query: resolve('query'), document: resolve('document') };
}

/** Throws if a given prompt differs from the folder's own. */
export function refuseOtherPrompts(own: SentencePrompts, given: GivenPrompts): void {
  for (const as of ['query', 'document'] as const) {
    const prompt = ownPrompt(own, as);
    if (prompt === '' || given[as] === undefined || given[as] === prompt) continue;
    throw usageError(
      `The model has a ${as} prompt of its own, ${JSON.stringify(prompt)}: leave out --${as}-prompt.`,
    );
  }
}

function ownPrompt({ named }: SentencePrompts, as: EmbeddedAs): string {
  return names[as].map((name) => named[name] ?? '').find((prompt) => prompt !== '') ?? '';
}
