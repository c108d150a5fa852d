/** Watches a run folder, which may belong to another window's job or to one started by hand. */
import { readMetricsFrom } from '../../engine/metricsLines.js';
import { isOver, killRun, readState, writeControl } from '../../engine/runFolder.js';
import type { MetricsLine, RunState } from '../../protocol/run.js';
import type { Disposable } from '../disposable.js';

export interface RunListener {
  /** The state, whenever it has changed. */
  onState(state: RunState): void;
  /**
   * All lines so far when `reset`, else those since the last call; `unfit` counts others among them
   * that cannot be read.
   */
  onMetrics?(lines: readonly MetricsLine[], reset: boolean, unfit: number): void;
  /** The folder is gone or cannot be read; nothing more will come. */
  onLost(error: unknown): void;
}

/** Reads until the run is over (its last metrics included) or the follower is disposed. */
export function followRun(folder: string, listener: RunListener, intervalMs = 300): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  let offset = 0;
  let isFirst = true;
  let lastState = '';

  async function look(): Promise<void> {
    try {
      // First the state, then the metrics: a run that reads as over has written its last line.
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

/** How long a job may take to kill itself after the second cancel. */
const graceMs = 1500;

/**
 * Asks a job to cancel. Asked again, it is to stop at once, and a job that does not even do that is
 * killed. `times` is how often the user has asked, this time included.
 */
export async function cancelRun(folder: string, times: number): Promise<void> {
  await writeControl(folder, 'cancel');
  if (times < 2) return;
  await new Promise((resolve) => setTimeout(resolve, graceMs));
  const state = await readState(folder);
  if (state !== null && !isOver(state)) await killRun(folder);
}
