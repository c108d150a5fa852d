import path from 'node:path';
import { expect, it } from 'vitest';
import { fromStoredSource, toStoredSource } from '../../src/extension/corpora/corpusSource.js';

it.each([
  ['/ward/notes', 'notes'],
  ['/ward/a/b.csv', 'a/b.csv'],
  ['/ward', '.'],
  ['/ward/..notes', '..notes'],
  ['/wardrobe/notes', '/wardrobe/notes'],
  ['/elsewhere/notes.csv', '/elsewhere/notes.csv'],
  ['/extension/samples/incidents.jsonl', 'sample:incidents.jsonl'],
])('writes %s down as %s, and finds it again', (source, stored) => {
  expect(toStoredSource(source, '/ward', '/extension/samples', path.posix)).toBe(stored);
  expect(fromStoredSource(stored, '/ward', '/extension/samples', path.posix)).toBe(source);
});

it('finds a bundled sample where an update has moved it', () => {
  expect(fromStoredSource('sample:ward.csv', '/ward', '/v2/samples', path.posix)).toBe(
    '/v2/samples/ward.csv',
  );
});

it.each([
  ['c:\\Work\\notes\\a.csv', 'notes/a.csv'],
  ['D:\\notes', 'D:\\notes'],
  ['\\\\server\\share\\notes', '\\\\server\\share\\notes'],
])('knows the paths of Windows: %s', (source, stored) => {
  expect(toStoredSource(source, 'C:\\work', 'C:\\ext\\samples', path.win32)).toBe(stored);
  const found = fromStoredSource(stored, 'C:\\work', 'C:\\ext\\samples', path.win32);
  expect(found.toLowerCase()).toBe(source.toLowerCase());
});
