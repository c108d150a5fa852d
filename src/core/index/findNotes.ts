/** Answers a lookup: which notes, in which order, which passage of each, and why. */
import { throwIfAborted, usageError } from '../base/errors.js';
import type { Assertion } from '../corpus/assertions.js';
import type { FieldValues } from '../corpus/document.js';
import { lookupDefaults } from '../../protocol/catalogue/lookup.js';
import type { LookupMode, LookupOptions } from '../../protocol/catalogue/lookup.js';
import { cosineSimilarity, norm } from './cosine.js';
import { explained } from './explain.js';
import type { Explanation, QueryPassage } from './explain.js';
import { passing } from './filter/passing.js';
import { nearCopiesOf, areNearCopies } from './nearCopies.js';
import { rankNotes } from './rankNotes.js';
import type { Ranking } from './rankNotes.js';
import { nearestPassage } from './semanticScores.js';
import {
  assertedWords,
  oppositionOf,
  sharedTerms,
  tellingTerms,
  termWeights,
} from './sharedTerms.js';
import type { SharedTerm, TermWeights } from './sharedTerms.js';
import type { Snapshot } from './snapshot.js';
import type { SnapshotNote } from './snapshotNote.js';
import { snippetOf } from './snippet.js';
import type { Store } from './store.js';
import { rowsOf } from './tables.js';

export interface FoundNote {
  readonly rank: number;
  readonly id: string;
  /** Opaque and safe in a URI; reveals nothing about the id. */
  readonly key: string;
  /** Cosine in [-1, 1], of the vectors as they are; 0 if the model can read nothing of the note. */
  readonly similarity: number;
  /** Per cent of the corpus's other notes that are less like the query. */
  readonly percentile: number;
  /** From 0, as near as the corpus's average note, to 100, the same; `null` if no note differs. */
  readonly nearness: number | null;
  readonly semanticRank: number | null;
  readonly keywordRank: number | null;
  readonly category: string | null;
  /** In ISO 8601. */
  readonly date: string | null;
  /** Of the columns that are kept with the notes. */
  readonly fields: FieldValues;
  /** The part of the passage with most of the words in common, with white space collapsed. */
  readonly snippet: string;
  /** UTF-16 offsets into the document's text. */
  readonly passage: { readonly index: number; readonly start: number; readonly end: number };
  readonly file: string | null;
  /** The note denies what the query says, or says it of the family. */
  readonly assertion: Assertion | null;
  /** Almost identical notes that this one stands for; the first of their ids. */
  readonly copies: { readonly count: number; readonly ids: readonly string[] };
  /** `null` unless asked for. */
  readonly why: Explanation | null;
}

export interface FindOptions extends LookupOptions {
  readonly k: number;
  readonly where?: string | undefined;
  readonly explain?: boolean;
}

/** What is looked up. */
export type FindQuery =
  /** A note of the index. */
  | { readonly id: string }
  | {
      readonly text: string;
      readonly as: 'query' | 'document';
      readonly vector: Float32Array;
      /** With their vectors, for explanations. */
      readonly passages: readonly QueryPassage[];
      /** The note that the text is of, by its id or its key; it is left out, if it is in the index. */
      readonly ofId?: string | undefined;
      readonly ofKey?: string | undefined;
    };

export interface Found {
  readonly results: readonly FoundNote[];
  /** Notes that were searched: those that the filter and the exclusions let through. */
  readonly searched: number;
}

/** Texts read at once while negated notes are left out. */
const textsAtOnce = 50;
/** Read beyond those asked for, in case some are copies. */
const spareTexts = 6;
const mostCopyIds = 20;
const mostSharedTerms = 12;

export async function findNotes(
  store: Store,
  snapshot: Snapshot,
  query: FindQuery,
  options: FindOptions,
  signal?: AbortSignal,
): Promise<Found> {
  const chosen = { ...lookupDefaults, ...options };
  const asked = await resolved(store, snapshot, query, chosen.mode);
  const kept = (store.manifest.fields ?? []).map(({ name }) => name);
  const allowed = candidates(snapshot, asked.own, chosen, kept);
  const mayBeFound = (note: number): boolean => allowed[note] === 1;
  let searched = 0;
  for (let note = 0; note < allowed.length; note++) searched += allowed[note]!;
  const ranking = await rankNotes(
    snapshot,
    { ...asked, mode: chosen.mode },
    allowed,
    store.manifest.fusion,
    signal,
  );
  const taken = await take(store, snapshot, ranking, asked, chosen, signal);
  const described = ranking.describe(taken.map(({ note }) => note));
  const results = taken.map(({ note, text, shared, assertion }, i): FoundNote => {
    const row = snapshot.notes[note]!;
    const own = described[i]!;
    const passage = passageOf(snapshot, row, text, asked, chosen.mode);
    const copies = chosen.foldCopies ? nearCopiesOf(snapshot, note, mayBeFound) : [];
    return {
      rank: i + 1,
      id: row.id,
      key: row.key,
      similarity: similarityOf(snapshot, row, asked),
      percentile: own.percentile,
      nearness: own.nearness,
      semanticRank: own.semanticRank,
      keywordRank: own.keywordRank,
      category: row.category,
      date: row.date,
      fields: row.fields,
      snippet: snippetOf(text, passage.start, passage.end, shared),
      passage,
      file: row.file,
      assertion,
      copies: {
        count: copies.length,
        ids: copies.slice(0, mostCopyIds).map((copy) => snapshot.notes[copy]!.id),
      },
      why: chosen.explain === true ? explained(snapshot, asked, own, text, shared) : null,
    };
  });
  return { results, searched };
}

interface Asked {
  readonly text: string;
  /** What its words weigh. */
  readonly weights: TermWeights;
  readonly as: 'query' | 'document';
  readonly vector: Float32Array;
  readonly passages: readonly QueryPassage[];
  readonly own: number | null;
}

async function resolved(
  store: Store,
  snapshot: Snapshot,
  query: FindQuery,
  mode: LookupMode,
): Promise<Asked> {
  if (!('id' in query)) {
    const { ofId, ofKey, ...rest } = query;
    const own = snapshot.byId.get(ofId ?? '') ?? snapshot.byKey.get(ofKey ?? '') ?? null;
    return { ...rest, own, weights: termWeights(snapshot.postings, rest.text) };
  }
  const own = snapshot.byId.get(query.id);
  if (own === undefined) throw noSuchNote();
  const { rows } = snapshot;
  const { key, passages: held } = snapshot.notes[own]!;
  const passages = held.map(({ start, end, row }) => ({ start, end, vector: rows.at(row) }));
  if (passages.length === 0 && mode !== 'keyword') {
    throw usageError(
      'This note holds no character that the model can read, so it is not like any other: choose another note.',
    );
  }
  const [row] = await rowsOf(store.tables.documents(['text'], { key: [key] }));
  if (row === undefined) throw noSuchNote();
  const weights = termWeights(snapshot.postings, row.text);
  return { text: row.text, weights, as: 'document', vector: rows.at(own), passages, own };
}

export function noSuchNote(): Error {
  return usageError('This note is not in the index: index the notes again, or check its id.');
}

/** [notes]: 1 for those that may be found, settled before the search. */
function candidates(
  snapshot: Snapshot,
  own: number | null,
  { where, excludeGroup, excludeFolder }: FindOptions,
  kept: readonly string[],
): Uint8Array {
  const { notes } = snapshot;
  const allowed =
    where === undefined
      ? new Uint8Array(notes.length).fill(1)
      : passing(snapshot, where, kept).slice();
  const self = own === null ? null : notes[own]!;
  const group = excludeGroup === true ? (self?.group ?? null) : null;
  const folder = excludeFolder === true ? (self?.folder ?? null) : null;
  if (own !== null) allowed[own] = 0;
  if (group === null && folder === null) return allowed;
  notes.forEach((note, i) => {
    if (group !== null && note.group === group) allowed[i] = 0;
    if (folder !== null && note.folder === folder) allowed[i] = 0;
  });
  return allowed;
}

interface Taken {
  readonly note: number;
  readonly text: string;
  readonly shared: readonly SharedTerm[];
  readonly assertion: Assertion | null;
}

/** The k best, without copies of better ones and, if asked, without those that deny the query. */
async function take(
  store: Store,
  snapshot: Snapshot,
  ranking: Ranking,
  { text, weights }: Asked,
  { k, foldCopies, leaveOutNegated }: Required<LookupOptions> & { readonly k: number },
  signal: AbortSignal | undefined,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  const asserted = assertedWords(text);
  const isCopy = (note: number): boolean =>
    foldCopies && taken.some((other) => areNearCopies(snapshot, other.note, note));
  for (let from = 0; taken.length < k && from < ranking.found;) {
    const size = leaveOutNegated ? Math.max(textsAtOnce, 2 * k) : k + spareTexts;
    // Of what is known to be a copy, no text is read.
    const portion = ranking
      .nearest(from + size)
      .slice(from)
      .filter((note) => !isCopy(note));
    from += size;
    if (portion.length === 0) continue;
    throwIfAborted(signal);
    const texts = await textsOf(store, snapshot, portion);
    for (const note of portion) {
      if (taken.length === k) break;
      const own = texts.get(snapshot.notes[note]!.key);
      // Removed since the snapshot was made.
      if (own === undefined) continue;
      if (isCopy(note)) continue;
      const shared = sharedTerms(weights, termWeights(snapshot.postings, own), mostSharedTerms);
      const assertion = oppositionOf(asserted, weights, assertedWords(own), shared);
      if (leaveOutNegated && assertion !== null) continue;
      taken.push({ note, text: own, shared: tellingTerms(snapshot.postings, shared), assertion });
    }
  }
  return taken;
}

async function textsOf(
  store: Store,
  { notes }: Snapshot,
  places: readonly number[],
): Promise<Map<string, string>> {
  const key = places.map((place) => notes[place]!.key);
  const rows = await rowsOf(store.tables.documents(['key', 'text'], { key }));
  return new Map(rows.map((row) => [row.key, row.text]));
}

/** Of whole notes, or of the nearest passage, as the vectors are, with nothing taken from them. */
function similarityOf(
  { byKey, rows }: Snapshot,
  note: SnapshotNote,
  { vector, as }: Asked,
): number {
  if (note.passages.length === 0) return 0;
  const length = norm(vector, 0, vector.length);
  if (as === 'document' || note.passages.length === 1) {
    return cosineSimilarity(vector, length, rows.at(byKey.get(note.key)!), 0);
  }
  return Math.max(
    ...note.passages.map((one) => cosineSimilarity(vector, length, rows.at(one.row), 0)),
  );
}

/** The passage to show: the nearest, or, in a search by words, the one that holds most of them. */
function passageOf(
  snapshot: Snapshot,
  note: SnapshotNote,
  text: string,
  { vector, weights }: Asked,
  mode: LookupMode,
): { index: number; start: number; end: number } {
  const whole = { index: 0, start: 0, end: text.length };
  const chosen =
    mode === 'keyword'
      ? richest(snapshot, note, text, weights)
      : nearestPassage(snapshot, vector, note);
  if (chosen === null) return whole;
  const { index, start, end } = chosen;
  return { index, start, end };
}

function richest(snapshot: Snapshot, note: SnapshotNote, text: string, weights: TermWeights) {
  const held = note.passages.map((passage) => {
    const own = termWeights(snapshot.postings, text.slice(passage.start, passage.end));
    let sum = 0;
    for (const [term, weight] of weights) if (own.has(term)) sum += weight;
    return { passage, sum };
  });
  return (
    held.reduce<(typeof held)[number] | null>(
      (best, one) => (best === null || one.sum > best.sum ? one : best),
      null,
    )?.passage ?? null
  );
}
