/** Steps of several contenders as a table in Markdown. */
import { allTurns } from '../shared/contender.js';
import type { Turn } from '../shared/contender.js';
import { quartiles, showQuartiles } from '../shared/quartiles.js';
import type { Quartiles } from '../shared/quartiles.js';

export interface StepRow {
  readonly name: string;
  readonly milliseconds: Quartiles;
  readonly tokensPerSecond: number;
  /** Per 1,000 tokens. */
  readonly processorSeconds: number;
  /** `null` where it was not measured. */
  readonly peakBytes: number | null;
}

/** @param peakBytes `null`: that of the turns */
export function measuredRow(
  name: string,
  turns: readonly Turn[],
  peakBytes: number | null,
): StepRow {
  const { tokens, processorSeconds, peakBytes: own } = allTurns(turns);
  const milliseconds = quartiles(turns.flatMap((turn) => turn.milliseconds));
  const steps = turns.reduce((sum, turn) => sum + turn.milliseconds.length, 0);
  const peak = peakBytes ?? own;
  return {
    name,
    milliseconds,
    tokensPerSecond: (tokens / steps / milliseconds.median) * 1000,
    processorSeconds: (processorSeconds / tokens) * 1000,
    peakBytes: Number.isNaN(peak) ? null : peak,
  };
}

/** @param rows the first is what the others are compared with */
export function stepTable(rows: readonly StepRow[]): string {
  const own = rows[0]!;
  return [
    '| | ms/step | tokens/s | time, ours = 1 | processor seconds per 1,000 tokens | processor time, ours = 1 | peak MB |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, milliseconds, tokensPerSecond, processorSeconds, peakBytes }) =>
        `| ${[
          name,
          showQuartiles(milliseconds, 0),
          tokensPerSecond.toFixed(0),
          (own.tokensPerSecond / tokensPerSecond).toFixed(2),
          processorSeconds.toFixed(2),
          (processorSeconds / own.processorSeconds).toFixed(2),
          peakBytes === null ? '–' : (peakBytes / 1e6).toFixed(0),
        ].join(' | ')} |`,
    ),
  ].join('\n');
}
