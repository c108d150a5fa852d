import { expect, it } from 'vitest';
import { rangeIn, termsIn } from '../../src/extension/notes/marks.js';
import { Position, Range } from '../host/fakeVscode.js';

/** A document of which a position's character is its offset. */
const documentOf = (text: string) =>
  ({ getText: () => text, positionAt: (at: number) => new Position(0, at) }) as never;

/** The offsets of a range of such a document. */
function offsets(range: unknown): readonly number[] | null {
  return range instanceof Range ? [range.start.character, range.end.character] : null;
}

it('finds a passage where it was, or where it is now', () => {
  const text = 'Cough.\nCough.\nFever.';
  expect(offsets(rangeIn(documentOf(text), text, { start: 7, end: 13 }))).toEqual([7, 13]);
  expect(offsets(rangeIn(documentOf(`New. ${text}`), text, { start: 14, end: 20 }))).toEqual([
    19, 25,
  ]);
});

it('finds a passage across other ends of lines', () => {
  const text = 'Cough.\nFever.\nRash.';
  const shown = text.replaceAll('\n', '\r\n');
  expect(offsets(rangeIn(documentOf(shown), text, { start: 0, end: 13 }))).toEqual([0, 14]);
});

it('marks nothing where the text is hidden', () => {
  const document = documentOf('Note text is hidden.');
  expect(rangeIn(document, 'Cough.', { start: 0, end: 6 })).toBe(null);
  expect(rangeIn(document, 'Cough.', { start: 6, end: 6 })).toBe(null);
});

it('finds words, whole and in any case', () => {
  const ranges = termsIn(documentOf('Pain, painful PAIN'), ['pain']);
  expect(ranges.map(offsets)).toEqual([
    [0, 4],
    [14, 18],
  ]);
});
