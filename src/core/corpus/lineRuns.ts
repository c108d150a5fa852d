/**
 * Notices tables with a row for each line of a note: the id repeats, and a column counts up within it.
 */
import { fieldRoles } from '../../protocol/catalogue/fieldRoles.js';
import type { LineColumns, Row } from './corpus.js';
import { isPersonNamed, nameParts } from './identifiers.js';

/**
 * @param number the column that numbers lines, if it is known
 * @returns `null` unless lines of a note follow each other in the sample
 */
export function findLineColumns(
  fields: readonly string[],
  sample: readonly Row[],
  number?: string,
): LineColumns | null {
  for (const field of number === undefined ? fields : [number]) {
    const starts = runStarts(sample.map((row) => row.value(field)));
    if (starts === null) continue;
    const constant = fields.filter((other) => other !== field && isConstant(other, sample, starts));
    const named = (name: string): number => {
      const at = fieldRoles.id.usualNames.findIndex((usual) => usual === plain(name));
      if (at >= 0) return at;
      return nameParts(name).some((part) => part === 'id' || part === 'key') ? 100 : 200;
    };
    const [id] = constant
      .filter((name) => number !== undefined || !isPersonNamed(name))
      .toSorted((a, b) => named(a) - named(b));
    if (id !== undefined) return { id, number: field };
  }
  return null;
}

function plain(name: string): string {
  return nameParts(name).join('');
}

/** First rows of runs 1, 2, 3 … (or from 0); `null` if the values are none. */
function runStarts(values: readonly (string | null)[]): number[] | null {
  const starts: number[] = [];
  let before = NaN;
  for (const [row, written] of values.entries()) {
    if (written === null || !/^\s*\d{1,6}(\.0)?\s*$/.test(written)) return null;
    const value = Number(written);
    if (value !== before + 1) {
      if (value > 1) return null;
      starts.push(row);
    }
    before = value;
  }
  const isRepeated = starts.length >= 2 && values.length >= 1.5 * starts.length;
  return isRepeated ? starts : null;
}

/** Whether a column has one value in each run, another in each, and none is missing. */
function isConstant(field: string, sample: readonly Row[], starts: readonly number[]): boolean {
  const seen = new Set<string>();
  for (const [i, start] of starts.entries()) {
    const value = sample[start]?.value(field) ?? '';
    if (value.trim() === '' || seen.has(value)) return false;
    seen.add(value);
    const run = sample.slice(start, starts[i + 1] ?? sample.length);
    if (run.some((row) => row.value(field) !== value)) return false;
  }
  return true;
}
