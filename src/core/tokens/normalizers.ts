/** Normalizers of tokenizer.json, as Hugging Face's `tokenizers` has them. */
import { failure } from '../base/errors.js';
import { toByteSymbols } from './byteAlphabet.js';
import { charactersOf, whiteSpace } from './characters.js';
import { charsmapNormalizer } from './charsmap.js';
import { patternToRegExp } from './library.js';
import type { Pattern } from './library.js';
import { stepsOf } from './tokenizerJson.js';
import type { Step } from './tokenizerJson.js';

export type Normalize = (text: string) => string;

export function createNormalizer(json: Step | null | undefined): Normalize {
  const steps = stepsOf(json, 'normalizers').map(createStep);
  return (text) => steps.reduce((normalized, step) => step(normalized), text);
}

function createStep(step: Step): Normalize {
  switch (step.type) {
    case 'BertNormalizer':
      return bertNormalizer(step);
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = step.type;
      return (text) => toForm(text, form);
    }
    case 'Lowercase':
      return lowerCase;
    case 'StripAccents':
      return (text) => text.replace(combiningMarks, '');
    case 'Strip':
      return (text) => {
        const stripped = step['strip_left'] === true ? text.replace(spaceBefore, '') : text;
        return step['strip_right'] === true ? stripped.replace(spaceAfter, '') : stripped;
      };
    case 'Prepend':
      return (text) => (text === '' ? '' : `${String(step['prepend'])}${text}`);
    case 'Replace': {
      const pattern = patternToRegExp(step['pattern'] as Pattern);
      const content = String(step['content']);
      return (text) => text.replace(pattern, () => content);
    }
    case 'Precompiled': {
      const charsmap = step['precompiled_charsmap'];
      return typeof charsmap === 'string' && charsmap !== ''
        ? charsmapNormalizer(charsmap)
        : (text) => text;
    }
    case 'ByteLevel':
      return toByteSymbols;
    default:
      throw failure(
        `The tokenizer of the model normalizes by ${String(step.type)}, which Notespace does not have: choose another model.`,
      );
  }
}

const spaceBefore = new RegExp(`^${whiteSpace}+`, 'u');
const spaceAfter = new RegExp(`${whiteSpace}+$`, 'u');
const anySpace = new RegExp(whiteSpace, 'gu');
const removedByBert = new RegExp(`[${charactersOf('removedByBert')}]`, 'gu');
const combiningMarks = new RegExp(`[${charactersOf('combiningMarks')}]`, 'gu');
const nonspacingMarks = new RegExp(`[${charactersOf('nonspacingMarks')}]`, 'gu');
/** BERT's Chinese characters; the gap before U+2B920 is the original's. */
const chinese =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
/** Characters of later years, whose forms the original does not know. */
const undecomposed =
  /([\u{32ff}\u{a7f1}-\u{a7f4}\u{ab69}\u{105c9}\u{105e4}\u{10781}-\u{10785}\u{10787}-\u{107b0}\u{107b2}-\u{107ba}\u{11383}\u{11385}\u{1138e}\u{11391}\u{113c5}\u{113c7}-\u{113c8}\u{11938}\u{16121}-\u{16128}\u{16d68}-\u{16d6a}\u{1ccd6}-\u{1ccf9}\u{1e030}-\u{1e06d}\u{1f16c}\u{1fbf0}-\u{1fbf9}]+)/u;
const plain = /^[\x20-\x7e]*$/;

function toForm(text: string, form: string): string {
  if (!undecomposed.test(text)) return text.normalize(form);
  const parts = text.split(undecomposed);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.normalize(form))).join('');
}

/** JavaScript alone writes a final sigma differently. */
function lowerCase(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').toLowerCase();
}

function bertNormalizer(step: Step): Normalize {
  const lowers = step['lowercase'] === true;
  const accents = step['strip_accents'];
  const stripsAccents = typeof accents === 'boolean' ? accents : lowers;
  const cleans = step['clean_text'] !== false;
  const separatesChinese = step['handle_chinese_chars'] !== false;
  return (text) => {
    if (plain.test(text)) return lowers ? text.toLowerCase() : text;
    let normalized = text;
    if (cleans) normalized = normalized.replace(removedByBert, '').replace(anySpace, ' ');
    if (separatesChinese) normalized = normalized.replace(chinese, ' $& ');
    if (stripsAccents) normalized = toForm(normalized, 'NFD').replace(nonspacingMarks, '');
    return lowers ? lowerCase(normalized) : normalized;
  };
}
