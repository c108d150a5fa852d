import { fromSystemError, systemCode } from '../core/base/errors.js';

export interface WatchedOutput {
  /** Waits until all is written; why it could not be, in a sentence, or `null`. */
  readonly end: () => Promise<string | null>;
}

/** Standard output may be a file on a full disk, which is a failure, or a reader that has seen enough. */
export function watchOutput({ stdout, stderr }: NodeJS.Process): WatchedOutput {
  let lost: Error | null = null;
  stdout.on('error', (error: Error) => {
    if (systemCode(error) !== 'EPIPE') lost ??= error;
  });
  // Nothing is left to tell it to.
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
