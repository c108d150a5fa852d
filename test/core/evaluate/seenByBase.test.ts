import { expect, it } from 'vitest';
import { seenByBase } from '../../../src/core/evaluate/seenByBase.js';

it('warns where the base model knows held-out notes, and only there', () => {
  expect(seenByBase(41, 60)).toMatch(/was trained on 41 of the 60 held-out notes: .+\.$/);
  expect(seenByBase(0, 60)).toBeNull();
  expect(seenByBase(null, 60)).toBeNull();
});
