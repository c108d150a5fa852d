import { Cancelled } from '../../core/base/errors.js';

/** Asserts that an earlier question has been answered. */
export function given<T>(answer: T | null): T {
  if (answer === null) throw new Cancelled();
  return answer;
}
