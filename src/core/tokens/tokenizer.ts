/** A Hugging Face tokenizer with a word cache, to be fast on many notes. */
import { failure } from '../base/errors.js';
import { byteLevelWords, toByteSymbols } from './byteAlphabet.js';
import { LibraryTokenizer } from './library.js';

export type TokenizerKind = 'byte-level-bpe' | 'bpe' | 'wordpiece' | 'unigram';

export interface SpecialTokens {
  readonly cls: number;
  readonly sep: number;
  readonly pad: number;
  readonly mask: number;
  readonly unk: number;
}

/** Tokenizer files of a model folder, to be written into another. */
export interface TokenizerFiles {
  readonly tokenizerJson: object;
  readonly tokenizerConfig: object;
}

export interface Tokenizer {
  readonly kind: TokenizerKind;
  /** Rows of the embedding table: the highest id + 1. */
  readonly vocabularySize: number;
  readonly special: SpecialTokens;
  readonly specialIds: ReadonlySet<number>;
  /** Ids of the whole text, without special tokens. */
  encode(text: string): Int32Array;
  countTokens(text: string): number;
  /** Whether a word starts with this token (after a space, in byte-level vocabularies). */
  isWordStart(id: number): boolean;
  readonly files: TokenizerFiles;
}

/** Words repeat within a corpus; the cache is cleared beyond this many distinct ones. */
const rememberedWords = 200_000;

export function createTokenizer(tokenizerJson: object, tokenizerConfig: object): Tokenizer {
  const library = createLibraryTokenizer(tokenizerJson, tokenizerConfig);
  const json = tokenizerJson as TokenizerJson;
  const kind = kindOf(json);
  const tokens = [...library.get_vocab()];
  const vocabularySize = tokens.reduce((size, [, id]) => Math.max(size, id + 1), 0);
  const special = findSpecialTokens(library, tokenizerConfig);
  const specialIds = new Set<number>(
    (json.added_tokens ?? []).filter((token) => token.special === true).map((token) => token.id),
  );
  const { cls, sep, pad, mask, unk } = special;
  for (const id of [cls, sep, pad, mask, unk]) specialIds.add(id);
  const wordStarts = new Uint8Array(vocabularySize);
  for (const [token, id] of tokens) wordStarts[id] = startsWord(token, kind) ? 1 : 0;

  const split = wordSplitter(library, json, tokenizerConfig);
  const addedTokens = addedTokenPattern(json);
  const words = new Map<string, Int32Array>();

  function idsOf(names: readonly string[]): Int32Array {
    return Int32Array.from(names, (name) => library.token_to_id(name) ?? special.unk);
  }

  function wordIds(word: string): Int32Array {
    let ids = words.get(word);
    if (ids === undefined) {
      if (words.size >= rememberedWords) words.clear();
      ids = idsOf(library.model?.([split.toPreToken(word)]) ?? []);
      words.set(word, ids);
    }
    return ids;
  }

  // JavaScript lower-cases a final sigma differently from the reference implementation.
  const prepared = (text: string): string =>
    json.normalizer?.lowercase === true ? text.replaceAll('\u03a3', '\u03c3') : text;

  /**
   * `null` if the text contains a special token such as "<mask>" verbatim: the library handles
   * those.
   */
  function encodeWords(text: string): Int32Array[] | null {
    if (split.words === null || addedTokens?.test(text) === true) return null;
    const normalized = library.normalizer === null ? text : library.normalizer(text);
    if (normalized !== text && addedTokens?.test(normalized) === true) return null;
    return split.words(normalized).map(wordIds);
  }

  return {
    kind,
    vocabularySize,
    special,
    specialIds,
    encode(original) {
      const text = prepared(original);
      const parts = encodeWords(text);
      return parts === null ? idsOf(library.tokenize(text)) : joined(parts);
    },
    countTokens(original) {
      const text = prepared(original);
      const parts = encodeWords(text);
      if (parts === null) return library.tokenize(text).length;
      return parts.reduce((count, part) => count + part.length, 0);
    },
    isWordStart: (id) => wordStarts[id] === 1,
    files: { tokenizerJson, tokenizerConfig },
  };
}

/** The parts of tokenizer.json that we read; the library reads the rest. */
interface TokenizerJson {
  readonly model?: { readonly type?: string; readonly continuing_subword_prefix?: string };
  readonly normalizer?: { readonly lowercase?: boolean } | null;
  readonly pre_tokenizer?: PreTokenizerJson | null;
  readonly added_tokens?: readonly {
    readonly id: number;
    readonly content: string;
    readonly special?: boolean;
  }[];
}

interface PreTokenizerJson {
  readonly type?: string;
  readonly add_prefix_space?: boolean;
  readonly use_regex?: boolean;
  readonly pretokenizers?: readonly PreTokenizerJson[];
}

function createLibraryTokenizer(json: object, config: object): LibraryTokenizer {
  try {
    return new LibraryTokenizer(json, config);
  } catch (error) {
    throw failure('The tokenizer of the model cannot be used: its tokenizer.json is damaged.', {
      cause: error,
    });
  }
}

function kindOf(json: TokenizerJson): TokenizerKind {
  switch (json.model?.type) {
    case 'WordPiece':
      return 'wordpiece';
    case 'Unigram':
      return 'unigram';
    default:
      return preTokenizers(json).some((step) => step.type === 'ByteLevel')
        ? 'byte-level-bpe'
        : 'bpe';
  }
}

function preTokenizers(json: TokenizerJson): readonly PreTokenizerJson[] {
  const step = json.pre_tokenizer ?? null;
  if (step === null) return [];
  return step.type === 'Sequence' ? (step.pretokenizers ?? []) : [step];
}

function startsWord(token: string, kind: TokenizerKind): boolean {
  switch (kind) {
    case 'wordpiece':
      return !token.startsWith('##');
    case 'unigram':
      return token.startsWith('\u2581');
    case 'bpe':
      return true;
    case 'byte-level-bpe':
      // Ġ, Ċ, ĉ, č: space, line feed, tab, carriage return.
      return /^[\u0120\u010a\u0109\u010d]/.test(token);
  }
}

interface WordSplitter {
  /** `null` if only the library can cut these. */
  readonly words: ((text: string) => string[]) | null;
  toPreToken(word: string): string;
}

function wordSplitter(
  library: LibraryTokenizer,
  json: TokenizerJson,
  config: { readonly remove_space?: boolean; readonly do_lowercase_and_remove_accent?: boolean },
): WordSplitter {
  const asIs = (word: string): string => word;
  if (config.remove_space === true || config.do_lowercase_and_remove_accent === true) {
    return { words: null, toPreToken: asIs };
  }
  const steps = preTokenizers(json);
  const [step] = steps;
  if (steps.length === 1 && step?.type === 'ByteLevel' && step.use_regex !== false) {
    const prefixed = step.add_prefix_space === true;
    return {
      words(text) {
        const full = prefixed && text !== '' && !text.startsWith(' ') ? ` ${text}` : text;
        return full.match(byteLevelWords) ?? [];
      },
      toPreToken: toByteSymbols,
    };
  }
  const { pre_tokenizer: preTokenizer } = library;
  if (preTokenizer === null) return { words: null, toPreToken: asIs };
  return { words: (text) => preTokenizer(text, { section_index: 0 }), toPreToken: asIs };
}

function addedTokenPattern(json: TokenizerJson): RegExp | null {
  const contents = (json.added_tokens ?? []).map((token) => token.content);
  if (contents.length === 0) return null;
  return new RegExp(contents.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
}

/**
 * Used if tokenizer_config.json names none: byte-level BPE's (RoBERTa), then WordPiece's (BERT).
 */
const usualSpecialTokens: Readonly<Record<keyof SpecialTokens, readonly string[]>> = {
  cls: ['<s>', '[CLS]'],
  sep: ['</s>', '[SEP]'],
  pad: ['<pad>', '[PAD]'],
  mask: ['<mask>', '[MASK]'],
  unk: ['<unk>', '[UNK]'],
};

function findSpecialTokens(library: LibraryTokenizer, config: object): SpecialTokens {
  function id(part: keyof SpecialTokens): number {
    const named = (config as Readonly<Record<string, unknown>>)[`${part}_token`];
    const name =
      typeof named === 'object' ? (named as { content?: unknown } | null)?.content : named;
    for (const candidate of [name, ...usualSpecialTokens[part]]) {
      const found = typeof candidate === 'string' ? library.token_to_id(candidate) : undefined;
      if (found !== undefined) return found;
    }
    throw failure(`The tokenizer of the model has no ${part} token: choose another model folder.`);
  }
  return { cls: id('cls'), sep: id('sep'), pad: id('pad'), mask: id('mask'), unk: id('unk') };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
