/**
 * Times lookups of notes and passages by key, by id and by text hash, in stores of growing size with
 * 384-dimensional vectors: right after writing, and with the indexes that compaction builds.
 *
 *     npm run bench -- lookups [--rows N,N,...] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hashText } from '../src/core/base/hash.js';
import { createRandom } from '../src/core/base/random.js';
import { rowsOf } from '../src/core/index/tables.js';
import type { DocumentRow, PassageRow, Tables } from '../src/core/index/tables.js';
import { openVectorStore } from '../src/core/index/vectorStore.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';
import type { Quartiles } from './shared/quartiles.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
});
const sizes = values.rows.split(',').map(Number);
const dimension = 384;
const rowsAtOnce = 10_000;
const repetitions = 20;
const random = createRandom(1, 'lookups');

const folder = await mkdtemp(join(tmpdir(), 'notespace-lookups-'));
try {
  // No vector search here.
  const options = { create: true, dimension, exactRows: Infinity };
  const tables = await openVectorStore(folder, options);
  let count = 0;
  for (const size of sizes) {
    for (; count < size; count += rowsAtOnce) await add(tables, count, rowsAtOnce);
    report(count, 'as written', await measure(tables, count));
    const begun = performance.now();
    await tables.compact();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    report(count, `compacted in ${seconds} s`, await measure(tables, count));
  }
  await tables.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function add(tables: Tables, from: number, rows: number): Promise<void> {
  const documents: DocumentRow[] = [];
  const passages: PassageRow[] = [];
  for (let i = from; i < from + rows; i++) {
    const vector = Float32Array.from({ length: dimension }, () => random.next() - 0.5);
    const nothing = {
      category: null,
      label: null,
      group: null,
      date: null,
      fields: {},
      file: null,
    };
    const text = `Note ${i} says little.`;
    documents.push({
      ...{ key: keyOf(i), id: `note-${i}`, text, fingerprint: keyOf(-i), passages: 1, vector },
      ...nothing,
    });
    const place = { document: keyOf(i), index: 0, start: 0, end: text.length };
    passages.push({ ...place, textHash: hashText(text), tokens: 4, vector });
  }
  await tables.put(documents, passages);
}

function keyOf(i: number): string {
  return hashText(`key ${i}`);
}

interface Timing {
  readonly what: string;
  readonly milliseconds: Quartiles;
}

async function measure(tables: Tables, count: number): Promise<Timing[]> {
  const some = (): number => random.integer(count);
  const text = ['id', 'key', 'text'] as const;
  const twenty = (): string[] => Array.from({ length: 20 }, () => keyOf(some()));
  return [
    await time('a note by its id', () =>
      rowsOf(tables.documents(text, { id: [`note-${some()}`] })),
    ),
    await time('a note by its key', () => rowsOf(tables.documents(text, { key: [keyOf(some())] }))),
    await time('20 notes by key', () => rowsOf(tables.documents(text, { key: twenty() }))),
    await time('a vector by the hash of its text', () =>
      rowsOf(tables.passages(['vector'], { textHash: [hashText(`Note ${some()} says little.`)] })),
    ),
    await time('names of all notes', () => rowsOf(tables.documents(['key', 'id', 'category']))),
  ];
}

async function time(what: string, look: () => Promise<readonly unknown[]>): Promise<Timing> {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const begun = performance.now();
    const found = await look();
    times.push(performance.now() - begun);
    if (found.length === 0) throw new Error(`${what}: nothing was found`);
  }
  return { what, milliseconds: quartiles(times) };
}

function report(rows: number, state: string, timings: readonly Timing[]): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ rows, state, timings })}\n`);
    return;
  }
  process.stdout.write(`${rows} notes, ${state}\n`);
  for (const { what, milliseconds } of timings) {
    process.stdout.write(`  ${what}: ${showQuartiles(milliseconds, 1)} ms\n`);
  }
}
