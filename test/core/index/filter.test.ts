import { describe, expect, it } from 'vitest';
import { fieldsOf, passes } from '../../../src/core/index/filter/filter.js';
import { parseFilter } from '../../../src/core/index/filter/parseFilter.js';

const note: Readonly<Record<string, string | number | null>> = {
  category: 'Nursing notes',
  date: '2021-03-31',
  seen: '2021-03-31T10:15',
  age: 67,
  dose: '2.5',
  empty: null,
  'odd "name"': "it's",
  and: 'x',
};
const found = (written: string): boolean =>
  passes(parseFilter(written), (field) => note[field] ?? null);

describe('a filter', () => {
  it.each([
    ['category = "nursing NOTES"', true],
    ["category='Nursing notes'", true],
    ['category = Nursing', false],
    ['category != Nursing', true],
    ['category contains nurs', true],
    ['category in (Discharge, "Nursing notes")', true],
    ['category IN (Discharge)', false],
    ['not category = Discharge', true],
    ['date = 2021', true],
    ['date = 2021-03', true],
    ['date = 2021-03-30', false],
    ['date >= 2021-03 and date <= 2021-03', true],
    ['date < 2021-03', false],
    ['date > 2021-02', true],
    ['seen <= 2021-03-31', true],
    ['age >= 67', true],
    ['age<67', false],
    ['age = 67.0', true],
    ['dose > 2', true],
    ['dose > 10', false],
    ['category > 3', false],
    ['empty is missing', true],
    ['empty is not missing', false],
    ['category is missing', false],
    ['empty = x', false],
    ['empty != x', true],
    ['empty < 3 or empty >= 3', false],
    ['age = 1 or age = 67 and dose = 9', false],
    ['(age = 1 or age = 67) and dose = 2.5', true],
    ['age = 67 or age = 1 and dose = 9', true],
    ['not (age = 67 and dose = 9)', true],
    ['not age = 67 or dose = 2.5', true],
    ['"odd \\"name\\"" = "it\'s"', true],
    ['"and" = x', true],
    ['category = "and"', false],
  ])('%s: %s', (written, expected) => {
    expect(found(written)).toBe(expected);
  });

  it.each([
    ['', /name of a field/],
    ['category', /after "category" comes/],
    ['category =', /a value of "category"/],
    ['= x', /name of a field/],
    ['category = a b', /"b" follows a condition/],
    ['category = "a', /never closed/],
    ['category ! a', /"!" is not followed/],
    ['(category = a', /expected "\)"/],
    ['category in a', /expected "\("/],
    ['category in (a b)', /expected "\)"/],
    ['category is gone', /expected "missing"/],
    ['category < tomorrow', /number or a date/],
    ['category = a and', /name of a field/],
  ])('says what is wrong with %j', (written, message) => {
    expect(() => parseFilter(written)).toThrow(message);
  });

  it('names its fields, each once', () => {
    const filter = parseFilter('a = 1 or not (b is missing and a in (2, 3))');
    expect(fieldsOf(filter)).toEqual(['a', 'b']);
  });
});
