import { expect, it } from 'vitest';
import { lengthItems } from '../../src/extension/ask/lengthStep.js';
import type { TrainingEstimate } from '../../src/protocol/lookup.js';

const estimate: TrainingEstimate = {
  ...{ step: 2, measurement: 8, heads: 0, tokensPerStep: 3900 },
  ...{ stepsPerEpoch: 400, run: null },
};
const item = (value: string, known: Parameters<typeof lengthItems>[1]) =>
  lengthItems(false, known).find((each) => each.value === value);

it('Lengths of time say what fits into them, and what that rests on', () => {
  // 0.97 x 3,600 s, without two held-out losses; one more every 100 steps.
  expect(item('hour', estimate)?.description).toBe('about 1,700 steps, 4.2 passes over the notes');
  expect(item('untilBest', estimate)?.description).toMatch(/^at most a day, about 40,000 steps/);
  expect(item('steps', estimate)?.description).toBe('2 s each');
  expect(lengthItems(false, estimate)[0]?.label).toMatch(/speed of this machine just now$/);
  const earlier = { ...estimate, run: 'pretrain-2026-11-24-081500', stepsPerEpoch: null };
  expect(lengthItems(false, earlier)[0]?.label).toMatch(/the run pretrain-2026-11-24-081500$/);
  expect(item('hour', earlier)?.description).toBe('about 1,700 steps');
});

it('A time that is too short for the model says so', () => {
  const slow = { ...estimate, step: 90 };
  expect(item('tenMinutes', slow)?.description).toBe(
    '$(warning) too short here: 6 steps of this model',
  );
});

it('Without an estimate every length is offered all the same', () => {
  const named = (known: Parameters<typeof lengthItems>[1]) =>
    lengthItems(true, known).map(({ value }) => value);
  expect(named('measuring')).toEqual(named(null));
  expect(named(null)).toContain('saved');
  expect(lengthItems(false, null).map(({ value }) => value)).not.toContain('saved');
  expect(item('hour', null)?.description).toBe('');
});
