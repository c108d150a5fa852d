import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { hashText } from '../../../src/core/base/hash.js';
import { fitNotes } from '../../../src/core/index/fusion/fitNotes.js';
import { fitTyped } from '../../../src/core/index/fusion/fitTyped.js';
import { fused, standardised } from '../../../src/core/index/fusion/fuse.js';
import type { SampledNote } from '../../../src/core/index/fusion/sample.js';
import { fittedShares } from '../../../src/core/index/fusion/shares.js';
import { openFlatStore } from '../../../src/core/index/flatStore.js';
import type { Tables } from '../../../src/core/index/tables.js';
import { fakeEmbedder, fakeText } from './fakes.js';
import { dimension, documentRow, passageRow, unit } from './rows.js';

describe('standardised', () => {
  it('has mean 0 and deviation 1 over what counts, and keeps what has no score', () => {
    const scores = Float64Array.of(1, 3, 100, -Infinity);
    const found = standardised(scores, (note) => note !== 2);
    expect([...found]).toEqual([-1, 1, 98, -Infinity]);
    expect([...standardised(Float64Array.of(0.1, 0.1, 0.1), () => true)]).toEqual([0, 0, 0]);
    expect([...fused(found, Float64Array.of(0, 2, 0, 5), 0.25)]).toEqual([
      -0.25,
      1.75,
      24.5,
      -Infinity,
    ]);
  });
});

/** Notes of four kinds; the kind is in the vector, in the words, or in both. */
function sample(told: { readonly vector: boolean; readonly words: boolean }): SampledNote[] {
  const random = createRandom(1, 'fusion');
  return Array.from({ length: 120 }, (_, i) => {
    const kind = i % 4;
    const noise = Array.from({ length: 8 }, () => `word${random.integer(40)}`).join(' ');
    const vector = Float32Array.from({ length: dimension }, () => 0.3 * random.normal());
    if (told.vector) vector[kind]! += 1;
    const text = told.words ? `${noise} kind${kind} sort${kind}` : noise;
    const nothing = { label: null, group: null };
    const names = { key: hashText(`${i}`), fingerprint: hashText(text) };
    return { ...names, ...nothing, text, category: `c${kind}`, vector: unit(vector) };
  });
}

describe('what the semantic side counts for notes', () => {
  it('follows the side that knows the categories', () => {
    const byVector = fitNotes(sample({ vector: true, words: false }));
    expect(byVector.by).toBe('category');
    expect(byVector.share).toBeGreaterThanOrEqual(0.7);
    expect(fitNotes(sample({ vector: false, words: true })).share).toBeLessThanOrEqual(0.3);
  });

  it('is told by patients where there are no categories, and by default by nothing', () => {
    const notes = sample({ vector: true, words: false });
    const group = (i: number) => `patient ${i % 4}`;
    const patients = notes.map((note, i) => ({ ...note, category: null, group: group(i) }));
    expect(fitNotes(patients)).toMatchObject({ by: 'group' });
    const bare = notes.map((note) => ({ ...note, category: null }));
    expect(fitNotes(bare)).toEqual({ by: null, share: 0.5 });
    const one = notes.map((note) => ({ ...note, category: 'all the same' }));
    expect(fitNotes(one)).toEqual({ by: null, share: 0.5 });
    expect(fitNotes([])).toEqual({ by: null, share: 0.5 });
  });

  it('does not count a patient’s own notes as a category’s', () => {
    // Each category is one patient's: nobody else can be found.
    const notes = sample({ vector: true, words: false });
    const own = notes.map((note) => ({ ...note, group: note.category }));
    expect(fitNotes(own)).toMatchObject({ by: 'group' });
  });
});

describe('what the semantic side counts for typed text', () => {
  const embedder = fakeEmbedder();
  const blind = {
    ...embedder,
    embedPassages: async (texts: readonly string[]) => {
      const { tokens } = await embedder.embedPassages(texts);
      const random = createRandom(7, 'blind');
      return {
        tokens,
        vectors: Float32Array.from({ length: texts.length * dimension }, () => random.normal()),
      };
    },
  };

  async function withNotes<T>(
    words: number,
    model: typeof embedder | typeof blind,
    use: (tables: Tables, notes: readonly SampledNote[]) => Promise<T>,
  ): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'notespace-fusion-'));
    const tables = await openFlatStore(folder, { create: true, dimension });
    try {
      const texts = Array.from({ length: 60 }, (_, i) => fakeText(i, words));
      const { vectors, tokens } = await model.embedPassages(texts);
      const rows = texts.map((text, i) => {
        const vector = vectors.slice(i * dimension, (i + 1) * dimension);
        const key = hashText(text);
        const document = documentRow(`n${i}`, {
          key,
          text,
          fingerprint: key,
          vector: unit(vector),
        });
        return { document, passage: passageRow(key, { tokens: tokens[i]!, vector }) };
      });
      await tables.put(
        rows.map(({ document }) => document),
        rows.map(({ passage }) => passage),
      );
      return await use(
        tables,
        rows.map(({ document }) => document),
      );
    } finally {
      await tables.close();
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('is little where the model cannot tell notes apart', async () => {
    const fitted = await withNotes(80, blind, (tables, notes) =>
      fitTyped(tables, blind, notes, undefined),
    );
    expect(fitted.queries).toBeGreaterThanOrEqual(100);
    expect(fitted.share).toBeLessThan(0.5);
  });

  it('is the default, and embeds nothing, where notes are short', async () => {
    const before = embedder.embeddedTexts.length;
    const fitted = await withNotes(10, embedder, (tables, notes) =>
      fitTyped(tables, embedder, notes, undefined),
    );
    expect(fitted).toEqual({ share: 0.5, queries: 0 });
    expect(embedder.embeddedTexts.length).toBe(before + 60);
  });

  it('stands until a tenth of the notes came or went', async () => {
    await withNotes(10, embedder, async (tables) => {
      const shares = await fittedShares(tables, embedder, undefined, undefined);
      expect(shares).toMatchObject({ documents: 60, notes: { by: null } });
      const known = { ...shares, documents: 58 };
      expect(await fittedShares(tables, embedder, known, undefined)).toBe(known);
      const old = { ...shares, documents: 50 };
      expect(await fittedShares(tables, embedder, old, undefined)).toEqual(shares);
    });
  });
});
