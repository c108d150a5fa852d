import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { inspectHubModel } from '../../../src/core/model/hub.js';
import type { Hub } from '../../../src/core/model/hubAccess.js';
import { importFolder, importHubModel } from '../../../src/core/model/import.js';
import { importedName, parseHubName } from '../../../src/core/model/importNames.js';
import { startFakeHub } from '../../host/fakeHub.js';
import type { FakeHub, FakeModel } from '../../host/fakeHub.js';

const tiny = fileURLToPath(new URL('../../fixtures/tinyRoberta', import.meta.url));
const files: FakeModel = Object.fromEntries(
  readdirSync(tiny).map((name) => [name, readFileSync(join(tiny, name))]),
);
const config = JSON.parse(String(files['config.json'])) as Record<string, unknown>;

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  target = join(folder, 'models', 'mine');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

describe('A folder', () => {
  it('is copied without what is no part of the model', async () => {
    const source = join(folder, 'source');
    await cp(tiny, source, { recursive: true });
    writeFileSync(join(source, 'optimizer.pt'), 'pickle');
    await mkdir(join(source, 'runs'));
    const seen: number[] = [];
    const bytes = await importFolder(source, target, {
      ...quiet,
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(readdirSync(target).sort()).toEqual(readdirSync(tiny).sort());
    expect(bytes).toBe(Object.values(files).reduce((sum, { length }) => sum + length, 0));
    expect(seen.at(-1)).toBe(1);
    expect(readdirSync(join(folder, 'models'))).toEqual(['mine']);
  });

  it.each([
    [
      'a pickle that is none',
      { 'model.safetensors': null, 'pytorch_model.bin': 'x' },
      /no file of torch\.save/,
    ],
    ['no configuration', { 'config.json': null }, /no config\.json/],
    ['no tokenizer', { 'tokenizer.json': null }, /no tokenizer/],
    [
      'another architecture',
      { 'config.json': JSON.stringify({ ...config, model_type: 'gpt2' }) },
      /"gpt2" is not supported/,
    ],
    [
      'a tokenizer of more tokens than the model has',
      {
        'tokenizer.json': String(files['tokenizer.json']).replace(
          '"vocab": {',
          '"vocab": {"a token too many": 999999,',
        ),
      },
      /tokenizer of .* knows \d+ tokens .* or choose another model\.$/,
    ],
    ['weights cut short', { 'model.safetensors': 'short' }, /is broken/],
  ])('with %s is refused in a sentence, and nothing is left', async (_name, changes, sentence) => {
    const source = join(folder, 'source');
    await cp(tiny, source, { recursive: true });
    for (const [name, text] of Object.entries(changes)) {
      if (text === null) rmSync(join(source, name));
      else writeFileSync(join(source, name), text);
    }
    await expect(importFolder(source, target, quiet)).rejects.toThrow(sentence);
    expect(readdirSync(folder)).toEqual(['source']);
  });
});

describe('A model of a hub', () => {
  let fake: FakeHub;
  let hub: Hub;
  beforeAll(async () => {
    fake = await startFakeHub({
      'clinic/tiny': {
        ...files,
        'pytorch_model.bin': Buffer.from('x'),
        'img/a.png': Buffer.alloc(9),
      },
      'clinic/foreign': {
        'config.json': files['config.json']!,
        'tf_model.h5': Buffer.alloc(1),
      },
      'clinic/other': {
        ...files,
        'config.json': Buffer.from(JSON.stringify({ ...config, model_type: 'gpt2' })),
      },
    });
    hub = { url: fake.url, fetch, signal: quiet.signal };
  });
  afterAll(() => fake.close());
  beforeEach(() => fake.requests.splice(0));

  it('is shown with the files that are needed, and their size', async () => {
    const model = await inspectHubModel('clinic/tiny', hub);
    expect(model.files.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
    const weights = model.files.find(({ path }) => path === 'model.safetensors');
    expect(weights).toMatchObject({ bytes: files['model.safetensors']!.length });
    expect(weights?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(fake.requests.some((request) => request.includes('/resolve/'))).toBe(false);
  });

  it('arrives whole', async () => {
    const model = await inspectHubModel('clinic/tiny', hub);
    await importHubModel(model, target, hub, quiet);
    expect(readdirSync(target).sort()).toEqual(Object.keys(files).sort());
    expect(readFileSync(join(target, 'model.safetensors'))).toEqual(files['model.safetensors']);
    expect(readdirSync(join(folder, 'models'))).toEqual(['mine']);
    expect(await describeModel(target)).toMatchObject({
      architecture: 'roberta',
      hasMlmHead: true,
    });
  });

  it('goes on where a broken connection stopped', async () => {
    const model = await inspectHubModel('clinic/tiny', hub);
    fake.breakOff('model.safetensors');
    await expect(importHubModel(model, target, hub, quiet)).rejects.toThrow(
      /connection broke: go online/,
    );
    expect(readdirSync(join(folder, 'models'))).toEqual([expect.stringMatching(/\.part$/)]);
    fake.requests.splice(0);
    await importHubModel(model, target, hub, quiet);
    const ranges = fake.requests.filter((request) => request.includes('model.safetensors'));
    expect(ranges.at(-1)).toMatch(/ bytes=[1-9]\d*-\d+$/);
    expect(fake.requests.some((request) => request.includes('tokenizer.json'))).toBe(false);
    expect(readFileSync(join(target, 'model.safetensors'))).toEqual(files['model.safetensors']);
  });

  it('that arrives with other bytes than the hub promised is thrown away', async () => {
    const model = await inspectHubModel('clinic/tiny', hub);
    const wrong = {
      ...model,
      files: model.files.map((file) =>
        file.sha256 === null ? file : { ...file, sha256: '0'.repeat(64) },
      ),
    };
    await expect(importHubModel(wrong, target, hub, quiet)).rejects.toThrow(/arrived damaged/);
    const [partial] = readdirSync(join(folder, 'models'));
    expect(readdirSync(join(folder, 'models', partial!))).not.toContain('model.safetensors');
  });

  it('of another architecture is refused before its weights come', async () => {
    const model = await inspectHubModel('clinic/other', hub);
    await expect(importHubModel(model, target, hub, quiet)).rejects.toThrow(/not supported/);
    expect(fake.requests.some((request) => request.includes('safetensors'))).toBe(false);
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
  });

  it('that is cancelled stops', async () => {
    const model = await inspectHubModel('clinic/tiny', hub);
    const controller = new AbortController();
    const stopped = importHubModel(
      model,
      target,
      { ...hub, signal: controller.signal },
      {
        onProgress: () => controller.abort(),
      },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'Cancelled' });
  });

  it('is refused in a sentence when it is unknown, foreign, misnamed or out of reach', async () => {
    await expect(inspectHubModel('clinic/unknown', hub)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ has no public model clinic\/unknown: /,
    );
    await expect(inspectHubModel('clinic/foreign', hub)).rejects.toThrow(
      /only for TensorFlow \(tf_model\.h5\): convert it in Python/,
    );
    await expect(inspectHubModel('nonsense', hub)).rejects.toThrow(/owner\/name/);
    const offline = { ...hub, fetch: () => Promise.reject(new TypeError('fetch failed')) };
    await expect(inspectHubModel('clinic/tiny', offline)).rejects.toThrow(
      /could not be reached.*import the model from a folder/,
    );
  });
});

it('A name of a hub is taken as people write it', () => {
  expect(parseHubName('FacebookAI/roberta-base')).toEqual({
    name: 'FacebookAI/roberta-base',
    revision: null,
  });
  expect(parseHubName('https://huggingface.co/a/b/').name).toBe('a/b');
  expect(parseHubName('hub:a/b@refs/pr/1')).toEqual({ name: 'a/b', revision: 'refs/pr/1' });
  for (const wrong of ['a', '../b', 'a/b/c', 'a/b@x y']) {
    expect(() => parseHubName(wrong)).toThrow();
  }
});

it('An imported model gets a name fit for a folder', () => {
  expect(importedName('owner/name')).toBe('owner--name');
  expect(importedName('/somewhere/my model')).toBe('my model');
  expect(importedName('/')).toBe('model');
});
