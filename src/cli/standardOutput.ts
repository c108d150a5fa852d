import { fromSystemError, systemCode } from '../core/base/errors.js';

export interface WatchedOutput {
  /** Waits until everything is written; returns a sentence if something was lost, else `null`. */
  readonly end: () => Promise<string | null>;
}

/** Detects lost output: a full disk is a failure, a closed pipe is not. */
export function watchOutput({ stdout, stderr }: NodeJS.Process): WatchedOutput {
  let lost: Error | null = null;
  stdout.on('error', (error: Error) => {
    if (systemCode(error) !== 'EPIPE') lost ??= error;
  });
  // There is nowhere left to report it.
  stderr.on('error', () => undefined);
  return {
    async end() {
      await new Promise<void>((resolve) => stdout.write('', () => setImmediate(resolve)));
      return lost === null ? null : sentenceOf(lost);
    },
  };
}

function sentenceOf(error: Error): string {
  try {
    return fromSystemError(error, 'Standard output').message;
  } catch {
    return 'Standard output could not be written: send it somewhere else.';
  }
}
