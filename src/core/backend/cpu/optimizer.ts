/** AdamW with clipping by the global norm, over a parameter memory. */
import type { OptimizerSettings } from '../backend.js';
import type { ParameterMemory } from './parameterMemory.js';

export type AdamWSettings = Omit<OptimizerSettings, 'maxGradNorm'>;

/** Global Euclidean norm of all gradients. */
export function gradientNorm({ memory, regions }: ParameterMemory): number {
  let squares = 0;
  for (const { gradients } of regions) {
    squares += memory.kernels.squaredNorm(gradients.byteOffset, gradients.length);
  }
  return Math.sqrt(squares);
}

/**
 * Updates every parameter and clears the gradients.
 *
 * @param step counts from 1
 * @param gradientScale factor for every gradient; see `clipScale`
 */
export function adamWStep(
  { memory, regions }: ParameterMemory,
  settings: AdamWSettings,
  step: number,
  learningRate: number,
  gradientScale: number,
): void {
  const stepSize = learningRate / (1 - settings.beta1 ** step);
  const root2 = Math.sqrt(1 - settings.beta2 ** step);
  for (const { decay, values, gradients, moment1, moment2 } of regions) {
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
      1 - (decay ? learningRate * settings.weightDecay : 0),
    );
    gradients.fill(0);
  }
}
