/** AdamW with clipping by the global norm, over a parameter memory. */
import type { OptimizerSettings } from '../backend.js';
import type { ParameterMemory, StatePart } from './parameterMemory.js';

type Regions = Pick<ParameterMemory, 'regions'>;

export type AdamWSettings = Omit<OptimizerSettings, 'maxGradNorm'>;

/** Global Euclidean norm of all gradients. */
export function gradientNorm({ regions }: Regions): number {
  let squares = 0;
  for (const { parts } of regions) squares += squaredNorm(parts, 'gradients');
  return Math.sqrt(squares);
}

/** Whether every trained value is a finite number. */
export function isSound({ regions }: Regions): boolean {
  return regions.every(({ parts }) => Number.isFinite(squaredNorm(parts, 'values')));
}

/**
 * The running sums go from one memory to the next, so that the result is the same to the last digit
 * however many memories there are.
 */
function squaredNorm(parts: readonly StatePart[], which: 'gradients' | 'values'): number {
  let total = 0;
  let sums: ArrayLike<number> = [0, 0, 0, 0];
  for (const part of parts) {
    const { kernels, sums: running } = part.memory;
    const { byteOffset, length } = part[which];
    running.set(sums);
    total = kernels.squaredNorm(byteOffset, length, running.byteOffset);
    sums = running;
  }
  return total;
}

/**
 * Updates every parameter and clears the gradients.
 *
 * @param step counts from 1
 * @param gradientScale factor for every gradient; see `clipScale`
 */
export function adamWStep(
  { regions }: Regions,
  settings: AdamWSettings,
  step: number,
  learningRate: number,
  gradientScale: number,
): void {
  const root2 = Math.sqrt(1 - settings.beta2 ** step);
  for (const { decay, rateFactor, parts } of regions) {
    const rate = rateFactor * learningRate;
    const stepSize = rate / (1 - settings.beta1 ** step);
    const keep = 1 - (decay ? rate * settings.weightDecay : 0);
    for (const { memory, values, gradients, moment1, moment2 } of parts) {
      memory.kernels.adamW(
        values.byteOffset,
        gradients.byteOffset,
        moment1.byteOffset,
        moment2.byteOffset,
        values.length,
        gradientScale,
        settings.beta1,
        settings.beta2,
        stepSize,
        root2,
        settings.epsilon,
        keep,
      );
    }
  }
}
