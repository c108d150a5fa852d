/** Which tokens surround a text, pad it, and stand for masked and unknown ones. */
import { failure } from '../base/errors.js';
import { stepsOf } from './tokenizerJson.js';
import type { Step, TokenizerJson } from './tokenizerJson.js';

export interface SpecialTokens {
  readonly cls: number;
  readonly sep: number;
  readonly pad: number;
  readonly mask: number;
  readonly unk: number;
}

/** Where tokenizer_config.json names none: RoBERTa's, then BERT's. */
const usualSpecialTokens: Readonly<Record<keyof SpecialTokens, readonly string[]>> = {
  cls: ['<s>', '[CLS]'],
  sep: ['</s>', '[SEP]'],
  pad: ['<pad>', '[PAD]'],
  mask: ['<mask>', '[MASK]'],
  unk: ['<unk>', '[UNK]'],
};

export function findSpecialTokens(
  ids: ReadonlyMap<string, number>,
  json: TokenizerJson,
  config: object,
): SpecialTokens {
  function id(part: keyof SpecialTokens): number {
    const name = specialTokenName(config, `${part}_token`);
    for (const candidate of [name, ...usualSpecialTokens[part]]) {
      const found = candidate === null ? undefined : ids.get(candidate);
      if (found !== undefined) return found;
    }
    throw failure(`The tokenizer of the model has no ${part} token: choose another model folder.`);
  }
  const around = surroundingTokens(json) ?? { cls: id('cls'), sep: id('sep') };
  return { ...around, pad: id('pad'), mask: id('mask'), unk: id('unk') };
}

/** A name is a string, or an object that holds it. */
export function specialTokenName(config: object, key: string): string | null {
  const value = (config as Readonly<Record<string, unknown>>)[key];
  const content = (value as { content?: unknown } | null | undefined)?.content;
  if (typeof value === 'string') return value;
  return typeof content === 'string' ? content : null;
}

/**
 * What the post-processor puts around a text, which names in the configuration do not change;
 * `null` if it does not say.
 */
function surroundingTokens(json: TokenizerJson): { cls: number; sep: number } | null {
  const steps = stepsOf(json.post_processor, 'processors');
  for (const step of steps) {
    if (step.type === 'RobertaProcessing' || step.type === 'BertProcessing') {
      const [cls, sep] = [idOfPair(step['cls']), idOfPair(step['sep'])];
      if (cls !== null && sep !== null) return { cls, sep };
    }
    if (step.type === 'TemplateProcessing') return templateTokens(step);
  }
  return null;
}

function idOfPair(pair: unknown): number | null {
  return Array.isArray(pair) && typeof pair[1] === 'number' ? pair[1] : null;
}

interface TemplatePart {
  readonly SpecialToken?: { readonly id: string };
  readonly Sequence?: object;
}

function templateTokens(step: Step): { cls: number; sep: number } {
  const parts = (step['single'] ?? []) as readonly TemplatePart[];
  const tokens = (step['special_tokens'] ?? {}) as Readonly<
    Record<string, { readonly ids: readonly number[] }>
  >;
  const at = parts.findIndex((part) => part.Sequence !== undefined);
  const idsOf = (some: readonly TemplatePart[]): readonly number[] =>
    some.flatMap((part) => tokens[part.SpecialToken?.id ?? '']?.ids ?? []);
  const [before, after] = [idsOf(parts.slice(0, at)), idsOf(parts.slice(at + 1))];
  const [[cls], [sep]] = [before, after];
  if (before.length === 1 && after.length === 1 && cls !== undefined && sep !== undefined) {
    return { cls, sep };
  }
  throw failure(
    `The tokenizer of the model puts ${before.length} tokens before a text and ${after.length} after it, where Notespace needs one each: choose another model.`,
  );
}
