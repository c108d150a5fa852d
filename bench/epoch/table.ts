/** The result of an epoch as a table in Markdown. */
import type { HeldOutLoss } from '../../src/core/train/heldOut.js';
import { allTurns } from '../shared/contender.js';
import type { Turn } from '../shared/contender.js';

export interface EpochRow {
  readonly name: string;
  readonly steps: number;
  readonly turns: readonly Turn[];
  readonly heldOut: HeldOutLoss;
}

/** @param rows the first is what the others are compared with */
export function epochTable(rows: readonly EpochRow[], before: HeldOutLoss): string {
  const measured = rows.map((row) => ({ ...row, ...allTurns(row.turns) }));
  const own = measured[0]!;
  const lines = measured.map((row) => {
    const cells = [
      row.name,
      row.steps,
      row.seconds.toFixed(1),
      row.processorSeconds.toFixed(1),
      (row.tokens / row.seconds).toFixed(0),
      (row.seconds / own.seconds).toFixed(2),
      (row.processorSeconds / own.processorSeconds).toFixed(2),
      (row.peakBytes / 1e6).toFixed(0),
      row.heldOut.loss.toFixed(4),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| | steps | seconds | processor seconds | tokens/s | time, ours = 1 | processor time, ours = 1 | peak MB | held-out loss |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    `Held-out loss before: ${before.loss.toFixed(4)}.`,
  ].join('\n');
}
