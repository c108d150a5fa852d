/** Times as they are written on the command line: "90s", "45m", "1h30m", "2d". */
import { usageError } from '../core/base/errors.js';

const unitSeconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/**
 * Whole seconds, at least one.
 *
 * @param option for the message, with its dashes
 */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([dhms])\s*/giy)];
  const isWhole = parts.map(([part]) => part).join('') === text.trim();
  const seconds = parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit!.toLowerCase()] ?? 0),
    0,
  );
  if (!isWhole || !(seconds >= 1)) {
    throw usageError(`${option} is a time such as 45m, 8h or 1h30m, not "${text}".`);
  }
  return Math.round(seconds);
}
