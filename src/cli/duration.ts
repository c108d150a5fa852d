/** Times as they are written on the command line: "90s", "45m", "1h30m", "2d". */
import { readDuration } from '../core/base/duration.js';
import { usageError } from '../core/base/errors.js';

/**
 * Whole seconds, at least one.
 *
 * @param option for the message, with its dashes
 */
export function parseDuration(text: string, option: string): number {
  const seconds = readDuration(text);
  if (seconds === null || seconds < 1) {
    throw usageError(`${option} is a time such as 45m, 8h or 1h30m, not "${text}".`);
  }
  return Math.round(seconds);
}
