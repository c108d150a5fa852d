/** Indexes the halves of a set, and asks for each of its queries what an analyst would be shown. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import { cutForModel } from '../../src/core/embed/cutForModel.js';
import { documentVector } from '../../src/core/embed/documentVector.js';
import { findNotes } from '../../src/core/index/findNotes.js';
import type { FindQuery } from '../../src/core/index/findNotes.js';
import { indexCorpus } from '../../src/core/index/indexCorpus.js';
import { shareOf } from '../../src/core/index/rankNotes.js';
import { readSnapshot } from '../../src/core/index/snapshot.js';
import { openStore } from '../../src/core/index/store.js';
import type { Store } from '../../src/core/index/store.js';
import { lookupModeNames } from '../../src/protocol/catalogue/lookup.js';
import type { LookupMode } from '../../src/protocol/catalogue/lookup.js';
import type { KnownModel } from './model.js';
import type { FindTask, Halves, Item, RetrievalSet } from './sets.js';

export interface Judgement {
  readonly model: string;
  readonly set: string;
  readonly what: string;
  readonly figure: 'nearest has the class' | 'in the first ten';
  readonly queries: number;
  readonly figures: Readonly<Record<LookupMode, number>>;
  /** Mean reciprocal rank, 0 beyond the first ten; `null` for classes. */
  readonly second: Readonly<Record<LookupMode, number>> | null;
  /** What the semantic side counted. */
  readonly share: number;
  /** Both less the better side, over the same queries, with half the width of its 95 % interval. */
  readonly gain: { readonly mean: number; readonly margin: number };
}

export async function judged(
  name: string,
  model: KnownModel,
  set: RetrievalSet,
  halves: Halves,
  work: string,
): Promise<Judgement> {
  const { task } = set;
  const fitted = await indexed(model, halves.fit, join(work, `${name}-${set.name}-fit`));
  await fitted.close();
  const own = await indexed(model, halves.score, join(work, `${name}-${set.name}-score`));
  const { fusion } = fitted.manifest;
  const manifest = { ...own.manifest, ...(fusion === undefined ? {} : { fusion }) };
  const store: Store = { ...own, manifest };
  try {
    const snapshot = await readSnapshot(store, null);
    const right: Record<LookupMode, boolean[]> = { keyword: [], semantic: [], hybrid: [] };
    const second = { keyword: 0, semantic: 0, hybrid: 0 };
    // A comment such as "n/a" is read as a missing text.
    const queries = halves.score.filter(({ document }) => snapshot.byId.has(document.id));
    for (const item of queries) {
      const query = await queryOf(model, task.kind === 'find' ? task.as : null, item);
      for (const mode of lookupModeNames) {
        const options = { mode, k: task.kind === 'find' ? 10 : 1, foldCopies: false };
        const { results } = await findNotes(store, snapshot, query, options);
        if (task.kind === 'find') {
          const at = results.findIndex(({ id }) => id === item.document.id);
          right[mode].push(at >= 0);
          if (at >= 0) second[mode] += 1 / (at + 1) / queries.length;
        } else {
          right[mode].push(results[0]?.category === item.document.category);
        }
      }
    }
    const isFind = task.kind === 'find';
    const figures = {
      keyword: shareOfTrue(right.keyword),
      semantic: shareOfTrue(right.semantic),
      hybrid: shareOfTrue(right.hybrid),
    };
    const better = figures.keyword > figures.semantic ? right.keyword : right.semantic;
    return {
      ...{ model: name, set: set.name, what: set.what },
      figure: isFind ? 'in the first ten' : 'nearest has the class',
      queries: queries.length,
      figures,
      second: isFind ? second : null,
      share: shareOf(task.kind === 'find' ? task.as : 'document', fusion),
      gain: difference(right.hybrid, better),
    };
  } finally {
    await store.close();
  }
}

/** A store of these notes; the caller closes it. */
async function indexed(model: KnownModel, items: readonly Item[], folder: string): Promise<Store> {
  const source = `${folder}.jsonl`;
  const lines = items.map(({ document: { id, text, category, group } }) =>
    JSON.stringify({ id, text, category, group }),
  );
  await writeFile(source, lines.join('\n'));
  const mapping = { text: 'text', id: 'id', category: 'category', group: 'group' };
  const corpus = await openCorpus({ source, mapping });
  const { embedder } = model;
  await indexCorpus({ corpus, embedder, storeFolder: folder, flat: true, now: Date.now });
  return openStore(folder);
}

/** @param as how a query is embedded; `null`: the note itself is looked up */
async function queryOf(
  { embedder, hasPrompts }: KnownModel,
  as: FindTask['as'] | null,
  { document, query }: Item,
): Promise<FindQuery> {
  if (as === null) return { id: document.id };
  const text = query ?? '';
  const { dimension, documentMean } = embedder;
  // Vectors of queries are kept only where they are those of notes.
  const embeddedAs = hasPrompts ? as : 'document';
  const parts = cutForModel(embedder, text, as).map(({ start, end }) => text.slice(start, end));
  const { vectors, tokens } = await embedder.embedPassages(parts, { as: embeddedAs });
  const vector = documentVector(vectors, tokens, dimension, documentMean);
  return { text, as, vector, passages: [] };
}

function shareOfTrue(right: readonly boolean[]): number {
  return right.filter(Boolean).length / right.length;
}

/** Paired by query. */
function difference(after: readonly boolean[], before: readonly boolean[]): Judgement['gain'] {
  const each = after.map((one, i) => Number(one) - Number(before[i]));
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
  const squares = each.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, each.length - 1));
  return { mean, margin: (1.96 * deviation) / Math.sqrt(each.length) };
}
