import { expect, test } from 'vitest';
import type { ValuesColumn } from '../../src/protocol/map.js';
import {
  activeColumn,
  drawnCodes,
  legendEntries,
  noFilters,
  valueText,
  visiblePoints,
} from '../../webview/clusters/columns.js';
import { groupCentres, placeNames } from '../../webview/clusters/groupNames.js';
import type { PointsMessage } from '../../webview/clusters/content.js';
import {
  changed,
  type ClustersState,
  listedNotes,
  startOver,
  startState,
  undone,
} from '../../webview/clusters/state.js';
import { boxOutline, pointsWithin } from '../../webview/shared/area.js';
import { categoryOf, cloud, colourful } from './mapScenes.js';

function columnOf(message: PointsMessage, name: string | null = null) {
  const column = activeColumn(message, name);
  if (column === null) throw new Error('no column');
  return column;
}

const without = (column: string, ...codes: number[]) => ({
  ...noFilters,
  hidden: new Map([[column, new Set(codes)]]),
});

test('what the pointer does costs no new legend and no new list', () => {
  const message = cloud(500, 3);
  const state = { ...startState, message };
  const entriesOf = (points: PointsMessage) => legendEntries(columnOf(points));
  const before = { entries: entriesOf(message), list: listedNotes(state, message) };
  expect(entriesOf(message)).toBe(before.entries);
  expect(listedNotes({ ...state, hovered: 3, row: 2 }, message)).toBe(before.list);
});

test('a search, a hidden category, the open note and another map each make a new list', () => {
  const message = cloud(500, 3);
  const state = { ...startState, message };
  const { names } = message;
  expect(listedNotes({ ...state, search: names[7] ?? '' }, message).title).toBe('Found');
  expect(listedNotes({ ...state, highlight: 7 }, message).title).toBe('Near the open note');
  const hidden = listedNotes({ ...state, filters: without('category', 0) }, message);
  expect(hidden.points.every((point) => categoryOf(message)[point] !== 0)).toBe(true);
  const other = cloud(20, 3);
  expect(listedNotes(state, other).points).toHaveLength(20);
  expect(legendEntries(columnOf(other)).reduce((sum, { count }) => sum + count, 0)).toBe(20);
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
  const filters = without('category', categoryOf(message)[3] ?? -1);
  expect(listedNotes({ ...state, filters }, message).points).not.toContain(3);
  expect({ ...state, ...startOver(message) }.selection).toBeNull();
});

test('filters of several columns hold together, and a note without a date is outside every range', () => {
  const message = colourful(100, 4);
  const dates = columnOf(message, 'date');
  const ages = columnOf(message, 'age');
  if (dates.kind !== 'scale' || ages.kind !== 'scale') throw new Error('no scales');
  const [from, to] = [dates.numbers[10] ?? 0, dates.numbers[60] ?? 0];
  const ranges = new Map([
    ['date', { from, to }],
    ['age', { from: ages.first, to: ages.last }],
  ]);
  const visible = visiblePoints(message, { ...without('category', 2), ranges });
  visible.forEach((isShown, point) => {
    const expected =
      categoryOf(message)[point] !== 2 && point >= 10 && point <= 60 && point % 11 !== 0;
    expect(isShown === 1, String(point)).toBe(expected);
  });
  expect(valueText(ages, 0)).toBe('No age');
  expect(valueText(dates, 1)).toBe('2019-01-05');
  expect(legendEntries(ages).at(-1)).toMatchObject({ code: -1, name: 'No age', count: 10 });
});

test('values that are not named share an entry that says how many they are', () => {
  const codes = Int32Array.of(0, 2, 1, -1, 2);
  const head = { kind: 'values', name: 'ward', label: 'Ward', sentence: '' } as const;
  const column: ValuesColumn = { ...head, values: ['A', 'B'], codes, others: 7, plainValues: null };
  expect(legendEntries(column)).toEqual([
    { code: 0, name: 'A', count: 1 },
    { code: 1, name: 'B', count: 1 },
    { code: 2, name: 'Other (7 values)', count: 2 },
    { code: -1, name: 'No ward', count: 1 },
  ]);
  const message = { ...cloud(5, 1), columns: [column] };
  const drawn = drawnCodes(message, column, null);
  expect(new Set(drawn).size).toBe(4);
  // What was not found steps back, whatever it is.
  const lit = drawnCodes(message, column, [1, 2]);
  expect([lit[1], lit[2]]).toEqual([drawn[1], drawn[2]]);
  expect(new Set([lit[0], lit[3], lit[4]]).size).toBe(1);
  expect(new Set(drawn).has(lit[0] ?? 0)).toBe(false);
});

test('what was found is listed best first, until it is selected from', () => {
  const message = cloud(40, 3);
  const found = { type: 'found', text: 'a', mode: 'hybrid', points: [9, 3], sentence: '' } as const;
  const state = { ...startState, message, found };
  expect(listedNotes(state, message)).toMatchObject({ title: 'Most alike', points: [9, 3] });
  const selection = { outline: [], points: [3, 4] };
  expect(listedNotes({ ...state, selection }, message).points).toEqual([3, 4]);
  expect({ ...state, ...startOver(message) }.found).toBeNull();
});

test('colours, filters and selections are taken back one by one', () => {
  let state: ClustersState = { ...startState, message: cloud(40, 3) };
  state = { ...state, ...changed(state, { colour: 'age' }) };
  state = { ...state, ...changed(state, { filters: without('category', 1) }) };
  state = { ...state, ...changed(state, { selection: { outline: [], points: [1] } }) };
  state = { ...state, ...undone(state) };
  expect(state.selection).toBeNull();
  expect(state.filters.hidden.size).toBe(1);
  state = { ...state, ...undone(state) };
  expect(state.filters).toBe(noFilters);
  expect(state.colour).toBe('age');
  state = { ...state, ...undone(state), ...undone({ ...state, past: [] }) };
  expect(state.colour).toBeNull();
  expect(undone(state)).toEqual({});
});

test('names stand at the medians of their groups, and none on another', () => {
  const message = colourful(600, 6);
  const column = columnOf(message, 'computed density');
  if (column.kind !== 'values') throw new Error('no values');
  const centres = groupCentres(message, column);
  expect(centres).toHaveLength(6);
  const code = centres[0]?.code ?? -1;
  const own = [...message.x].filter((_, i) => column.codes[i] === code).sort((a, b) => a - b);
  expect(centres[0]?.x).toBe(own[Math.floor(own.length / 2)]);

  const size = { width: 400, height: 300 };
  const at = (name: string, x: number, y: number, code = 0) => ({ name, x, y, code });
  const placed = placeNames(
    [at('a', 100, 100), at('b', 110, 104), at('c', 390, 100), at('d', 100, 295), at('e', 300, 50)],
    ({ x, y }) => ({ x, y }),
    () => 60,
    size,
  );
  expect(placed.map(({ name }) => name)).toEqual(['a', 'b', 'd', 'e']);
  for (const one of placed) {
    for (const other of placed) {
      if (one === other) continue;
      const isApart = Math.abs(one.x - other.x) >= 60 || Math.abs(one.y - other.y) >= 18;
      expect(isApart, `${one.name} ${other.name}`).toBe(true);
    }
    expect(one.y).toBeLessThan(size.height);
  }
});
