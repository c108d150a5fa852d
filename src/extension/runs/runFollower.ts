/** Watches a run folder, whoever started its job. */
import { readMetricsFrom } from '../../engine/metricsLines.js';
import { isOver, killRun, readState, writeControl } from '../../engine/runFolder.js';
import type { MetricsLine, RunState } from '../../protocol/run.js';
import type { Disposable } from '../disposable.js';

export interface RunListener {
  /** Called whenever the state has changed. */
  onState(state: RunState): void;
  /** All lines so far if `reset`, else the new ones; `unfit` is the number of unreadable lines among them. */
  onMetrics?(lines: readonly MetricsLine[], reset: boolean, unfit: number): void;
  /** The folder is gone or unreadable; there are no further calls. */
  onLost(error: unknown): void;
}

/** Follows until the run is over (including its last metrics) or the follower is disposed. */
export function followRun(folder: string, listener: RunListener, intervalMs = 300): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  let offset = 0;
  let isFirst = true;
  let lastState = '';

  async function look(): Promise<void> {
    try {
      // State before metrics: once the state is final, the last line has been written.
      const state = await readState(folder);
      if (state === null) throw new Error('The run folder has no state.');
      if (listener.onMetrics !== undefined) {
        const chunk = await readMetricsFrom(folder, offset);
        offset = chunk.offset;
        const reset = isFirst || chunk.reset;
        isFirst = false;
        const { lines, unfit } = chunk;
        if (!isDisposed && (reset || lines.length + unfit > 0)) {
          listener.onMetrics(lines, reset, unfit);
        }
      }
      const key = JSON.stringify({ ...state, updatedAt: 0 });
      if (!isDisposed && key !== lastState) listener.onState(state);
      lastState = key;
      if (!isDisposed && !isOver(state)) timer = setTimeout(() => void look(), intervalMs);
    } catch (error) {
      if (!isDisposed) listener.onLost(error);
    }
  }

  void look();
  return {
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

/** Time for a job to kill itself after the second cancel. */
const graceMs = 1500;

/**
 * Asks a job to cancel. The second time the job is told to stop at once, and is killed if it does not.
 * `times` is how often the user has asked, including this time.
 */
export async function cancelRun(folder: string, times: number): Promise<void> {
  await writeControl(folder, 'cancel');
  if (times < 2) return;
  await new Promise((resolve) => setTimeout(resolve, graceMs));
  const state = await readState(folder);
  if (state !== null && !isOver(state)) await killRun(folder);
}
