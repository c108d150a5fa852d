/** Whole lookups, as the engine answers them once the index is in memory. */
import { createRandom } from '../../src/core/base/random.js';
import type { Embedder } from '../../src/core/embed/embedder.js';
import { findNotes } from '../../src/core/index/findNotes.js';
import type { FindOptions, FindQuery } from '../../src/core/index/findNotes.js';
import type { Snapshot } from '../../src/core/index/snapshot.js';
import type { Store } from '../../src/core/index/store.js';
import { readNote } from '../../src/core/index/search.js';

export interface LookupTiming {
  readonly what: string;
  readonly p50: number;
  readonly p95: number;
  /** Share of what an exact comparison finds among the first ten. */
  readonly recall?: number;
}

type Kind = {
  readonly what: string;
  readonly typed: boolean;
  readonly options: Partial<FindOptions>;
};
const kinds: readonly Kind[] = [
  { what: 'note, both', typed: false, options: {} },
  {
    what: 'note, both, one category of ten',
    typed: false,
    options: { where: 'category = "category 3"' },
  },
  { what: 'note, meaning', typed: false, options: { mode: 'semantic' } },
  { what: 'note, words', typed: false, options: { mode: 'keyword' } },
  { what: 'typed, both', typed: true, options: {} },
  {
    what: 'typed, both, three years of ten',
    typed: true,
    options: { where: 'date >= 2018 and date < 2021' },
  },
];
const warmUp = 5;
/** Queries that are also answered exactly. */
const mostExact = 30;

export async function timeLookups(
  store: Store,
  snapshot: Snapshot,
  embedder: Embedder,
  count: number,
): Promise<LookupTiming[]> {
  const random = createRandom(1, 'queries');
  const ids = Array.from({ length: count + warmUp }, () => random.pick(snapshot.notes).id);
  const embedding: number[] = [];
  const typed: FindQuery[] = [];
  for (const id of ids) {
    const words = (await readNote(store, { id })).text.split(/\s+/);
    const at = random.integer(Math.max(1, words.length - 6));
    const text = words.slice(at, at + 6).join(' ');
    const begun = performance.now();
    const { vectors: vector } = await embedder.embedPassages([text], { as: 'query' });
    embedding.push(performance.now() - begun);
    typed.push({ text, as: 'query', vector, passages: [{ start: 0, end: text.length, vector }] });
  }
  const timings: LookupTiming[] = [timing('embedding of six words', embedding)];
  for (const { what, typed: isTyped, options } of kinds) {
    const times: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const query = isTyped ? typed[i]! : { id: ids[i]! };
      const begun = performance.now();
      await findNotes(store, snapshot, query, { k: 10, ...options });
      times.push(performance.now() - begun);
    }
    const exact: Snapshot = { ...snapshot, scan: null };
    let [same, wanted] = [0, 0];
    for (let i = 0; i < Math.min(mostExact, ids.length); i++) {
      const query = isTyped ? typed[i]! : { id: ids[i]! };
      const asked = { k: 10, ...options };
      const best = (await findNotes(store, exact, query, asked)).results.map(({ id }) => id);
      const found = (await findNotes(store, snapshot, query, asked)).results;
      wanted += best.length;
      same += found.filter(({ id }) => best.includes(id)).length;
    }
    timings.push({ ...timing(what, times), recall: same / wanted });
  }
  return timings;
}

function timing(what: string, times: readonly number[]): LookupTiming {
  const sorted = times.slice(warmUp).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { what, p50: at(0.5), p95: at(0.95) };
}
