import { createRandom } from '../base/random.js';

/** Key of the counter-based generator of dropout masks; the same on every device. */
export type DropoutKey = readonly [number, number];

export function dropoutKey(seed: number): DropoutKey {
  const random = createRandom(seed, 'dropout');
  return [random.integer(2 ** 32), random.integer(2 ** 32)];
}
