/** Notices what programs that exported a corpus cut off or rounded, and says so once. */
import type { ReportProblem, RowSource } from './corpus.js';
import type { Document } from './document.js';

export interface SpoiltValues {
  see(document: Document): void;
  report(name: string, report: ReportProblem): void;
}

/**
 * Lengths at which databases and spreadsheets cut texts, and how many notes of just that length are
 * needed to speak of it: 32,767 is a cell of Excel, 65,535 one of SQL Server Management Studio.
 */
const limits: ReadonlyMap<number, number> = new Map([
  ...[250, 255, 256, 500, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8000, 8192].map(
    (length) => [length, 2] as const,
  ),
  ...[32_000, 32_767, 43_679, 65_535].map((length) => [length, 1] as const),
]);

/** `1.2E+17`, perhaps with the number that makes an id unique. Excel shows 12 digits and more so. */
const rounded = /^\d(?:[.,]\d+)?E\+[1-9]\d(#\d+)?$/i;

/** Says which columns of the first rows hold rounded numbers, but for some. */
export function reportRounded(
  { fields, sample }: RowSource,
  but: readonly (string | null)[],
  name: string,
  report: ReportProblem,
): void {
  for (const field of fields) {
    if (but.includes(field)) continue;
    const found = sample.filter((row) => rounded.test(row.value(field)?.trim() ?? '')).length;
    if (found === 0) continue;
    report(
      `${name}:1`,
      `${count(found)} of the first ${count(sample.length)} values of "${field}" are numbers such as 1.2E+17, which Excel has rounded: different ones may look alike; export them as text.`,
      'kept',
    );
  }
}

export function createSpoiltValues(): SpoiltValues {
  let longest = 0;
  let longestCount = 0;
  let longestAt = 1;
  let roundedCount = 0;
  let roundedAt = 1;
  return {
    see({ text, id, group, row }) {
      if (text.length > longest) {
        longest = text.length;
        longestCount = 0;
        longestAt = row;
      }
      if (text.length === longest) longestCount++;
      if (rounded.test(id) || (group !== null && rounded.test(group))) {
        if (roundedCount++ === 0) roundedAt = row;
      }
    },
    report(name, report) {
      if (longestCount >= (limits.get(longest) ?? Infinity)) {
        const notes = longestCount === 1 ? '1 note is' : `${count(longestCount)} notes are`;
        report(
          `${name}:${longestAt}`,
          `${notes} just ${count(longest)} characters long, and none is longer: the program that exported them has probably cut them off there.`,
          'kept',
        );
      }
      if (roundedCount > 0) {
        const notes = roundedCount === 1 ? '1 note has' : `${count(roundedCount)} notes have`;
        report(
          `${name}:${roundedAt}`,
          `${notes} an id or patient such as 1.2E+17, which Excel has rounded: different ones may look alike; export them as text.`,
          'kept',
        );
      }
    },
  };
}

function count(value: number): string {
  return value.toLocaleString('en');
}
