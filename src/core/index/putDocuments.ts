import path from 'node:path';
import { hashText } from '../base/hash.js';
import type { Corpus } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { cutForModel } from '../embed/cutForModel.js';
import { documentVector } from '../embed/documentVector.js';
import type { Embedder } from '../embed/embedder.js';
import type { PassageVector } from '../embed/knownPassages.js';
import { storedPassages } from './storedPassages.js';
import type { StoreWriter } from './storeWriter.js';
import { rowsOf } from './tables.js';
import type { DocumentRow, PassageRow } from './tables.js';

export interface KeyedDocument {
  readonly key: string;
  readonly fingerprint: string;
  readonly document: Document;
  readonly file: string | null;
}

/** The key reveals nothing about the id, as the salt is secret. */
export function keyedDocument(document: Document, corpus: Corpus, keySalt: string): KeyedDocument {
  const { id, text, category, label, group, date, fields } = document;
  const file = document.file === null ? null : path.resolve(corpus.source, document.file);
  return {
    key: hashText(`${keySalt}\n${id}`),
    fingerprint: hashText(JSON.stringify([id, text, category, label, group, date, file, fields])),
    document,
    file,
  };
}

export interface Change {
  readonly embedded: number;
  readonly reused: number;
  readonly removed: number;
  /** Documents without a single token. */
  readonly withoutVector: number;
}

/** Passages are embedded in parts of about so many characters: the most of a long note that a kill can lose. */
const usualPart = 500_000;

/**
 * Embeds passages that no stored note has, and writes the documents with all their passages. A note of several
 * parts is written after each, with those that it has, and is not taken for whole until it is.
 */
export async function putDocuments(
  writer: StoreWriter,
  embedder: Embedder,
  documents: readonly KeyedDocument[],
  {
    embeddedNow,
    partCharacters = usualPart,
    onPart,
    signal,
  }: {
    /** Hashes embedded in this run; a repeat does not count as reuse of an earlier run's work. */
    readonly embeddedNow: Set<string>;
    readonly partCharacters: number | undefined;
    /** Called between the parts of a long note, with how many of its passages are embedded. */
    readonly onPart: (done: number, total: number) => void;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Change> {
  const cut = documents.map((entry) => ({ ...entry, passages: hashedPassages(entry, embedder) }));
  const texts = new Map(cut.flatMap(({ passages }) => passages.map((p) => [p.textHash, p.text])));
  const { tables } = writer;
  const found = new Map(await storedPassages(tables).find([...texts.keys()]));
  const before = await rowsOf(
    tables.passages(['document', 'textHash'], { document: documents.map(({ key }) => key) }),
  );

  const missing = [...texts].filter(([hash]) => !found.has(hash));
  const { dimension } = embedder;
  let done = 0;
  for (const part of partsOf(missing, partCharacters)) {
    if (done > 0) {
      await write(writer, cut, found, embedder);
      onPart(done, missing.length);
    }
    const { vectors, tokens } = await embedder.embedPassages(
      part.map(([, text]) => text),
      { as: 'document', signal },
    );
    part.forEach(([hash], i) => {
      embeddedNow.add(hash);
      const vector = vectors.subarray(i * dimension, (i + 1) * dimension);
      found.set(hash, { vector, tokens: tokens[i]! });
    });
    done += part.length;
  }
  const { documentRows, passageRows } = await write(writer, cut, found, embedder);

  const kept = new Set(passageRows.map((row) => `${row.document} ${row.textHash}`));
  const embedded = passageRows.filter((row) => embeddedNow.has(row.textHash)).length;
  return {
    embedded,
    reused: passageRows.length - embedded,
    withoutVector: documentRows.filter(({ passages }) => passages === 0).length,
    removed: before.filter((row) => !kept.has(`${row.document} ${row.textHash}`)).length,
  };
}

type CutDocument = KeyedDocument & { readonly passages: readonly HashedPassage[] };

/** Writes documents with those of their passages that are found. */
async function write(
  writer: StoreWriter,
  documents: readonly CutDocument[],
  found: ReadonlyMap<string, PassageVector>,
  embedder: Embedder,
): Promise<{ documentRows: DocumentRow[]; passageRows: PassageRow[] }> {
  const documentRows: DocumentRow[] = [];
  const passageRows: PassageRow[] = [];
  for (const { key, fingerprint, document, file, passages } of documents) {
    const rows = passages.flatMap(({ index, start, end, textHash }): PassageRow[] => {
      const entry = found.get(textHash);
      if (entry === undefined) return [];
      const { vector, tokens } = entry;
      return [{ document: key, index, start, end, textHash, vector, tokens }];
    });
    const { id, text, category, label, group, date, fields } = document;
    const isWhole = rows.length === passages.length;
    documentRows.push({
      ...{ key, id, text, category, label, group, date, fields, file },
      // Unlike that of the note, so that the next run goes on with it.
      fingerprint: isWhole ? fingerprint : hashText(`unfinished ${fingerprint}`),
      passages: rows.length,
      vector: meanOf(rows, embedder),
    });
    passageRows.push(...rows);
  }
  await writer.beforeChange();
  await writer.tables.put(documentRows, passageRows);
  return { documentRows, passageRows };
}

function* partsOf(
  passages: readonly (readonly [hash: string, text: string])[],
  most: number,
): Generator<readonly (readonly [hash: string, text: string])[]> {
  let part: (readonly [string, string])[] = [];
  let characters = 0;
  for (const passage of passages) {
    part.push(passage);
    characters += passage[1].length;
    if (characters < most) continue;
    yield part;
    part = [];
    characters = 0;
  }
  if (part.length > 0) yield part;
}

interface HashedPassage {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly textHash: string;
}

function hashedPassages({ document }: KeyedDocument, embedder: Embedder): HashedPassage[] {
  const { tokenizer } = embedder;
  const passages = cutForModel(embedder, document.text, 'document');
  return passages.flatMap(({ index, start, end }) => {
    const text = document.text.slice(start, end);
    // One without a token, such as a line of control characters, is not like anything.
    if (tokenizer.countTokens(text) === 0) return [];
    return { index, start, end, text, textHash: hashText(text) };
  });
}

function meanOf(rows: readonly PassageRow[], { dimension, documentMean }: Embedder): Float32Array {
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    vectors.set(row.vector, i * dimension);
  });
  return documentVector(
    vectors,
    rows.map((row) => row.tokens),
    dimension,
    documentMean,
  );
}
