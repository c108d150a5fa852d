import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashText } from '../../../src/core/base/hash.js';
import { openFlatStore } from '../../../src/core/index/flatStore.js';
import type { DocumentRow, Tables } from '../../../src/core/index/tables.js';
import { bm25Scores, bm25Weight } from '../../../src/core/index/terms/bm25Scores.js';
import { postingsOf } from '../../../src/core/index/terms/postings.js';
import { decodeTermRows, encodeTermRows } from '../../../src/core/index/terms/termFile.js';
import { joinTermRows, termRowsOf } from '../../../src/core/index/terms/termRows.js';
import { covers, readTermPlaces, updateTerms } from '../../../src/core/index/terms/termStore.js';
import { tfIdfScores } from '../../../src/core/index/terms/tfIdfScores.js';
import golden from '../../golden/keywords/keywords.json' with { type: 'json' };
import { dimension, documentRow } from './rows.js';

const sourceOf = (text: string) => ({
  key: hashText(text),
  fingerprint: hashText(`f${text}`),
  text,
});
const rows = termRowsOf(golden.texts.map(sourceOf));
const postings = postingsOf(rows);

function expectClose(found: Float64Array, expected: readonly number[] | undefined): void {
  expect(found.length).toBe(expected?.length);
  expected?.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 12);
  });
}

describe('keyword scores', () => {
  it.each([...golden.queries, ...golden.texts].map((text, i) => [i, text] as const))(
    'are scikit-learn’s TF-IDF cosines (%i)',
    (i, text) => {
      expectClose(tfIdfScores(postings, text), golden.tfIdf[i]);
    },
  );

  it.each(golden.queries.map((text, i) => [i, text] as const))(
    'are rank_bm25’s for typed text (%i)',
    (i, text) => {
      expectClose(bm25Scores(postings, text), golden.bm25[i]);
    },
  );

  it('add up from what each word adds', () => {
    const [words, counts] = [postings.words[2]!, { knee: 2, pain: 2 }];
    const sum =
      bm25Weight(postings, 'knee', counts.knee, words) +
      bm25Weight(postings, 'pain', counts.pain, words);
    expect(bm25Scores(postings, 'knee pain')[2]).toBeCloseTo(sum, 12);
    expect(bm25Weight(postings, 'unheard', 3, words)).toBe(0);
  });

  it('do not change when rows are stored, or joined from portions in another order', () => {
    const stored = decodeTermRows(encodeTermRows(rows));
    expect(stored).toEqual(rows);
    const [first, second] = [golden.texts.slice(0, 3), golden.texts.slice(3)].map((texts) =>
      termRowsOf(texts.map(sourceOf)),
    );
    const chosen = [
      ...[3, 2, 1, 0].map((row) => ({ from: second!, row })),
      ...[0, 1, 2].map((row) => ({ from: first!, row })),
    ];
    const joined = tfIdfScores(postingsOf(joinTermRows(chosen)), golden.queries[0]!);
    const expected = golden.tfIdf[0]!;
    expectClose(
      joined,
      [6, 5, 4, 3, 0, 1, 2].map((note) => expected[note]!),
    );
  });

  it('are read from whole files only', () => {
    const bytes = encodeTermRows(rows);
    for (const length of [0, 7, 20, bytes.length - 1]) {
      expect(decodeTermRows(bytes.subarray(0, length))).toBeNull();
    }
    expect(decodeTermRows(Buffer.concat([bytes, Buffer.from('x')]))).toBeNull();
  });
});

describe('the words of a store', () => {
  let folder: string;
  let tables: Tables;

  const note = (id: string, text: string): DocumentRow => {
    const fingerprint = hashText(`${id} ${text}`);
    return documentRow(id, { key: hashText(id), fingerprint, text });
  };
  const files = async () => (await readdir(join(folder, 'words'))).sort();
  const bytes = async () =>
    Buffer.concat(
      await Promise.all((await files()).map((name) => readFile(join(folder, 'words', name)))),
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-words-'));
    tables = await openFlatStore(join(folder, 'data'), { create: true, dimension });
    await tables.put([note('a', 'chest pain'), note('b', 'sprained ankle')], []);
    await updateTerms(folder, tables);
  });
  afterEach(async () => {
    await tables.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('follow notes that come, and are not written again for nothing', async () => {
    const before = await files();
    await updateTerms(folder, tables);
    expect(await files()).toEqual(before);
    const added = note('c', 'wheezing');
    await tables.put([added], []);
    await updateTerms(folder, tables);
    expect(await files()).toEqual(['head.json', 'words-1', 'words-2']);
    const places = await readTermPlaces(folder);
    expect(places.size).toBe(3);
    expect(covers(places, added.key, added.fingerprint)).toBe(true);
  });

  it('of a note that went or changed leave the disk', async () => {
    await tables.remove([hashText('b')]);
    await tables.put([note('a', 'palpitations')], []);
    await updateTerms(folder, tables);
    expect(await files()).toEqual(['head.json', 'words-2']);
    const held = (await bytes()).toString('latin1');
    expect(held).toContain('palpitations');
    for (const word of ['chest', 'sprained', 'ankle']) expect(held).not.toContain(word);
  });

  it('are joined when there are many portions', async () => {
    for (let i = 0; i < 10; i++) {
      await tables.put([note(`n${i}`, `word${i}`)], []);
      await updateTerms(folder, tables);
    }
    expect((await files()).length).toBeLessThan(10);
    expect((await readTermPlaces(folder)).size).toBe(12);
  });

  it.each([
    ['a portion is damaged', 'words-1', 'NSTERMS1 not really'],
    ['the head is no JSON', 'head.json', '{'],
    ['the head names other files', 'head.json', '{"format":1,"next":2,"portions":["../x"]}'],
  ])('are counted again where %s', async (_, name, content) => {
    await writeFile(join(folder, 'words', name), content);
    expect((await readTermPlaces(folder)).size).toBe(0);
    await updateTerms(folder, tables);
    expect((await readTermPlaces(folder)).size).toBe(2);
  });
});
