/** Where an error occurred, for the log: names and locations only, since a message may quote a note. */
import { UserError } from '../core/base/errors.js';

export function traceOf(error: unknown): string {
  if (error instanceof UserError) return `${error.name}: ${error.message}`;
  if (!(error instanceof Error)) return 'An unknown error.';
  const stack = (error.stack ?? '').replace(error.message, '');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
