/** What a plan advises before the first step. */
import { describe, expect, it } from 'vitest';
import { timeAdvice } from '../../../src/core/train/runPlan.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

const optionsFor = (training: object): TrainOptions =>
  toyRun('note-category', training, { checkpointFolder: 'none' });

describe('timeAdvice', () => {
  const hour = 3600;

  it('speaks up for what takes over a day', () => {
    const run = { options: optionsFor({}) };
    expect(timeAdvice(run, 24 * hour)).toEqual([]);
    expect(timeAdvice(run, Number.NaN)).toEqual([]);
    expect(timeAdvice(run, 30.4 * hour)).toEqual([
      'This takes about 30 hours: set maxSteps or epochs lower, set lora or frozenLayers, or start from a smaller model; it can be cancelled and resumed at any time.',
    ]);
  });

  it('recommends no adaptation that is in use', () => {
    expect(timeAdvice({ options: optionsFor({ lora: {} }) }, 25 * hour)).toEqual([
      'This takes about 25 hours: set maxSteps or epochs lower or start from a smaller model; it can be cancelled and resumed at any time.',
    ]);
  });
});
