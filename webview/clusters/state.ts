import type { ClustersHostMessage } from '../../src/protocol/panels.js';
import { nearestPoints } from '../shared/nearest.js';
import { rememberLast } from '../shared/rememberLast.js';

export type PointsMessage = Extract<ClustersHostMessage, { type: 'points' }>;

export interface ClustersState {
  /** What is on screen instead of a map, if anything; `null` before the host's first word. */
  readonly message: Exclude<ClustersHostMessage, { type: 'highlight' }> | null;
  /** The open note's point. */
  readonly highlight: number | null;
  /** Categories that the user switched off. */
  readonly hidden: ReadonlySet<number>;
  readonly search: string;
  /** Point under the pointer. */
  readonly hovered: number | null;
  /** Row of the list that the keyboard is on. */
  readonly row: number;
}

export const startState: ClustersState = {
  message: null,
  highlight: null,
  hidden: new Set(),
  search: '',
  hovered: null,
  row: 0,
};

/** Another set of points: what was pointed at or marked is another note now. */
export function startOver(
  message: Exclude<ClustersHostMessage, { type: 'highlight' }>,
): Partial<ClustersState> {
  // Without note text there is no search field, and the next one comes empty.
  const hasNoSearch = message.type === 'points' && message.hideText;
  return {
    message,
    highlight: null,
    hovered: null,
    row: 0,
    hidden: new Set(),
    ...(hasNoSearch ? { search: '' } : {}),
  };
}

/** Longest list of notes beside the map. */
export const listLimit = 200;

export interface CategoryEntry {
  /** Number of the category; -1 for notes without one. */
  readonly category: number;
  readonly name: string;
  readonly count: number;
}

/** What the legend shows: categories that have notes, those without one last. */
export const categoryEntries = rememberLast((message: PointsMessage): CategoryEntry[] => {
  const counts = new Map<number, number>();
  for (const category of message.category) counts.set(category, (counts.get(category) ?? 0) + 1);
  const named = message.categories.map((name, category) => ({
    category,
    name,
    count: counts.get(category) ?? 0,
  }));
  const without = counts.get(-1) ?? 0;
  return [...named, { category: -1, name: 'No category', count: without }].filter(
    (entry) => entry.count > 0,
  );
});

export function categoryName(message: PointsMessage, point: number): string {
  return message.categories[message.category[point] ?? -1] ?? 'No category';
}

export function pointName(message: PointsMessage, point: number): string {
  return message.hideText ? `Note ${point + 1}` : (message.names[point] ?? '');
}

export interface NoteList {
  readonly title: string;
  readonly points: readonly number[];
  /** Notes that the list leaves out. */
  readonly more: number;
}

/** The notes beside the map: those searched for, those near the open one, or all that are shown. */
export function listedNotes(state: ClustersState, message: PointsMessage): NoteList {
  return listNotes(message, state.hidden, state.search, state.highlight);
}

const listNotes = rememberLast(
  (
    message: PointsMessage,
    hidden: ReadonlySet<number>,
    searched: string,
    highlight: number | null,
  ): NoteList => {
    const isVisible = (point: number): boolean => !hidden.has(message.category[point] ?? -1);
    const search = message.hideText ? '' : searched.trim().toLowerCase();
    const matches = (point: number): boolean =>
      isVisible(point) && (message.names[point] ?? '').toLowerCase().includes(search);
    const all = Array.from(message.x, (_, point) => point).filter(matches);
    const more = Math.max(0, all.length - listLimit);
    if (search !== '') return { title: 'Found', points: all.slice(0, listLimit), more };
    if (highlight === null) return { title: 'Notes', points: all.slice(0, listLimit), more };
    const near = nearestPoints(message.x, message.y, highlight, listLimit, isVisible);
    return { title: 'Near the open note', points: near, more };
  },
);
