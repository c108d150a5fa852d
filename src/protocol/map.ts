/** The map of a store as it is read for panels. */

/** What the notes of a map can be coloured by. */
export type MapColumn = ValuesColumn | ScaleColumn;

interface ColumnHead {
  /** As the index has it, or of computed groups. */
  readonly name: string;
  /** As shown. */
  readonly label: string;
  readonly sentence: string;
}

export interface ValuesColumn extends ColumnHead {
  readonly kind: 'values';
  /** Most frequent first. */
  readonly values: readonly string[];
  /** Each note's index into `values`, `values.length` for one that is not named, -1 for none, [count]. */
  readonly codes: Int32Array;
  /** Values that are not named, because they are too many. */
  readonly others: number;
  /** Names that tell the same and hold no words of notes; `null` if `values` hold none. */
  readonly plainValues: readonly string[] | null;
}

export interface ScaleColumn extends ColumnHead {
  readonly kind: 'scale';
  readonly type: 'number' | 'date';
  /** NaN for none; of dates milliseconds since 1970 in UTC, [count]. */
  readonly numbers: Float64Array;
  readonly first: number;
  readonly last: number;
}

export interface ClusterMap {
  readonly count: number;
  /** x and y of each document, [count] each. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Each document's index into `categories`, or -1, [count]. */
  readonly category: Int32Array;
  readonly categories: readonly string[];
  readonly files: readonly (string | null)[];
  /** What the notes can be coloured by and filtered, in the order in which it is offered. */
  readonly columns: readonly MapColumn[];
  /** Of each note its nearest by the model, [count, k], nearest first, -1 if gone; `null` on maps of older versions. */
  readonly neighbours: { readonly k: number; readonly notes: Int32Array } | null;
  /** Remarks for the map, such as "Projection is older than the index". */
  readonly warnings: readonly string[];
}
