import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRun } from '../../src/engine/runFolder.js';
import type { PretrainJob } from '../../src/protocol/pretraining.js';
import type { Corpora } from '../../src/extension/corpora/corpora.js';
import { listModels, modelText, modelTooltip } from '../../src/extension/runs/models.js';
import type { Places } from '../../src/extension/places.js';

const tiny = fileURLToPath(new URL('../fixtures/tinyRoberta', import.meta.url));
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'models-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const corpora = {
  runFolders: () => Promise.resolve([join(home, 'runs')]),
  modelFolders: () => Promise.resolve([join(home, 'models')]),
} as unknown as Corpora;
const pretrain: PretrainJob = {
  kind: 'pretrain',
  corpus: { source: '/notes', mapping: {} },
  objective: 'mlm',
  base: '/models/base',
  device: 'auto',
  maxSteps: 4,
  seed: 0,
  resume: false,
  config: {},
};
const places = { bundledModel: tiny } as Places;

it('The bundled model comes first, then imported ones; what cannot be used says why', async () => {
  cpSync(tiny, join(home, 'models', 'good'), { recursive: true });
  mkdirSync(join(home, 'models', 'pickled'));
  writeFileSync(join(home, 'models', 'pickled', 'config.json'), '{}');
  writeFileSync(join(home, 'models', 'pickled', 'pytorch_model.bin'), '');
  mkdirSync(join(home, 'models', '.half.part'));
  const models = await listModels(corpora, places);
  expect(models.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'bundled Notespace MiniLM',
    'imported good',
    'imported pickled',
  ]);
  const [bundled, good, pickled] = models;
  expect(bundled?.description?.hasMlmHead).toBe(true);
  expect(modelText(good!.description!)).toMatch(/^RoBERTa \d+ x \d+, [\d,]+ parameters, 0\.\d MB$/);
  expect(modelTooltip(good!, [])).toMatch(
    /\nRoBERTa, reads 64 tokens at a time, embeds a text as the mean over its tokens\.\n/,
  );
  expect(pickled?.problem).toMatch(/pickle/);
  expect(modelTooltip(good!, ['ward'])).toMatch(
    /Has a masked-language-model head\.\nIndex of: ward/,
  );
});

it('A run offers its base with the head that it made, before it has a model itself', async () => {
  const run = await createRun(join(home, 'runs'), 'night', pretrain, Date.now());
  expect(await listModels(corpora, places)).toHaveLength(1);
  cpSync(tiny, join(run, 'base-with-head'), { recursive: true });
  const [, headed] = await listModels(corpora, places);
  expect(headed).toMatchObject({
    kind: 'run',
    folder: join(run, 'base-with-head'),
    reference: join(run, 'base-with-head'),
    run: null,
    problem: null,
  });
  expect(headed!.name).toMatch(/: base with its new head$/);
});
