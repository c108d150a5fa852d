/** Collects the problems in a corpus, each listed once however often the corpus is read. */
import type { ReportProblem } from './corpus.js';
import { printableLine } from '../base/printable.js';
import type { Place } from '../../protocol/catalogue/readingSettings.js';
import type { Problem } from './document.js';
import { wordsOf } from './remark.js';

/** Further problems are counted but not kept, so that a million bad rows do not fill the memory. */
const kept = 10_000;

export interface ProblemList {
  readonly problems: readonly Problem[];
  readonly report: ReportProblem;
}

/** @param reader where the problems are read */
export function createProblemList(reader: Place): ProblemList {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let more = 0;
  return {
    problems,
    report(place, sentence, effect) {
      const where = printableLine(place);
      const what = printableLine(wordsOf(sentence, reader));
      const skipped = effect === 'skipped';
      if (seen.size < kept) {
        const key = `${where}\n${what}`;
        if (seen.has(key)) return;
        seen.add(key);
        problems.push({ where, what, skipped });
        return;
      }
      if (seen.has(`${where}\n${what}`)) return;
      more++;
      const last = `${what} (the last of ${more} more problems)`;
      problems[kept] = { where, what: last, skipped };
    },
  };
}
