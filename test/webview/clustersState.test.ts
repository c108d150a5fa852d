import { expect, test } from 'vitest';
import {
  categoryEntries,
  listedNotes,
  startOver,
  startState,
} from '../../webview/clusters/state.js';
import { cloud } from './scenes.js';

test('what the pointer does costs no new legend and no new list', () => {
  const message = cloud(500, 3);
  const state = { ...startState, message };
  const before = { entries: categoryEntries(message), list: listedNotes(state, message) };
  expect(categoryEntries(message)).toBe(before.entries);
  expect(listedNotes({ ...state, hovered: 3, row: 2 }, message)).toBe(before.list);
});

test('a search, a hidden category, the open note and another map each make a new list', () => {
  const message = cloud(500, 3);
  const state = { ...startState, message };
  const { names } = message;
  expect(listedNotes({ ...state, search: names[7] ?? '' }, message).title).toBe('Found');
  expect(listedNotes({ ...state, highlight: 7 }, message).title).toBe('Near the open note');
  const hidden = listedNotes({ ...state, hidden: new Set([0]) }, message);
  expect(hidden.points.every((point) => message.category[point] !== 0)).toBe(true);
  const other = cloud(20, 3);
  expect(listedNotes(state, other).points).toHaveLength(20);
  expect(categoryEntries(other).reduce((sum, { count }) => sum + count, 0)).toBe(20);
});

test('a search outlives another map, but not hidden note text', () => {
  const message = cloud(20, 3);
  const state = { ...startState, search: 'note' };
  expect({ ...state, ...startOver(message) }.search).toBe('note');
  expect({ ...state, ...startOver({ ...message, hideText: true }) }.search).toBe('');
});
