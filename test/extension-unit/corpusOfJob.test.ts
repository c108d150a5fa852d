import { expect, it } from 'vitest';
import { corpusOfJob, jobSubject } from '../../src/extension/corpora/corpusOfJob.js';
import type { Corpus } from '../../src/extension/corpora/corpora.js';
import type { JobSpec } from '../../src/protocol/run.js';
import { corpusNamed } from './fixtures/services.js';

/** Of one source: by another field as category, and in another workspace folder. */
const ward = corpusNamed('ward');
const byTeam: Corpus = {
  ...ward,
  name: 'by team',
  store: '/home-of-notes/index/by team',
  indexes: [
    {
      ...{ model: 'pretrain-1', title: 'pretrain-1', isReady: false },
      store: '/home-of-notes/index/by team@12345678',
    },
  ],
  spec: { ...ward.spec, mapping: { category: 'team' } },
};
const elsewhere: Corpus = {
  ...ward,
  store: '/other/index/ward',
  indexes: [],
  runs: '/other/runs',
};
const corpora = [ward, byTeam, elsewhere];

const training = (mapping: object) =>
  ({ kind: 'pretrain', corpus: { source: ward.spec.source, mapping } }) as JobSpec;

it('finds the corpus of a training by home, source and mapping', () => {
  const of = (folder: string, mapping: object) =>
    corpusOfJob(corpora, { folder, spec: training(mapping) });
  expect(of('/home-of-notes/runs/one', {})).toBe(ward);
  expect(of('/home-of-notes/runs/one', { category: 'team' })).toBe(byTeam);
  expect(of('/other/runs/one', {})).toBe(elsewhere);
  expect(of('/other/runs/one', { category: 'team' })).toBe(null);
});

it('finds the corpus of an index or a map by its store', () => {
  const folder = '/home-of-notes/runs/one';
  const index = { kind: 'index', store: elsewhere.store, corpus: ward.spec } as JobSpec;
  expect(corpusOfJob(corpora, { folder, spec: index })).toBe(elsewhere);
  const another = { ...index, store: '/home-of-notes/index/by team@12345678' } as JobSpec;
  expect(corpusOfJob(corpora, { folder, spec: another })).toBe(byTeam);
  const project = { kind: 'project', store: byTeam.store, seed: 0 } as JobSpec;
  expect(corpusOfJob(corpora, { folder, spec: project })).toBe(byTeam);
});

it('names what is no corpus any more by its source, and a model by its folder', () => {
  expect(jobSubject([], { folder: '/r/one', spec: training({}) })).toBe('ward');
  const spec = { kind: 'import', target: '/models/small' } as JobSpec;
  expect(jobSubject(corpora, { folder: '/r/one', spec })).toBe('small');
});
