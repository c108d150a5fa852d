/** Pre-tokenizers of tokenizer.json, as Hugging Face's `tokenizers` has them. */
import { failure } from '../base/errors.js';
import { byteLevelWords, toByteSymbols } from './byteAlphabet.js';
import { charactersOf, whiteSpace } from './characters.js';
import { patternToRegExp } from './library.js';
import type { Pattern } from './library.js';
import { cutAt, isBehavior } from './cutAt.js';
import type { Behavior } from './cutAt.js';
import { stepsOf } from './tokenizerJson.js';
import type { Step } from './tokenizerJson.js';

/** @param atStart Whether `text` is the beginning of the whole text. */
type Cut = (text: string, atStart: boolean) => readonly string[];

export interface PreTokenizer {
  readonly cut: Cut;
  /** What the model reads of a word; a function of the word alone, so that it can be cached. */
  toPreToken(word: string): string;
}

export function createPreTokenizer(json: Step | null | undefined): PreTokenizer {
  const steps = stepsOf(json, 'pretokenizers');
  const last = steps.at(-1);
  const cuts = steps.map((step) => createCut(step));
  const [first, ...rest] = cuts.map((cut, i): Cut => {
    if (steps[i]?.type !== 'ByteLevel' || steps[i] === last) return cut;
    return (text, atStart) => cut(text, atStart).map(toByteSymbols);
  });
  return {
    toPreToken: last?.type === 'ByteLevel' ? toByteSymbols : (word) => word,
    cut(text, atStart) {
      if (first === undefined) return [text];
      return rest.reduce(
        (pieces, cut) =>
          pieces.flatMap((piece, i) => cut(piece, atStart && i === 0 && text.startsWith(piece))),
        first(text, atStart),
      );
    },
  };
}

const words = new RegExp(`[^${whiteSpace}]+`, 'gu');
const wordCharacters = charactersOf('wordCharacters');
const wordsOrSymbols = new RegExp(`[${wordCharacters}]+|[^${wordCharacters}${whiteSpace}]+`, 'gu');
const punctuation = charactersOf('punctuation');
const bertWords = new RegExp(`[^${whiteSpace}${punctuation}]+|[${punctuation}]`, 'gu');

function createCut(step: Step): Cut {
  switch (step.type) {
    case 'BertPreTokenizer':
      return (text) => text.match(bertWords) ?? [];
    case 'ByteLevel':
      return byteLevel(step);
    case 'WhitespaceSplit':
      return (text) => text.match(words) ?? [];
    case 'Whitespace':
      return (text) => text.match(wordsOrSymbols) ?? [];
    case 'Metaspace':
      return metaspace(step);
    case 'Split':
      return split(patternToRegExp(step['pattern'] as Pattern), step, 'Removed');
    case 'CharDelimiterSplit':
      return split(patternToRegExp({ String: String(step['delimiter']) }), {}, 'Removed');
    case 'Punctuation':
      return split(new RegExp(`[${punctuation}]`, 'gu'), step, 'Isolated');
    case 'Digits':
      return split(/\p{N}/gu, {}, step['individual_digits'] === true ? 'Isolated' : 'Contiguous');
    default:
      throw failure(
        `The tokenizer of the model cuts words by ${String(step.type)}, which Notespace does not have: choose another model.`,
      );
  }
}

function byteLevel(step: Step): Cut {
  const prefixes = step['add_prefix_space'] === true;
  const cuts = step['use_regex'] !== false;
  return (text) => {
    const full = prefixes && !text.startsWith(' ') ? ` ${text}` : text;
    return cuts ? (full.match(byteLevelWords) ?? []) : [full];
  };
}

/** `split` is not in the library, which would let a token reach over a space. */
function metaspace(step: Step): Cut {
  const symbol = typeof step['replacement'] === 'string' ? step['replacement'] : '\u2581';
  const scheme =
    step['prepend_scheme'] ?? (step['add_prefix_space'] === false ? 'never' : 'always');
  const pieces = patternToRegExp({ String: symbol });
  return (text, atStart) => {
    const replaced = text.replaceAll(' ', symbol);
    const prefixes = scheme === 'always' || (scheme === 'first' && atStart);
    const full = prefixes && !replaced.startsWith(symbol) ? symbol + replaced : replaced;
    return step['split'] === false ? [full] : cutAt(full, pieces, 'MergedWithNext');
  };
}

function split(pattern: RegExp, step: Step, usual: Behavior): Cut {
  const behavior = isBehavior(step['behavior']) ? step['behavior'] : usual;
  return (text) => cutAt(text, pattern, behavior, step['invert'] === true);
}
