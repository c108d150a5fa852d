import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';

export interface Control {
  readonly signal?: AbortSignal | undefined;
  /** Awaited between micro-batches: stays pending while the run is paused. */
  readonly pauseGate?: (() => Promise<void>) | undefined;
}

/** A run of a graph blocks the process: between two of them is where Cancel and Pause are heard. */
export async function breathe({ signal, pauseGate }: Control): Promise<void> {
  await setImmediate();
  await pauseGate?.();
  throwIfAborted(signal);
}
