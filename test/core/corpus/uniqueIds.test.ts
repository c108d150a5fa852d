import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createUniqueIds } from '../../../src/core/corpus/uniqueIds.js';

/** The plain rule: the first number that is free, counted from 2. */
function plainly(ids: readonly string[]): string[] {
  const taken = new Set<string>();
  return ids.map((asked) => {
    let id = asked;
    for (let n = 2; taken.has(id); n++) id = `${asked}#${n}`;
    taken.add(id);
    return id;
  });
}

describe('unique ids', () => {
  it('number equal ids, and leave the others as they are', () => {
    const unique = createUniqueIds();
    const ids = ['a', 'b', 'a', 'a#3', 'a', 'a#3'];
    expect(ids.map((id) => unique(id))).toEqual(['a', 'b', 'a#2', 'a#3', 'a#4', 'a#3#2']);
  });

  it('are those of the plain rule, whatever is asked', () => {
    const id = fc.constantFrom('a', 'a#2', 'a#3', 'a#2#2', 'b', '');
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
        const unique = createUniqueIds();
        expect(ids.map((asked) => unique(asked))).toEqual(plainly(ids));
      }),
    );
  });

  it('look at two names for each id, even where all are equal', () => {
    const unique = createUniqueIds();
    const has = vi.spyOn(Set.prototype, 'has');
    for (let i = 0; i < 2000; i++) unique('same');
    const looks = has.mock.calls.length;
    has.mockRestore();
    expect(looks).toBeLessThanOrEqual(2 * 2000);
    expect(unique('same')).toBe('same#2001');
  });
});
