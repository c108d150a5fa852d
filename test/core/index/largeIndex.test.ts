import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { findNotes } from '../../../src/core/index/findNotes.js';
import type { FindOptions, FindQuery } from '../../../src/core/index/findNotes.js';
import { countsAbove, nthBest } from '../../../src/core/index/fusion/count.js';
import { indexCorpus } from '../../../src/core/index/indexCorpus.js';
import { areNearCopies, copyIndex } from '../../../src/core/index/nearCopies.js';
import { scanRows } from '../../../src/core/index/rows/scanRows.js';
import { precisionFor, vectorRows } from '../../../src/core/index/rows/vectorRows.js';
import { readSnapshot } from '../../../src/core/index/snapshot.js';
import type { Snapshot, SnapshotOptions } from '../../../src/core/index/snapshot.js';
import { openStore } from '../../../src/core/index/store.js';
import type { Store } from '../../../src/core/index/store.js';
import { fakeCorpus, fakeEmbedder } from './fakes.js';

describe('Lookups of an index that is scanned', () => {
  const embedder = fakeEmbedder({ maxTokens: 12 });
  const random = createRandom(3, 'notes');
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
  const sentence = (length: number): string =>
    `${Array.from({ length }, () => random.pick(words)).join(' ')}. `;
  // Notes of one passage, of several, and copies, which are ties.
  const texts = Array.from({ length: 300 }, (_, i) =>
    Array.from({ length: 1 + (i % 3) }, () => sentence(8)).join(''),
  );
  const notes = [...texts, ...texts.slice(0, 10)].map((text, i) => {
    return { id: `n${i}`, text, category: `c${i % 4}`, group: `p${i % 50}` };
  });
  let folder: string;
  let store: Store;
  let exact: Snapshot;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-large-'));
    const corpus = fakeCorpus(notes);
    await indexCorpus({ corpus, embedder, storeFolder: folder, flat: true, now: Date.now });
    store = await openStore(folder);
    exact = await readSnapshot(store, null);
    expect(exact.scan).toBeNull();
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function typed(text: string): Promise<FindQuery> {
    const { vectors: vector } = await embedder.embedPassages([text]);
    return { text, as: 'query', vector, passages: [{ start: 0, end: text.length, vector }] };
  }
  const readings: readonly (SnapshotOptions & { readonly what: string })[] = [
    { what: 'by bytes', mostCompared: 0 },
    { what: 'by signs, then bytes', mostCompared: 0, mostInBytes: 0 },
  ];

  it.each(readings)('finds what an exact comparison finds, $what', async ({ what, ...options }) => {
    const scanned = await readSnapshot(store, null, options);
    expect(scanned.scan?.hasSigns).toBe(what !== 'by bytes');
    const asked: readonly (readonly [FindQuery, Partial<FindOptions>])[] = [
      [{ id: 'n3' }, {}],
      [{ id: 'n14' }, { mode: 'semantic', foldCopies: false }],
      [{ id: 'n8' }, { mode: 'keyword' }],
      [{ id: 'n5' }, { where: 'category = c2', excludeGroup: false, explain: true }],
      [await typed('word1 word2 word3'), {}],
      [await typed('word1 word7'), { mode: 'semantic', where: 'category = c1', k: 100 }],
    ];
    for (const [query, options] of asked) {
      const wanted = await findNotes(store, exact, query, { k: 12, ...options });
      const found = await findNotes(store, scanned, query, { k: 12, ...options });
      expect(found.searched).toBe(wanted.searched);
      expect(found.results.map(({ id }) => id)).toEqual(wanted.results.map(({ id }) => id));
      found.results.forEach((result, i) => {
        const { percentile, semanticRank, nearness, why, ...rest } = result;
        const other = wanted.results[i]!;
        expect(other).toMatchObject(rest);
        expect(Math.abs(percentile - other.percentile)).toBeLessThan(1.5);
        expect(Math.abs(nearness! - other.nearness!)).toBeLessThan(0.5);
        expect(why?.pairs.length).toBe(other.why?.pairs.length);
        expect(Math.abs((semanticRank ?? 0) - (other.semanticRank ?? 0))).toBeLessThan(
          what === 'by bytes' ? 4 : 30,
        );
      });
    }
  });

  it('keeps vectors in int16 where memory is short', async () => {
    const short = await readSnapshot(store, null, { mostCompared: 0, memory: 1000 });
    expect(short.rows.precision).toBe('int16');
    const wanted = await findNotes(store, exact, { id: 'n3' }, { k: 10 });
    const found = await findNotes(store, short, { id: 'n3' }, { k: 10 });
    expect(found.results.map(({ id }) => id)).toEqual(wanted.results.map(({ id }) => id));
    expect(found.results[0]!.similarity).toBeCloseTo(wanted.results[0]!.similarity, 4);
    expect(precisionFor(1_000_000, 384, 16e9)).toBe('float32');
    expect(precisionFor(1_000_000, 384, 4e9)).toBe('int16');
  });

  it('stops when it is cancelled', async () => {
    const scanned = await readSnapshot(store, null, { mostCompared: 0 });
    const query = findNotes(store, scanned, { id: 'n3' }, { k: 3 }, AbortSignal.abort());
    await expect(query).rejects.toThrow();
  });
});

describe('Rows for scanning', () => {
  it.each([{ dimension: 16 }, { dimension: 100 }, { dimension: 1024 }])(
    'tell cosines within the bounds that they name, of $dimension columns',
    ({ dimension }) => {
      const random = createRandom(dimension, 'rows');
      const count = 131;
      // The hardest for sums in int32: all numbers as large as the largest.
      const unit = (flat: boolean): Float32Array => {
        const raw = Float32Array.from({ length: dimension }, () => (flat ? 1 : random.normal()));
        const length = Math.hypot(...raw);
        return raw.map((value) => value / length);
      };
      const rows = vectorRows(count, dimension, 'float32');
      for (let row = 0; row < count; row++) rows.set(row, unit(row === 7));
      const lengths = new Float64Array(count).fill(1);
      lengths[9] = 0;
      const scan = scanRows(rows, new Float32Array(dimension), lengths, true);
      expect(scan.error).toBeLessThan(0.02);
      for (const direction of [unit(true), unit(false), new Float32Array(dimension)]) {
        const comparison = scan.compare(direction);
        scan.compare(unit(false)).bytes(0, 4, new Float64Array(4));
        const found = new Float64Array(count);
        const about = new Float64Array(count);
        comparison.bytes(0, count, found);
        comparison.signs(0, count, about);
        const later = new Float64Array(10);
        comparison.bytes(100, 110, later);
        expect(later).toEqual(found.slice(100, 110));
        for (let row = 0; row < count; row++) {
          const vector = rows.at(row);
          const dot = vector.reduce((sum, value, k) => sum + value * direction[k]!, 0);
          const cosine = row === 9 ? 0 : dot;
          expect(Math.abs(found[row]! - cosine)).toBeLessThanOrEqual(scan.error);
          expect(comparison.byteRow(row)).toBeCloseTo(found[row]!, 12);
          const differ = vector.reduce(
            (sum, value, k) => sum + ((row !== 9 && value > 0) !== direction[k]! > 0 ? 1 : 0),
            0,
          );
          expect(about[row]).toBeCloseTo(Math.cos((Math.PI * differ) / dimension), 12);
        }
      }
    },
  );
});

it('counts as sorting would', () => {
  const random = createRandom(1, 'scores');
  const scores = Float64Array.from({ length: 20_000 }, () => random.integer(5000) / 10);
  scores[5] = -Infinity;
  const counts = Uint8Array.from(scores, (score) => (score > -1 && random.next() < 0.9 ? 1 : 0));
  const sorted = scores
    .filter((_, i) => counts[i] === 1)
    .sort()
    .reverse();
  for (const n of [1, 2, 10, 999, 4096, 4097, 12_000]) {
    expect(nthBest(scores, counts, n)).toBe(sorted[n - 1]);
  }
  expect(nthBest(scores, counts, 30_000)).toBe(-Infinity);
  expect(nthBest(scores, new Uint8Array(20_000), 3)).toBe(-Infinity);
  const thresholds = [20, 450, 3.1, 450];
  for (const equals of ['only', 'or equal'] as const) {
    expect(countsAbove(scores, counts, thresholds, equals)).toEqual(
      thresholds.map(
        (least) =>
          sorted.filter((one) => one > least || (equals === 'or equal' && one === least)).length,
      ),
    );
  }
});

it('finds the near-copies that a comparison with every note finds', () => {
  const random = createRandom(1, 'sketches');
  const count = 400;
  const sketches = new Uint8Array(count * 64);
  for (let note = 0; note < count; note++) {
    // Of every two, the second differs from the first in up to twelve bytes, wherever they are.
    const differ = note % 2 === 0 ? 64 : random.integer(13);
    for (let i = 0; i < 64; i++)
      sketches[note * 64 + i] = sketches[Math.max(0, note - 1) * 64 + i]!;
    const places = random.shuffle(Array.from({ length: 64 }, (_, i) => i)).slice(0, differ);
    for (const i of places) sketches[note * 64 + i] = random.integer(256);
  }
  const index = copyIndex(sketches);
  let pairs = 0;
  for (let note = 0; note < count; note++) {
    const all = Array.from({ length: count }, (_, i) => i);
    const wanted = all.filter(
      (other) => other !== note && areNearCopies({ sketches }, note, other),
    );
    const found = index
      .candidates(note)
      .filter((other) => areNearCopies({ sketches }, note, other));
    expect(found).toEqual(wanted);
    pairs += wanted.length;
  }
  expect(pairs).toBeGreaterThan(count / 2);
});
