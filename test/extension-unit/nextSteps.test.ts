import { beforeEach, expect, it } from 'vitest';
import { commandIds } from '../../src/extension/contributions.js';
import { takeNextStep } from '../../src/extension/runs/nextSteps.js';
import { nextSteps } from '../../src/protocol/panels.js';
import { host } from '../host/fakeVscode.js';

const job = { folder: '/runs/first', spec: {}, state: { name: 'first' } } as never;
const corporaWith = (corpus: { token: string } | null) => ({ ofJob: () => corpus }) as never;

beforeEach(() => host.reset());

it.each([
  ['index', commandIds.indexNotes, { corpus: 'ward', model: 'first' }],
  ['evaluate', commandIds.evaluate, { corpus: 'ward', run: '/runs/first', ask: true }],
  ['compare', commandIds.compareRuns, { runs: ['/runs/first'] }],
] as const)('%s goes on with the model of the run', async (step, command, given) => {
  await takeNextStep(corporaWith({ token: 'ward' }), job, step);
  expect(host.executed).toEqual([{ command, args: [given] }]);
});

it.each(nextSteps)('%s says what is missing where the corpus is gone', async (step) => {
  await expect(takeNextStep(corporaWith(null), job, step)).rejects.toThrow(/add it again/);
  expect(host.executed).toEqual([]);
});
