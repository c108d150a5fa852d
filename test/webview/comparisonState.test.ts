import { expect, test } from 'vitest';
import { comparedSettings } from '../../src/extension/runs/comparedSettings.js';
import type { ComparedRun } from '../../src/protocol/panels.js';
import { objectiveEntries } from '../../src/protocol/catalogue/training.js';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import {
  emptyState,
  measureOf,
  receive,
  total,
  warningsOf,
  type ComparisonState,
} from '../../webview/comparison/state.js';
import { severalLosses } from './scenes.js';

async function compare(objective: ObjectiveName, ...configs: object[]): Promise<ComparisonState> {
  const runs = await Promise.all(
    configs.map(async (config, at): Promise<ComparedRun> => {
      const settings = await comparedSettings({ config: { ...config }, objective });
      const names = { id: `run-${at}`, name: `run-${at}`, corpus: 'ward', base: 'bundled' };
      return { ...names, objective, status: 'done', settings };
    }),
  );
  const state = receive(emptyState, { type: 'runs', runs });
  return runs.reduce((known, { id }, at) => {
    const lines = severalLosses(objectiveEntries[objective].lossWeights, 20, 5, at);
    return receive(known, { type: 'metrics', run: id, reset: true, lines });
  }, state);
}

test('runs that differ in nothing that a loss measures are compared by their total', async () => {
  const state = await compare(
    'declutr',
    { learningRate: 1e-3 },
    { batchTokens: 512, temperature: 0.05 },
  );
  expect(measureOf(state)).toBe(total);
  expect(warningsOf(state)).toEqual([]);
});

test.each([
  ['mlm', { lossWeights: { mlm: 1 } }],
  ['declutr', { lossWeights: { mlm: 1 } }],
  ['note-category', { lossWeights: { category: 0.1, mlm: 1 } }],
] as const)(
  'the own weights of %s, written out, are no other weights: %j',
  async (objective, config) => {
    const state = await compare(objective, {}, config);
    expect(measureOf(state)).toBe(total);
    expect(warningsOf(state)).toEqual([]);
  },
);

test.each([
  ['declutr', { temperature: 0.1 }, 'temperature'],
  [
    'declutr',
    { batchDocuments: 8, lossWeights: { mlm: 2, ntXent: 1 } },
    'lossWeights and batchDocuments',
  ],
  ['note-category', { categoryLoss: 'sup-con' }, 'categoryLoss'],
] as const)(
  '%s runs with other settings are compared by a loss that is alike: %j',
  async (objective, config, named) => {
    const state = await compare(objective, {}, config);
    expect(measureOf(state)).toBe('mlm');
    expect(warningsOf(state)).toEqual([]);
    expect(warningsOf({ ...state, measure: total })).toEqual([
      `These runs measure this loss each in its own way: they differ in ${named}.`,
    ]);
  },
);

test('a loss of which no run has another one is compared with a warning', async () => {
  const state = await compare('mlm', {}, { mlmProbability: 0.3, temperature: 0.2 });
  expect(measureOf(state)).toBe(total);
  expect(warningsOf(state).join()).toMatch(/differ in mlmProbability\.$/);
});
