/** Numbers of labels per class, as they are written in a list. */
import type { Shots } from './evaluation.js';

export const usualShots: readonly Shots[] = [8, 16, 32, 64, 128, 'all'];

/** "16, 64, all": ascending, `all` last, each once. `wrong`: a part that is no such number. */
export function readShots(
  list: string,
): { readonly shots: readonly Shots[] } | { readonly wrong: string } {
  const shots: Shots[] = [];
  for (const part of new Set(list.split(',').map((each) => each.trim()))) {
    const count = Number(part);
    if (part === 'all') shots.push(part);
    else if (part !== '' && Number.isInteger(count) && count >= 1) shots.push(count);
    else return { wrong: part };
  }
  return { shots: shots.sort((a, b) => (a === 'all' ? 1 : b === 'all' ? -1 : a - b)) };
}
