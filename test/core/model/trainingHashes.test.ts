import { describe, expect, it } from 'vitest';
import {
  createTrainingHashes,
  overlap,
  parseTrainingHashes,
} from '../../../src/core/model/trainingHashes.js';

describe('training hashes', () => {
  it('know a text again, whatever its white space and case, and tell nothing else', () => {
    const hashes = createTrainingHashes(['Seen  by the\nNurse.', 'b', 'b'], 'salt');
    expect(hashes.hashes.length).toBe(2);
    expect(JSON.stringify(hashes)).not.toMatch(/nurse/i);
    expect(overlap(hashes, ['c', ' seen by the nurse. ', 'b'])).toEqual([1, 2]);
    expect(overlap({ ...hashes, salt: 'other' }, ['b'])).toEqual([]);
  });

  it('knows what the models before it were trained on', () => {
    const first = createTrainingHashes(['a'], 'one');
    const second = createTrainingHashes(['b'], 'two', first);
    const third = createTrainingHashes(['c'], 'three', second);
    expect(overlap(third, ['a', 'b', 'c', 'd'])).toEqual([0, 1, 2]);
    expect(overlap(parseTrainingHashes(JSON.parse(JSON.stringify(third)))!, ['a', 'd'])).toEqual([
      0,
    ]);
    expect(third.inherited).toHaveLength(2);
  });
});
