/** What a job receives from whatever runs it: a job process or the command line. */
import type { PretrainPlan } from '../../protocol/pretraining.js';
import type { Place } from '../../protocol/catalogue/readingSettings.js';
import type { MetricsLine, RunProgress } from '../../protocol/run.js';

export interface JobContext {
  /** The run's folder; `null` for a job without one (indexing or evaluation from the command line). */
  readonly runFolder: string | null;
  readonly cacheFolder: string;
  /** Threads for native code. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Awaited between units of work: stays pending while the run is paused. */
  readonly pauseGate: () => Promise<void>;
  /** Whether a pre-training is to end now with what it has come to. */
  readonly isFinishing: () => boolean;
  readonly onProgress: (progress: RunProgress) => void;
  readonly onMetrics: (line: MetricsLine) => void;
  /** The size and cost of a pre-training run, once it is planned. */
  readonly onPlan: (plan: PretrainPlan) => void;
  /** Where the user reads remarks: they name the settings as it does. */
  readonly place: Place;
  /** A remark for the user: one sentence, without note text. */
  readonly note: (sentence: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
