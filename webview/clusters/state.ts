import type { LookupMode } from '../../src/protocol/catalogue/lookup.js';
import { lookupDefaults } from '../../src/protocol/catalogue/lookup.js';
import type { Outline } from '../shared/area.js';
import { nearestPoints } from '../shared/nearest.js';
import { rememberLast } from '../shared/rememberLast.js';
import type { ContentMessage, FoundMessage, PointsMessage } from './content.js';
import { activeColumn, type Filters, noFilters, valueText, visiblePoints } from './columns.js';

/** How an area is drawn on the map. */
export const selectTools = ['lasso', 'box'] as const;
export type SelectTool = (typeof selectTools)[number];

/** Notes in an area of the map. */
export interface Selection {
  /** In the map's own coordinates. */
  readonly outline: Outline;
  readonly points: readonly number[];
}

/** What the user chose to see, and can take back. */
export interface Look {
  /** Name of the column that colours the notes; `null`: the first. */
  readonly colour: string | null;
  readonly filters: Filters;
  readonly selection: Selection | null;
}

export interface ClustersState extends Look {
  /** What the host last sent: points, or what is shown instead; `null` at first. */
  readonly message: ContentMessage | null;
  /** The open note's point. */
  readonly highlight: number | null;
  /** Those nearest to it. */
  readonly neighbours: readonly number[];
  /** What was chosen before, latest last. */
  readonly past: readonly Look[];
  /** Whether the names of groups stand on the map. */
  readonly hasNames: boolean;
  /** What is looked for by its name. */
  readonly search: string;
  /** What is looked for by meaning and by words. */
  readonly asked: { readonly text: string; readonly mode: LookupMode };
  readonly found: FoundMessage | null;
  /** Point under the pointer. */
  readonly hovered: number | null;
  /** The active row of the list. */
  readonly row: number;
  /** `null`: the pointer moves the map. */
  readonly tool: SelectTool | null;
}

export const startState: ClustersState = {
  ...{ message: null, highlight: null, neighbours: [], past: [], hasNames: true },
  ...{ colour: null, filters: noFilters, selection: null },
  ...{ search: '', asked: { text: '', mode: lookupDefaults.mode }, found: null },
  ...{ hovered: null, row: 0, tool: null },
};

/** Resets the state for a new set of points, whose indices mean other notes. */
export function startOver(message: ContentMessage): Partial<ClustersState> {
  // While note text is hidden there is no search field; when it returns, it is empty.
  const hasNoSearch = message.type === 'points' && message.hideText;
  return {
    ...{ message, highlight: null, neighbours: [], hovered: null, row: 0, tool: null },
    ...{ past: [], filters: noFilters, selection: null, found: null },
    asked: startState.asked,
    ...(hasNoSearch ? { search: '' } : {}),
  };
}

const mostKept = 50;

/** Changes what is seen, so that it can be taken back. */
export function changed(state: ClustersState, part: Partial<Look>): Partial<ClustersState> {
  const { colour, filters, selection, past } = state;
  return { ...part, row: 0, past: [...past.slice(1 - mostKept), { colour, filters, selection }] };
}

/** Takes the last change back. */
export function undone({ past }: ClustersState): Partial<ClustersState> {
  const last = past.at(-1);
  return last === undefined ? {} : { ...last, row: 0, past: past.slice(0, -1) };
}

/** Maximum number of notes listed beside the map. */
export const listLimit = 200;

/** What the map is coloured by says of a note; empty if it is coloured by nothing. */
export function pointValue(state: ClustersState, message: PointsMessage, point: number): string {
  const column = activeColumn(message, state.colour);
  return column === null ? '' : valueText(column, point);
}

export function pointName(message: PointsMessage, point: number): string {
  return message.hideText ? `Note ${point + 1}` : (message.names[point] ?? '');
}

export interface NoteList {
  readonly title: string;
  /** Those that are listed. */
  readonly points: readonly number[];
  /** Those and all that follow them. */
  readonly all: readonly number[];
  /** Whether the user chose them, by whatever means. */
  readonly isChosen: boolean;
}

/** The notes beside the map: those selected, found, near the open note, or all visible ones. */
export function listedNotes(state: ClustersState, message: PointsMessage): NoteList {
  const { filters, search, highlight, selection, found } = state;
  return listNotes(message, filters, search, highlight, selection, found);
}

const listNotes = rememberLast(
  (
    message: PointsMessage,
    filters: Filters,
    searched: string,
    highlight: number | null,
    selection: Selection | null,
    found: FoundMessage | null,
  ): NoteList => {
    const visible = visiblePoints(message, filters);
    const isVisible = (point: number): boolean => visible[point] === 1;
    const search = message.hideText ? '' : searched.trim().toLowerCase();
    const matches = (point: number): boolean =>
      isVisible(point) && (message.names[point] ?? '').toLowerCase().includes(search);
    const from = selection?.points ?? found?.points ?? Array.from(message.x, (_, point) => point);
    const all = from.filter(matches);
    const list = (title: string, isChosen: boolean): NoteList => ({
      ...{ title, all, isChosen },
      points: all.slice(0, listLimit),
    });
    if (search !== '') return list('Found', selection !== null || found !== null);
    if (selection !== null) return list('Selected', true);
    if (found !== null) return list('Most alike', true);
    if (highlight === null) return list('Notes', false);
    const near = nearestPoints(message.x, message.y, highlight, listLimit, isVisible);
    return { title: 'Near the open note', points: near, all, isChosen: false };
  },
);
