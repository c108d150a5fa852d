/**
 * Search by vectors alone, through the tables: for indexes too large to be kept in memory
 * (`findNotes.ts` searches the others).
 */
import { usageError } from '../base/errors.js';
import { cosineSimilarity, norm, normalised } from './cosine.js';
import { compareIds } from './ids.js';
import { noSuchNote } from './findNotes.js';
import { snippetOf } from './snippet.js';
import type { Store } from './store.js';
import { documentById, rowsOf } from './tables.js';
import type { PassageCandidate } from './tables.js';

export interface SimilarHit {
  readonly rank: number;
  readonly id: string;
  /** Opaque and safe in a URI; reveals nothing about the id. */
  readonly key: string;
  /** Cosine in [-1, 1]. */
  readonly similarity: number;
  readonly category: string | null;
  /** Beginning of the best passage, with white space collapsed. */
  readonly snippet: string;
  /** UTF-16 offsets into the document's text. */
  readonly passage: { readonly index: number; readonly start: number; readonly end: number };
  readonly file: string | null;
}

export type SimilarTo = (
  | { readonly vector: Float32Array }
  /** A document of the store; excluded from its own results. */
  | { readonly id: string }
) & { readonly k: number; readonly excludeId?: string };

/** Similarities closer than this may be ordered differently in float32 and float64. */
const tolerance = 1e-5;

interface Ranked {
  readonly key: string;
  readonly similarity: number;
  /** `null`: the document's nearest passage has not been found yet. */
  readonly passage: PassageCandidate | null;
}

/** The documents with the nearest vectors; ties ordered by id. */
export async function similarDocuments(store: Store, query: SimilarTo): Promise<SimilarHit[]> {
  const { vector, exclude } = await resolveQuery(store, query);
  const ranked = await widen(
    query.k,
    query.k + 1,
    (limit) => store.tables.nearestDocuments(vector, limit),
    (candidates) =>
      candidates
        .filter(({ id }) => id !== exclude)
        .map(({ key, similarity }): Ranked => ({ key, similarity, passage: null })),
  );
  return toHits(store, vector, ranked, query.k);
}

/** The nearest passages, one per document; ties ordered by document id. */
export async function similarPassages(store: Store, query: SimilarTo): Promise<SimilarHit[]> {
  const { vector, exclude } = await resolveQuery(store, query);
  const excluded =
    exclude === null ? null : ((await documentById(store.tables, exclude, ['key']))?.key ?? null);
  const ranked = await widen(
    query.k,
    4 * (query.k + 1),
    (limit) => store.tables.nearestPassages(vector, limit),
    (candidates) => {
      const best = new Map<string, Ranked>();
      for (const candidate of candidates) {
        const { document: key, similarity } = candidate;
        const known = best.get(key)?.passage;
        const better =
          known === undefined ||
          known === null ||
          similarity > known.similarity ||
          (similarity === known.similarity && candidate.index < known.index);
        if (key !== excluded && better) best.set(key, { key, similarity, passage: candidate });
      }
      return [...best.values()];
    },
  );
  return toHits(store, vector, ranked, query.k);
}

/** A note of the store with its text. */
export interface StoredNote {
  readonly id: string;
  readonly key: string;
  readonly text: string;
  readonly category: string | null;
  readonly file: string | null;
}

export async function readNote(
  store: Store,
  which: { readonly id: string } | { readonly key: string },
): Promise<StoredNote> {
  const only = 'id' in which ? { id: [which.id] } : { key: [which.key] };
  const [note] = await rowsOf(store.tables.documents(noteColumns, only));
  if (note === undefined) throw noSuchNote();
  return note;
}

const noteColumns = ['id', 'key', 'text', 'category', 'file'] as const;
const hitColumns = [...noteColumns, 'passages'] as const;

async function resolveQuery(
  store: Store,
  query: SimilarTo,
): Promise<{ vector: Float32Array; exclude: string | null }> {
  if ('vector' in query) {
    return { vector: normalised(query.vector), exclude: query.excludeId ?? null };
  }
  const row = await documentById(store.tables, query.id, ['vector']);
  if (row === null) throw noSuchNote();
  if (row.vector.every((value) => value === 0)) {
    throw usageError(
      'This note holds no character that the model can read, so it is not like any other: choose another note.',
    );
  }
  return { vector: row.vector, exclude: query.id };
}

/**
 * Fetches more candidates until the k best are certain: until one is clearly worse than the k-th,
 * so that no equally near document is missed, or there are no more.
 */
async function widen<Candidate extends { readonly similarity: number }>(
  k: number,
  first: number,
  fetch: (limit: number) => Promise<Candidate[]>,
  rank: (candidates: Candidate[]) => Ranked[],
): Promise<Ranked[]> {
  for (let limit = first + 16; ; limit *= 4) {
    const candidates = await fetch(limit);
    const ranked = rank(candidates).sort((a, b) => b.similarity - a.similarity);
    const last = candidates.at(-1)?.similarity ?? -1;
    const kth = ranked[k - 1]?.similarity ?? -Infinity;
    if (candidates.length < limit || last < kth - tolerance) return ranked;
  }
}

async function toHits(
  store: Store,
  vector: Float32Array,
  ranked: readonly Ranked[],
  k: number,
): Promise<SimilarHit[]> {
  const kth = ranked[k - 1]?.similarity ?? -Infinity;
  const near = ranked.filter(({ similarity }) => similarity >= kth).slice(0, k + 1000);
  const keys = near.map(({ key }) => key);
  const notes = await rowsOf(store.tables.documents(hitColumns, { key: keys }));
  const documents = new Map(notes.map((row) => [row.key, row]));
  const sorted = near
    // A document removed in the meantime no longer has a row; one without passages has no vector.
    .flatMap((hit) => {
      const row = documents.get(hit.key);
      return row === undefined || row.passages === 0 ? [] : [{ ...hit, row }];
    })
    .sort((a, b) => b.similarity - a.similarity || compareIds(a.row.id, b.row.id))
    .slice(0, k);
  const missing = sorted.filter(({ passage }) => passage === null).map(({ key }) => key);
  const best = await bestPassages(store, vector, missing);
  return sorted.map(({ row, similarity, passage }, i) => {
    const { index, start, end } = passage ?? best.get(row.key) ?? wholeText(row);
    return {
      rank: i + 1,
      id: row.id,
      key: row.key,
      similarity,
      category: row.category,
      snippet: snippetOf(row.text, start, end),
      passage: { index, start, end },
      file: row.file,
    };
  });
}

async function bestPassages(
  store: Store,
  vector: Float32Array,
  keys: readonly string[],
): Promise<Map<string, { index: number; start: number; end: number }>> {
  const length = norm(vector, 0, vector.length);
  const best = new Map<string, PassageCandidate>();
  const columns = ['document', 'index', 'start', 'end', 'vector'] as const;
  for await (const rows of store.tables.passages(columns, { document: keys })) {
    for (const row of rows) {
      const { document, index, start, end } = row;
      const similarity = cosineSimilarity(vector, length, row.vector, 0);
      const known = best.get(document);
      const isBetter =
        known === undefined ||
        similarity > known.similarity ||
        (similarity === known.similarity && index < known.index);
      if (isBetter) best.set(document, { document, index, start, end, similarity });
    }
  }
  return best;
}

function wholeText({ text }: { text: string }): { index: number; start: number; end: number } {
  return { index: 0, start: 0, end: text.length };
}
