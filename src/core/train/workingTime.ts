/** A clock that stops while a run is paused, so that pauses do not count as slow training. */
import type { TrainOptions } from './trainingRun.js';

export function withWorkingTime<Options extends TrainOptions>(options: Options): Options {
  const { now, pauseGate } = options;
  if (pauseGate === undefined) return options;
  let paused = 0;
  return {
    ...options,
    now: () => now() - paused,
    pauseGate: async () => {
      const begun = now();
      await pauseGate();
      paused += now() - begun;
    },
  };
}
