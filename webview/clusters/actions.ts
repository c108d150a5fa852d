import type { LookupMode } from '../../src/protocol/catalogue/lookup.js';
import type { MapAction } from '../../src/protocol/catalogue/map.js';
import type { Range } from './columns.js';
import type { NoteMap } from './map.js';
import type { SelectTool } from './state.js';

/** What a user can do in the panel. */
export interface ClustersActions {
  readonly open: (point: number) => void;
  readonly run: (command: string) => void;
  readonly colourBy: (column: string) => void;
  /** @param codes of the values of a column that are switched off */
  readonly setHidden: (column: string, codes: ReadonlySet<number>) => void;
  /** `null`: all. While it is being dragged, steps on the way are not kept. */
  readonly setRange: (column: string, range: Range | null, isDragged: boolean) => void;
  readonly clearFilters: () => void;
  readonly undo: () => void;
  readonly showNames: (hasNames: boolean) => void;
  /** By name, in the list. */
  readonly search: (text: string) => void;
  /** By meaning and by words, on the map; the text is still being typed. */
  readonly typed: (text: string) => void;
  readonly lookUp: (text: string, mode: LookupMode) => void;
  readonly take: (action: MapAction, points: readonly number[]) => void;
  readonly save: () => void;
  /** A row of the list was chosen by keyboard; its point is marked. */
  readonly activate: (row: number, point: number | null) => void;
  /** A row received the focus, by whatever means. */
  readonly focused: (row: number, point: number) => void;
  /** `null`: the pointer moves the map. */
  readonly setTool: (tool: SelectTool | null) => void;
  readonly clearSelection: () => void;
  readonly map: NoteMap;
}
