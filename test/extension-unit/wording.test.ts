import { expect, it } from 'vitest';
import type { RunState } from '../../src/protocol/run.js';
import { modelName, progressShare, progressText, resultText } from '../../src/extension/wording.js';
import { argumentSchemas, parseArguments } from '../../src/extension/commands/arguments.js';

const state: RunState = {
  format: 1,
  kind: 'index',
  name: 'index-1',
  status: 'running',
  pid: 1,
  startedAt: 0,
  updatedAt: 0,
  progress: { phase: 'Embedding passages', done: 1200, total: 4800, unit: 'passages' },
  notes: [],
  result: null,
  error: null,
};

it('says how far a job is', () => {
  expect(progressText(state)).toBe('Embedding passages: 1,200 of 4,800 passages');
  expect(progressShare(state)).toBe(0.25);
  expect(progressText({ ...state, progress: null })).toBe('Starting…');
  expect(
    progressShare({ ...state, progress: { phase: 'x', done: 3, total: null, unit: 'y' } }),
  ).toBe(null);
  expect(progressText({ ...state, status: 'cancelling' })).toBe('Stopping…');
});

it('says what came out', () => {
  const result = {
    kind: 'index',
    documents: 600,
    passages: 1234,
    embedded: 34,
    reused: 1200,
    removed: 0,
    seconds: 3.21,
  } as const;
  expect(resultText(result, 'ward')).toBe(
    'Indexed ward: 600 notes in 1,234 passages, 34 embedded anew, in 3.2 s.',
  );
});

it('names a model by its run, its folder or as bundled', () => {
  expect(modelName('/ext/models/starter', '/ext/models/starter')).toBe('bundled');
  expect(modelName('/w/.notespace/runs/pretrain-1/model', '/b')).toBe('pretrain-1');
  expect(modelName('C:\\models\\clinical-bert', '/b')).toBe('clinical-bert');
});

it('takes arguments that are right, and refuses others by the name of what is wrong', () => {
  expect(parseArguments(argumentSchemas.openNote, { key: 'k' })).toEqual({ key: 'k' });
  expect(parseArguments(argumentSchemas.openNote, undefined)).toBe(null);
  class Uri {
    readonly scheme = 'file';
  }
  expect(parseArguments(argumentSchemas.openNote, new Uri())).toBe(null);
  expect(() => parseArguments(argumentSchemas.openNote, { key: 3 })).toThrow(/not right: key\./);
  expect(() => parseArguments(argumentSchemas.openNote, { path: '/x' })).toThrow(
    /not right: path\./,
  );
  expect(() => parseArguments(argumentSchemas.addCorpus, {})).toThrow(/not right: source\./);
  expect(() =>
    parseArguments(argumentSchemas.addCorpus, { source: '/x', mapping: { text: 'a', txet: 'b' } }),
  ).toThrow(/not right: mapping\./);
});
