/** The parts of tokenizer.json that are read here. */

/** A normalizer, pre-tokenizer or post-processor: its type and its settings. */
export interface Step {
  readonly type?: string;
  readonly [setting: string]: unknown;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Found only where no letter, digit or underscore touches it. */
  readonly single_word: boolean;
  /** Whether white space before it, or after it, belongs to it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Looked for in the normalized text, in normalized form; otherwise in the text as it is. */
  readonly normalized: boolean;
  readonly special: boolean;
}

export interface ModelJson {
  readonly type?: string;
  /** Token to id, or [token, score] in the order of ids (Unigram). */
  readonly vocab?:
    Readonly<Record<string, number>> | readonly (readonly [token: string, score: number])[];
  readonly merges?: readonly (string | readonly [string, string])[];
  readonly unk_token?: string | null;
  readonly unk_id?: number | null;
  readonly byte_fallback?: boolean;
  readonly continuing_subword_prefix?: string | null;
}

export interface TokenizerJson {
  readonly model?: ModelJson;
  readonly normalizer?: Step | null;
  readonly pre_tokenizer?: Step | null;
  readonly post_processor?: Step | null;
  readonly added_tokens?: readonly AddedToken[];
}

/** The steps inside a `Sequence`, or the step alone. */
export function stepsOf(step: Step | null | undefined, inner: string): readonly Step[] {
  if (step === null || step === undefined) return [];
  if (step.type !== 'Sequence') return [step];
  const steps = step[inner];
  return Array.isArray(steps) ? steps.flatMap((each: Step) => stepsOf(each, inner)) : [];
}
