import { describe, expect, it } from 'vitest';
import { sampleShots, shortageSentence } from '../../../src/core/evaluate/samples/fewShot.js';
import { sawTarget } from '../../../src/core/evaluate/samples/sawTarget.js';
import { seenSentences, withoutSeen } from '../../../src/core/model/seenDocuments.js';
import {
  labelled,
  readTarget,
  targetRemarks,
  targetValues,
  testSetOf,
} from '../../../src/core/evaluate/samples/target.js';
import { createTrainingHashes } from '../../../src/core/model/trainingHashes.js';
import { usualShots } from '../../../src/protocol/catalogue/shots.js';
import { document, ids, many } from '../corpus/documents.js';

describe('A target', () => {
  it('has the classes of a field, sorted, without those of one note', () => {
    const categories = ['b', 'a', null, 'b', 'c', 'a'];
    const documents = many(6, (i) => ({ category: categories[i]! }));
    const target = readTarget(documents, 'category');
    expect(target).toMatchObject({
      labels: 'one',
      classes: ['a', 'b'],
      withoutValue: 1,
      singles: ['c'],
    });
    const used = labelled(documents, target);
    expect(ids(used.documents)).toEqual(['d0', 'd1', 'd3', 'd5']);
    expect([...targetValues(used, target)]).toEqual([1, 0, 1, 0]);
    expect(testSetOf(used, target)).toMatchObject({ documents: 4, classes: 2, averaged: [0, 1] });
  });

  it('has several labels where they are written as lists', () => {
    const values = ['x; y', 'x', 'y; z', 'z', null, 'w; x'];
    const documents = many(6, (i) => ({ label: values[i]!, category: values[i]! }));
    const target = readTarget(documents, 'label');
    expect(target).toMatchObject({ labels: 'several', classes: ['x', 'y', 'z'], singles: ['w'] });
    const used = labelled(documents, target);
    expect([...targetValues(used, target)]).toEqual([1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
    expect(testSetOf(used, target).averaged).toEqual([0, 1, 2]);
    expect(() => readTarget(documents, 'category')).toThrow('Fewer than two values');
    expect(readTarget([...documents, ...documents], 'label', 'one').classes).toHaveLength(5);
    expect(readTarget([...documents, ...documents], 'category').labels).toBe('one');
  });

  it('takes a semicolon in names for what it is', () => {
    const names = ['Injury; poisoning', 'Diseases; other', 'None'];
    expect(
      readTarget(
        many(9, (i) => ({ label: names[i % 3]! })),
        'label',
      ).classes,
    ).toEqual(['Diseases; other', 'Injury; poisoning', 'None']);
  });

  it('that cannot be told apart is refused in one sentence', () => {
    const all = (category: string | null) => many(4, () => ({ category }));
    expect(() => readTarget(all(null), 'category')).toThrow('No note has a category');
    expect(() => readTarget(all('a'), 'category')).toThrow('nothing to tell apart');
    const different = many(4, (i) => ({ category: `c${i}` }));
    expect(() => readTarget(different, 'category')).toThrow('Fewer than two values');
  });

  it('says what was left out, not tested or not learned', () => {
    const categories = ['a', 'a', 'b', 'b', 'c', 'c', 'd', null, null];
    const documents = many(9, (i) => ({ category: categories[i]! }));
    const target = readTarget(documents, 'category');
    const part = (...positions: number[]) =>
      labelled(
        positions.map((i) => documents[i]!),
        target,
      );
    expect(targetRemarks(target, part(0, 1, 2), part(3, 4, 5))).toEqual([
      '2 notes without a category were left out.',
      'd: only one note each, which cannot be both learned and tested, so this value of the category was left out.',
      'a: no test notes, so not part of the averages.',
      'c: test notes but no training notes, so no model can predict it.',
    ]);
  });
});

describe('A few-shot sample', () => {
  const documents = many(400, (i) => ({ category: i < 5 ? 'rare' : i % 2 ? 'a' : 'b' }));
  const target = readTarget(documents, 'category');
  const train = labelled(documents, target);

  it('has as many of each class, and holds every smaller one', () => {
    const samples = usualShots.map((shots) => sampleShots(train, target, shots, 3));
    expect(samples.map(({ positions }) => positions.length)).toEqual([21, 37, 69, 133, 261, 400]);
    samples.slice(1).forEach(({ positions }, i) => {
      expect(positions).toEqual(expect.arrayContaining([...samples[i]!.positions]));
    });
    expect(samples[0]!.short).toEqual([{ name: 'rare', has: 5 }]);
    expect(shortageSentence(8, samples[0]!.short)).toBe(
      'With 8 labels per class, rare (5) has fewer and gave what there is.',
    );
    expect(shortageSentence('all', samples.at(-1)!.short)).toBeNull();
  });

  it('depends on the seed and not on the order of the notes', () => {
    const reversed = labelled([...documents].reverse(), target);
    const named = (part: typeof train, seed: number): string[] =>
      sampleShots(part, target, 16, seed)
        .positions.map((i) => part.documents[i]!.id)
        .sort();
    expect(named(reversed, 3)).toEqual(named(train, 3));
    expect(named(train, 4)).not.toEqual(named(train, 3));
  });

  it('of several labels has at least as many of each', () => {
    const lists = ['x; y', 'x', 'y', 'x; z'];
    const notes = many(200, (i) => ({ label: lists[i % 4]! }));
    const several = readTarget(notes, 'label');
    const part = labelled(notes, several);
    const { positions, short } = sampleShots(part, several, 8, 0);
    const counts = several.classes.map(
      (_, k) => positions.filter((i) => part.classes[i]!.includes(k)).length,
    );
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
    expect(positions.length).toBeLessThanOrEqual(24);
    expect(short).toEqual([]);
  });
});

describe('Notes that models were trained on', () => {
  it('are left out for all models, and counted for each', () => {
    const documents = many(6, () => ({}));
    const texts = documents.map(({ text }) => text);
    const { unseen, seen } = withoutSeen(documents, [
      { model: 'first', trainingHashes: createTrainingHashes([texts[0]!, texts[1]!], 's') },
      { model: 'second', trainingHashes: createTrainingHashes([texts[1]!.toUpperCase()], 't') },
      { model: 'third', trainingHashes: null },
    ]);
    expect(ids(unseen)).toEqual(['d2', 'd3', 'd4', 'd5']);
    expect(seen.map((each) => each.documents)).toEqual([2, 1, null]);
    expect(seenSentences(seen, 'test notes', (model) => model)).toEqual([
      'first was trained on 2 of the test notes: they were left out for every model.',
      'second was trained on 1 of the test notes: they were left out for every model.',
      'third does not say what it was trained on: it may have seen these notes.',
    ]);
    expect(document('d0').text).toBe(texts[0]);
  });
});

describe('A model that saw the target', () => {
  const mapping = {
    text: 'text',
    id: null,
    category: 'type',
    label: 'chapter',
    group: null,
    date: null,
    split: null,
  };
  const labelledBy = (label: (i: number) => string) =>
    many(90, (i) => ({ category: `type ${i % 6}`, label: label(i) }));

  it('was trained on its field, or on one of which either tells the other', () => {
    const coarser = labelledBy((i) => `chapter ${i % 3}`);
    expect(sawTarget('chapter', 'label', mapping, coarser)).toBe('same');
    expect(sawTarget('type', 'label', mapping, coarser)).toBe('derived');
    expect(sawTarget('chapter', 'category', mapping, coarser)).toBe('derived');
  });

  it('is a kept column, trained on as such or told by the category', () => {
    const kept = many(90, (i) => ({ category: `type ${i % 6}`, fields: { ward: i % 3 } }));
    expect(readTarget(kept, 'ward').classes).toEqual(['0', '1', '2']);
    expect(sawTarget('ward', 'ward', mapping, kept)).toBe('same');
    expect(sawTarget('type', 'ward', mapping, kept)).toBe('derived');
    expect(sawTarget('ward', 'category', mapping, kept)).toBe('derived');
    expect(() => readTarget(kept, 'team')).toThrow('No note has a team');
  });

  it('is none that was trained on another field, or on text alone', () => {
    const other = labelledBy((i) => `chapter ${Math.floor(i / 7) % 3}`);
    const eachItsOwn = labelledBy((i) => `chapter ${i}`);
    expect(sawTarget('type', 'label', mapping, other)).toBeNull();
    expect(sawTarget('elsewhere', 'label', mapping, other)).toBeNull();
    expect(sawTarget(null, 'label', mapping, other)).toBeNull();
    expect(sawTarget('chapter', 'category', mapping, eachItsOwn)).toBeNull();
  });
});
