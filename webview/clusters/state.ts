import type { ClustersHostMessage } from '../../src/protocol/panels.js';
import type { Outline } from '../shared/area.js';
import { nearestPoints } from '../shared/nearest.js';
import { rememberLast } from '../shared/rememberLast.js';

export type PointsMessage = Extract<ClustersHostMessage, { type: 'points' }>;

/** How an area is drawn on the map. */
export const selectTools = ['lasso', 'box'] as const;
export type SelectTool = (typeof selectTools)[number];

/** Notes in an area of the map. */
export interface Selection {
  /** In the map's own coordinates. */
  readonly outline: Outline;
  readonly points: readonly number[];
}

export interface ClustersState {
  /** What the host last sent: points, or what is shown instead; `null` at first. */
  readonly message: Exclude<ClustersHostMessage, { type: 'highlight' }> | null;
  /** The open note's point. */
  readonly highlight: number | null;
  /** Categories that the user switched off. */
  readonly hidden: ReadonlySet<number>;
  readonly search: string;
  /** Point under the pointer. */
  readonly hovered: number | null;
  /** The active row of the list. */
  readonly row: number;
  /** `null`: the pointer moves the map. */
  readonly tool: SelectTool | null;
  readonly selection: Selection | null;
}

export const startState: ClustersState = {
  message: null,
  highlight: null,
  hidden: new Set(),
  search: '',
  hovered: null,
  row: 0,
  tool: null,
  selection: null,
};

/** Resets the state for a new set of points, whose indices mean other notes. */
export function startOver(
  message: Exclude<ClustersHostMessage, { type: 'highlight' }>,
): Partial<ClustersState> {
  // While note text is hidden there is no search field; when it returns, it is empty.
  const hasNoSearch = message.type === 'points' && message.hideText;
  return {
    message,
    highlight: null,
    hovered: null,
    row: 0,
    hidden: new Set(),
    tool: null,
    selection: null,
    ...(hasNoSearch ? { search: '' } : {}),
  };
}

/** Maximum number of notes listed beside the map. */
export const listLimit = 200;

export interface CategoryEntry {
  /** Number of the category; -1 for notes without one. */
  readonly category: number;
  readonly name: string;
  readonly count: number;
}

/** Categories that have notes; notes without a category come last. */
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
  /** Number of notes left out of the list. */
  readonly more: number;
}

/** The notes beside the map: search results, those selected, those near the open note, or all visible ones. */
export function listedNotes(state: ClustersState, message: PointsMessage): NoteList {
  return listNotes(message, state.hidden, state.search, state.highlight, state.selection);
}

const listNotes = rememberLast(
  (
    message: PointsMessage,
    hidden: ReadonlySet<number>,
    searched: string,
    highlight: number | null,
    selection: Selection | null,
  ): NoteList => {
    const isVisible = (point: number): boolean => !hidden.has(message.category[point] ?? -1);
    const search = message.hideText ? '' : searched.trim().toLowerCase();
    const matches = (point: number): boolean =>
      isVisible(point) && (message.names[point] ?? '').toLowerCase().includes(search);
    const all = (selection?.points ?? Array.from(message.x, (_, point) => point)).filter(matches);
    const more = Math.max(0, all.length - listLimit);
    if (search !== '') return { title: 'Found', points: all.slice(0, listLimit), more };
    if (selection !== null) return { title: 'Selected', points: all.slice(0, listLimit), more };
    if (highlight === null) return { title: 'Notes', points: all.slice(0, listLimit), more };
    const near = nearestPoints(message.x, message.y, highlight, listLimit, isVisible);
    return { title: 'Near the open note', points: near, more };
  },
);
