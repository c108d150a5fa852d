/**
 * What a tokenizer class of transformers 5 builds from a vocabulary. These classes take the
 * vocabulary of tokenizer.json, and everything else from tokenizer_config.json and their own
 * defaults: the normalizer, pre-tokenizer and post-processor of tokenizer.json do not count.
 */
import type { ModelJson, Step } from './tokenizerJson.js';

export interface SourceVocabulary {
  readonly vocab: NonNullable<ModelJson['vocab']>;
  readonly merges: NonNullable<ModelJson['merges']>;
  /** SentencePiece's character map, base64. */
  readonly charsmap: string | null;
}

export type Settings = Readonly<Record<string, unknown>>;

/** Special tokens by their names in tokenizer_config.json, `mask_token` for one. */
export type SpecialNames = Readonly<Record<string, string>>;

export interface Layout {
  /** The class of transformers, as tokenizer_config.json names it. */
  readonly className: string;
  readonly modelType: 'WordPiece' | 'BPE' | 'Unigram';
  readonly specialNames: SpecialNames;
  /** Whether a mask token that is given by name alone absorbs white space before it. */
  readonly maskAbsorbsSpace: boolean;
  /** The tokens around a text, by name. */
  readonly around: readonly [before: string, after: string];
  build(vocabulary: SourceVocabulary, settings: Settings, names: SpecialNames): LayoutParts;
  postProcessor(before: NamedId, after: NamedId): Step;
  /** Pieces of a SentencePiece model in the order of the model's ids, from SentencePiece's order. */
  readonly orderPieces?: (
    pieces: readonly ScoredToken[],
    names: SpecialNames,
  ) => readonly ScoredToken[];
}

export type ScoredToken = readonly [token: string, score: number];

export interface NamedId {
  readonly token: string;
  readonly id: number;
}

export interface LayoutParts {
  readonly normalizer: Step | null;
  readonly pre_tokenizer: Step;
  readonly decoder: Step;
  readonly model: ModelJson;
  /** The settings that were applied, defaults included, for tokenizer_config.json. */
  readonly settings: Settings;
}

export function flag(settings: Settings, name: string, initial: boolean): boolean {
  const value = settings[name];
  return typeof value === 'boolean' ? value : initial;
}

/** One token before a text and one after it; a pair has `between` in the middle. */
export function template(
  before: NamedId,
  after: NamedId,
  { secondType, doubled }: { readonly secondType: number; readonly doubled: boolean },
): Step {
  const special = ({ token }: NamedId, type: number) => ({
    SpecialToken: { id: token, type_id: type },
  });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special(before, 0), sequence('A', 0), special(after, 0)];
  const second = [sequence('B', secondType), special(after, secondType)];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, ...(doubled ? [special(after, 0)] : []), ...second],
    special_tokens: Object.fromEntries(
      [before, after].map(({ token, id }) => [token, { id: token, ids: [id], tokens: [token] }]),
    ),
  };
}
