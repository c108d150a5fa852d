import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.js';

export interface Control {
  readonly signal?: AbortSignal | undefined;
  /** Awaited between micro-batches; pending while the run is paused. */
  readonly pauseGate?: (() => Promise<void>) | undefined;
}

/** Yields to the event loop between runs, which block it, so that Cancel and Pause take effect. */
export async function breathe({ signal, pauseGate }: Control): Promise<void> {
  await setImmediate();
  await pauseGate?.();
  throwIfAborted(signal);
}
