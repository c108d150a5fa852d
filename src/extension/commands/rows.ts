/** Converts rows of the views to command arguments; passes anything else through. */
import { ModelItem, RunItem } from '../views/treeItems.js';

export function runOf(value: unknown): unknown {
  return value instanceof RunItem ? { run: value.run.folder } : value;
}

/** All selected rows, when the command was invoked on one of them. */
export function runsOf(value: unknown, selected: unknown): unknown {
  if (!(value instanceof RunItem)) return value;
  const rows: readonly unknown[] = Array.isArray(selected) ? selected : [];
  const runs = rows.includes(value) ? rows : [value];
  return { runs: runs.flatMap((row) => (row instanceof RunItem ? [row.run.folder] : [])) };
}

export function modelOf(value: unknown): unknown {
  if (value instanceof ModelItem) return { model: value.model.folder };
  return value instanceof RunItem ? { model: value.run.model ?? value.run.folder } : value;
}
