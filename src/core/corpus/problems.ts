/** What could not be used in a corpus, listed once however often the corpus is read. */
import type { Problem } from './document.js';

/** More are counted, not kept: a wrong file of a million rows must not fill the memory. */
const kept = 10_000;

export interface ProblemList {
  readonly problems: readonly Problem[];
  readonly report: (where: string, what: string) => void;
}

export function createProblemList(): ProblemList {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let more = 0;
  return {
    problems,
    report(where, what) {
      if (seen.size < kept) {
        const key = `${where}\n${what}`;
        if (seen.has(key)) return;
        seen.add(key);
        problems.push({ where, what });
        return;
      }
      if (seen.has(`${where}\n${what}`)) return;
      more++;
      problems[kept] = { where, what: `${what} (the last of ${more} more problems)` };
    },
  };
}
