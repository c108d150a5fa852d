/** What the first values of a column show, for guessing what it holds. */
import { usualMissingValues } from '../../protocol/catalogue/reading.js';
import type { Row } from './corpus.js';
import { createDateVote } from './dateOrder.js';

export interface ColumnFacts {
  /** Values that are not missing. */
  readonly values: readonly string[];
  readonly distinct: number;
  /** In characters; 0 without a value. */
  readonly meanLength: number;
  /** A character of a language without blanks counts as a word. */
  readonly meanWords: number;
}

/** Facts of every field; `null` if there is no value to look at. */
export type AllFacts = ReadonlyMap<string, ColumnFacts> | null;

export function factsOf(
  fields: readonly string[],
  sample: readonly Row[],
  missingValues: readonly string[] = usualMissingValues,
): AllFacts {
  if (sample.length === 0) return null;
  return new Map(
    fields.map((field) => [field, factsOfValues(presentValues(sample, field, missingValues))]),
  );
}

/** A field's values without blanks around them, and without missing ones. */
export function presentValues(
  sample: readonly Row[],
  field: string,
  missingValues: readonly string[] = usualMissingValues,
): string[] {
  return sample.flatMap((row) => {
    const value = row.value(field)?.trim() ?? '';
    return value === '' || missingValues.includes(value) ? [] : [value];
  });
}

function factsOfValues(values: readonly string[]): ColumnFacts {
  const mean = (count: (value: string) => number): number =>
    values.reduce((sum, value) => sum + count(value), 0) / Math.max(1, values.length);
  return {
    values,
    distinct: new Set(values).size,
    meanLength: mean(({ length }) => length),
    meanWords: mean(wordsIn),
  };
}

function wordsIn(value: string): number {
  const unspaced = value.match(/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/gu)?.length ?? 0;
  return value.split(/\s+/).length + unspaced;
}

/** Mean length of the values, if they are words one after the other; 0 for codes and numbers. */
export function proseLength({ meanWords, meanLength }: ColumnFacts): number {
  return meanWords >= 2 ? meanLength : 0;
}

/** Whether hardly a value comes twice. */
export function isMostlyUnique({ values, distinct }: ColumnFacts): boolean {
  return distinct >= 0.9 * values.length;
}

/** Share of the values that can be read as dates of one convention. */
export function dateShare({ values }: ColumnFacts): number {
  const vote = createDateVote();
  for (const value of values) if (value.length <= 60) vote.add(value);
  return values.length === 0 ? 0 : vote.result().read / values.length;
}
