import { expect, test } from 'vitest';
import {
  categoryEntries,
  listedNotes,
  startOver,
  startState,
} from '../../webview/clusters/state.js';
import { boxOutline, pointsWithin } from '../../webview/shared/area.js';
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

test('points are found in an area of any shape, and a selection is searched and filtered', () => {
  const plane = { x: Float32Array.of(1, 5, 9, 5, NaN), y: Float32Array.of(1, 5, 9, 1, 1) };
  const c = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 2 },
    { x: 2, y: 2 },
    { x: 2, y: 8 },
    { x: 10, y: 8 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];
  expect(pointsWithin(plane, c)).toEqual([0, 2, 3]);
  expect(pointsWithin(plane, boxOutline({ x: 9.5, y: 9.5 }, { x: 4, y: 4 }))).toEqual([1, 2]);
  const message = cloud(40, 3);
  const selection = { outline: c, points: [3, 4, 5, 6] };
  const state = { ...startState, message, selection };
  expect(listedNotes(state, message)).toMatchObject({ title: 'Selected', points: [3, 4, 5, 6] });
  expect(listedNotes({ ...state, search: message.names[4] ?? '' }, message).points).toEqual([4]);
  const hidden = new Set([message.category[3] ?? -1]);
  expect(listedNotes({ ...state, hidden }, message).points).not.toContain(3);
  expect({ ...state, ...startOver(message) }.selection).toBeNull();
});
