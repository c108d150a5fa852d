import type { NoteMap } from './map.js';
import type { SelectTool } from './state.js';

/** What a user can do in the panel. */
export interface ClustersActions {
  readonly open: (point: number) => void;
  readonly run: (command: string) => void;
  readonly setHidden: (categories: ReadonlySet<number>) => void;
  readonly search: (text: string) => void;
  /** A row of the list was chosen by keyboard; its point is marked. */
  readonly activate: (row: number, point: number | null) => void;
  /** A row received the focus, by whatever means. */
  readonly focused: (row: number, point: number) => void;
  /** `null`: the pointer moves the map. */
  readonly setTool: (tool: SelectTool | null) => void;
  readonly clearSelection: () => void;
  readonly map: NoteMap;
}
