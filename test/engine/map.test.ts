import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import { createRandom } from '../../src/core/base/random.js';
import { indexCorpus } from '../../src/core/index/indexCorpus.js';
import { openStore } from '../../src/core/index/store.js';
import { runProjectJob } from '../../src/engine/job/projectJob.js';
import { readClusterMap } from '../../src/engine/lookup/clusterMap.js';
import { noteColumns } from '../../src/engine/lookup/mapColumns.js';
import { keepNotes, readStoredNotes } from '../../src/engine/lookup/storedNotes.js';
import type { ClusterMap, ScaleColumn, ValuesColumn } from '../../src/protocol/map.js';
import { fakeCorpus, fakeEmbedder } from '../core/index/fakes.js';

const topics = [
  ['cough', 'sputum', 'wheeze', 'chest'],
  ['fracture', 'wrist', 'plaster', 'fall'],
  ['mood', 'sleep', 'anxiety', 'counselling'],
];
const random = createRandom(4, 'notes');
const notes = Array.from({ length: 90 }, (_, i) => {
  const topic = topics[i % 3] ?? [];
  const words = Array.from({ length: 24 }, () => topic[random.integer(topic.length)] ?? '');
  return {
    id: `note-${String(i).padStart(2, '0')}`,
    text: `${words.join(' ')} seen today`,
    category: ['Chest', 'Bones', 'Mind'][i % 3] ?? null,
    date: i === 7 ? null : `2021-0${1 + (i % 9)}-11`,
    fields: { ward: `W${i % 4}`, mrn: `${4_010_232_000 + i * 17}`, age: i === 3 ? null : 20 + i },
  };
});
const kept = [
  { name: 'ward', type: 'text' },
  { name: 'mrn', type: 'text' },
  { name: 'age', type: 'number' },
] as const;

const context = {
  ...{ runFolder: null, cacheFolder: '', threads: 1, signal: new AbortController().signal },
  pauseGate: () => Promise.resolve(),
  isFinishing: () => false,
  ...{ onProgress: () => undefined, onMetrics: () => undefined, onPlan: () => undefined },
  ...({ note: () => undefined, place: 'commandLine', now: () => 0 } as const),
};

describe('The map of a store', () => {
  let folder: string;
  let map: ClusterMap;
  const index = (list: typeof notes) =>
    indexCorpus({
      ...{ corpus: fakeCorpus(list, '/notes', kept), embedder: fakeEmbedder() },
      ...{ storeFolder: folder, flat: true, now: Date.now },
    });
  const column = (name: string) => map.columns.find((one) => one.name === name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notespace-map-'));
    await index(notes);
    await runProjectJob({ kind: 'project', store: folder, seed: 1 }, context);
    map = await readClusterMap(folder);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('offers what notes can be coloured by, and no column that tells who somebody is', () => {
    expect(map.columns.map(({ name }) => name)).toEqual([
      ...['category', 'date', 'ward', 'age', 'computed density', 'computed communities'],
    ]);
    const age = column('age') as ScaleColumn;
    expect([age.first, age.last, Number.isNaN(age.numbers[map.ids.indexOf('note-03')])]).toEqual([
      ...[20, 109, true],
    ]);
    const date = column('date') as ScaleColumn;
    expect(date.numbers[map.ids.indexOf('note-01')]).toBe(Date.UTC(2021, 1, 11));
    expect(date.numbers[map.ids.indexOf('note-07')]).toBeNaN();
    const category = column('category') as ValuesColumn;
    expect(category.values[category.codes[map.ids.indexOf('note-02')] ?? -1]).toBe('Mind');
  });

  it('finds the topics as clusters and communities, and names them by their words', () => {
    for (const name of ['computed density', 'computed communities']) {
      const { codes, values, plainValues } = column(name) as ValuesColumn;
      // All notes of a group are of one topic.
      for (const [group, words] of values.entries()) {
        const members = map.ids.filter((_, point) => codes[point] === group);
        const found = new Set(members.map((id) => Number(id.slice(5)) % 3));
        expect(found.size, `${name} ${words}`).toBe(1);
        const [topic = -1] = found;
        for (const word of words.split(', ')) expect(topics[topic]).toContain(word);
      }
      expect(plainValues?.[0]).toMatch(/ 1$/);
    }
  });

  it('has the nearest notes of each, which are of its topic', () => {
    const { k, notes: nearest } = map.neighbours ?? { k: 0, notes: [] };
    expect(k).toBe(14);
    nearest.forEach((other, at) => {
      const own = Math.floor(at / k);
      expect(other).not.toBe(own);
      const topicOf = (point: number) => Number(map.ids[point]?.slice(5)) % 3;
      expect(topicOf(other)).toBe(topicOf(own));
    });
  });

  it('keeps groups and neighbours at their notes when some are gone', async () => {
    await index(notes.filter((_, i) => i % 5 !== 0));
    const left = await readClusterMap(folder);
    expect(left.count).toBe(72);
    const before = column('computed density') as ValuesColumn;
    const after = left.columns.find(({ name }) => name === before.name) as ValuesColumn;
    left.ids.forEach((id, point) => {
      expect(after.codes[point]).toBe(before.codes[map.ids.indexOf(id)]);
      const { k, notes: nearest } = map.neighbours ?? { k: 0, notes: new Int32Array() };
      const was = map.ids.indexOf(id);
      const expected = [...nearest.subarray(was * k, (was + 1) * k)].map((at) => map.ids[at]);
      const now = left.neighbours?.notes.subarray(point * k, (point + 1) * k) ?? [];
      expect([...now].map((at) => left.ids[at] ?? null)).toEqual(
        expected.map((one) => (one !== undefined && left.ids.includes(one) ? one : null)),
      );
    });
  });

  it('is still drawn where an older version left no groups, or they are damaged', async () => {
    await writeFile(join(folder, 'map-groups.bin'), '{"format":1,"keywords":[]}\nshort');
    const plain = await readClusterMap(folder);
    expect(plain.neighbours).toBeNull();
    expect(plain.columns.some(({ name }) => name.startsWith('computed'))).toBe(false);
  });

  it('reads some of the notes, with their texts only if they are asked for', async () => {
    const store = await openStore(folder);
    const keys = ['note-04', 'gone', 'note-01'].map((id) => map.keys[map.ids.indexOf(id)] ?? id);
    const [four, one, ...more] = await readStoredNotes(store, keys, false);
    expect([four?.id, one?.id, more.length]).toEqual(['note-04', 'note-01', 0]);
    expect([four?.text, four?.category, four?.fields['ward']]).toEqual([null, 'Bones', 'W0']);
    const [withText] = await readStoredNotes(store, keys, true);
    expect(withText?.text).toBe(notes[4]?.text);
    await store.close();
  });
});

it('names the most frequent values of a column, and counts the others', () => {
  const list = Array.from({ length: 400 }, (_, i) => {
    const code = i < 200 ? 'often' : `C${i % 100}`;
    const rest = { label: null, group: null, date: null, folder: null };
    return { id: String(i), category: code, ...rest, fields: {} };
  });
  const [category] = noteColumns(list, []);
  if (category?.kind !== 'values') throw new Error('no values');
  expect([category.values.length, category.others, category.values[0]]).toEqual([64, 37, 'often']);
  const others = category.codes.filter((code) => code === category.values.length);
  expect(others).toHaveLength(2 * 37);
});

it('reads of a corpus only the notes that were chosen, as they were', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'notespace-chosen-'));
  try {
    const source = join(folder, 'notes.csv');
    await writeFile(source, 'id,text,category\na,one note,X\nb,another note,Y\nc,third note,X\n');
    const store = join(folder, 'index');
    const whole = await openCorpus({ source, mapping: {} });
    await indexCorpus({
      ...{ corpus: whole, embedder: fakeEmbedder(), storeFolder: store, flat: true, now: Date.now },
    });
    const opened = await openStore(store);
    const rows = [];
    for await (const batch of opened.tables.documents(['key', 'id'])) rows.push(...batch);
    const keys = rows.filter(({ id }) => id !== 'b').map(({ key }) => key);
    const only = join(folder, 'chosen.json');
    expect(await keepNotes(opened, keys, only)).toBe(2);
    await opened.close();
    const idsOf = async () => {
      const part = await openCorpus({ source, mapping: {}, only });
      const ids: string[] = [];
      for await (const { id } of part.read()) ids.push(id);
      return [ids, part.problems.map(({ what }) => what)];
    };
    expect(await idsOf()).toEqual([['a', 'c'], []]);
    // The same id, but another note by now.
    await writeFile(source, 'id,text,category\na,one note,X\nb,another note,Y\nc,changed,X\n');
    const [ids, [problem] = []] = await idsOf();
    expect(ids).toEqual(['a']);
    expect(problem).toMatch(/^1 of the 2 notes that were chosen/);
    await writeFile(only, '{}');
    await expect(idsOf()).rejects.toThrow('choose them again on the map');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
