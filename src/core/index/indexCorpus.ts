/**
 * Brings a store up to date with a corpus: embeds new notes, keeps unchanged ones, removes deleted
 * ones.
 */
import { throwIfAborted, usageError } from '../base/errors.js';
import { hashText } from '../base/hash.js';
import type { Corpus } from '../corpus/corpus.js';
import type { Embedder } from '../embed/embedder.js';
import { fittedShares } from './fusion/shares.js';
import { readManifest } from './manifest.js';
import { keyedDocument, putDocuments } from './putDocuments.js';
import type { KeyedDocument } from './putDocuments.js';
import { openForWriting } from './storeWriter.js';
import type { StoreWriter } from './storeWriter.js';
import { rowsOf } from './tables.js';

export interface IndexProgress {
  /** Current activity, in the user's words. */
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
}

export interface IndexCorpusOptions {
  readonly corpus: Corpus;
  readonly embedder: Embedder;
  readonly storeFolder: string;
  /** Another index of the same notes, whose keys this one shares. */
  readonly besideFolder?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
  /** Uses the store without LanceDB, for machines where that does not run. */
  readonly flat?: boolean | undefined;
  /** The clock used to renew the store's lock. */
  readonly now: () => number;
  /** Overrides the number of rows above which search becomes approximate. */
  readonly exactRows?: number | undefined;
  /** Overrides the size of the parts in which a long note is embedded. */
  readonly partCharacters?: number | undefined;
}

export interface IndexCounts {
  readonly documents: number;
  /** Passages in the store afterwards = embedded + reused. */
  readonly passages: number;
  readonly embedded: number;
  readonly reused: number;
  readonly removed: number;
  /** Documents without a single token, which have no passages and no vector. */
  readonly withoutVector: number;
}

/** Notes are written in portions of about this size: the most that a kill can lose. */
const charactersAtOnce = 100_000;
const documentsAtOnce = 512;
/** Compact after this many portions: many small ones slow LanceDB down. */
const portionsBeforeCompaction = 64;

export async function indexCorpus(options: IndexCorpusOptions): Promise<IndexCounts> {
  const { embedder, signal, onProgress } = options;
  const total = await countDocuments(options);
  const writer = await openForWriting(options);
  try {
    const stored = await rowsOf(writer.tables.documents(['key', 'fingerprint', 'passages']));
    const known = new Map(stored.map((row) => [row.key, row]));
    const counts = { documents: 0, embedded: 0, reused: 0, removed: 0, withoutVector: 0 };
    const seen = new Map<string, string>();
    const embeddedNow = new Set<string>();
    const report = (): void => {
      onProgress?.({ phase: 'Embedding notes', done: counts.documents, total, unit: 'notes' });
    };
    const onPart = (done: number, total: number): void =>
      onProgress?.({ phase: 'Embedding a long note', done, total, unit: 'passages' });
    let portions = 0;
    for await (const portion of changedDocuments(options, writer, known, seen, counts)) {
      const change = await putDocuments(writer, embedder, portion, {
        ...{ embeddedNow, partCharacters: options.partCharacters, onPart, signal },
      });
      counts.embedded += change.embedded;
      counts.reused += change.reused;
      counts.removed += change.removed;
      counts.withoutVector += change.withoutVector;
      if (++portions % portionsBeforeCompaction === 0) await writer.tables.compact();
      report();
    }
    report();
    const gone = [...known.keys()].filter((key) => !seen.has(key));
    for (const key of gone) counts.removed += known.get(key)?.passages ?? 0;
    if (gone.length > 0) {
      await writer.beforeChange();
      await writer.tables.remove(gone);
    }
    onProgress?.({ phase: 'Tidying the index', done: 0, total: null, unit: '' });
    throwIfAborted(signal);
    const fusion = await fittedShares(writer.tables, embedder, writer.manifest.fusion, signal);
    await writer.finish(contentHash(seen), fusion);
    const { passages } = await writer.tables.counts();
    return { ...counts, passages };
  } finally {
    await writer.close();
  }
}

/** Documents that are new or changed, in portions; counts the others as reused. */
async function* changedDocuments(
  { corpus, signal }: IndexCorpusOptions,
  writer: StoreWriter,
  known: ReadonlyMap<string, { fingerprint: string; passages: number }>,
  seen: Map<string, string>,
  counts: { documents: number; reused: number; withoutVector: number },
): AsyncIterable<readonly KeyedDocument[]> {
  let portion: KeyedDocument[] = [];
  let characters = 0;
  for await (const document of corpus.read(signal)) {
    throwIfAborted(signal);
    if (document.text.trim() === '') continue;
    const keyed = keyedDocument(document, corpus, writer.manifest.keySalt);
    counts.documents++;
    seen.set(keyed.key, keyed.fingerprint);
    const stored = known.get(keyed.key);
    if (stored?.fingerprint === keyed.fingerprint) {
      counts.reused += stored.passages;
      if (stored.passages === 0) counts.withoutVector++;
      continue;
    }
    portion.push(keyed);
    characters += document.text.length;
    if (characters >= charactersAtOnce || portion.length >= documentsAtOnce) {
      yield portion;
      portion = [];
      characters = 0;
    }
  }
  if (portion.length > 0) yield portion;
}

/** Counts the notes by reading the corpus once, so that progress has a total. */
async function countDocuments(options: IndexCorpusOptions): Promise<number> {
  const { corpus, storeFolder, signal, onProgress } = options;
  let total = 0;
  for await (const document of corpus.read(signal)) {
    throwIfAborted(signal);
    if (document.text.trim() !== '') total++;
    if (total % 1000 === 0) {
      onProgress?.({ phase: 'Reading notes', done: total, total: null, unit: 'notes' });
    }
  }
  // An existing store must still lose its deleted notes.
  if (total === 0 && (await readManifest(storeFolder)) === null) {
    throw usageError(
      `There are no notes in ${corpus.source}: choose another folder or file, or map its text field.`,
    );
  }
  return total;
}

function contentHash(seen: ReadonlyMap<string, string>): string {
  return hashText(
    [...seen]
      .map(([key, fingerprint]) => `${key} ${fingerprint}`)
      .sort()
      .join('\n'),
  );
}
