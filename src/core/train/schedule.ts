import type { TrainingConfig } from './config.js';

export type RateSettings = Pick<
  TrainingConfig,
  'learningRate' | 'learningRateSchedule' | 'warmupSteps' | 'warmupRatio'
>;

export function warmupSteps(
  config: Pick<RateSettings, 'warmupSteps' | 'warmupRatio'>,
  totalSteps: number,
): number {
  return config.warmupSteps ?? Math.ceil(config.warmupRatio * totalSteps);
}

/**
 * Learning rate of `step`, which counts from 1: linear warm-up, then as `learningRateSchedule`
 * says; linear and cosine schedules reach 0 after the last step. Unlike Hugging Face's schedule,
 * the first warm-up step has a rate above 0.
 */
export function learningRateAt(config: RateSettings, step: number, totalSteps: number): number {
  const warmup = Math.min(warmupSteps(config, totalSteps), totalSteps);
  if (step <= warmup) return (config.learningRate * step) / warmup;
  const progress = (step - 1 - warmup) / Math.max(1, totalSteps - warmup);
  switch (config.learningRateSchedule) {
    case 'linear':
      return config.learningRate * (1 - progress);
    case 'cosine':
      return config.learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
    case 'constant':
      return config.learningRate;
  }
}
