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
import { findInHubCache, hubCaches } from '../../../src/core/model/hubCache.js';
import {
  importedName,
  importedRevision,
  parseHubName,
} from '../../../src/core/model/importNames.js';
import { weightsSentence } from '../../../src/core/model/weightsSentence.js';
import evil from '../../golden/torch/evil.json' with { type: 'json' };
import { startFakeHub } from '../../host/fakeHub.js';
import type { FakeHub, FakeModel } from '../../host/fakeHub.js';
import { golden, zipOf } from '../base/torch/files.js';

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
      /"gpt2" \(GPT-2\) is not supported/,
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

describe('Weights of a hub', () => {
  const { 'model.safetensors': safetensors, ...others } = files;
  const bin = (name: string): Buffer => readFileSync(golden(name));
  const bert: FakeModel = {
    'vocab.txt': readFileSync(
      fileURLToPath(new URL('../../fixtures/tinyBert/vocab.txt', import.meta.url)),
    ),
    'config.json': bin('config.json'),
  };
  const pickled: FakeModel = { ...bert, 'pytorch_model.bin': bin('bert.bin') };
  const sharded: FakeModel = Object.fromEntries(
    readdirSync(golden('.'))
      .filter((name) => name.startsWith('pytorch_model'))
      .map((name) => [name, bin(name)]),
  );
  const bot = { author: 'SFconvertbot', title: 'Adding `safetensors` variant of this model' };
  const converted = {
    ...others,
    'model.safetensors': safetensors!,
    'pytorch_model.bin': bin('bert.bin'),
  };
  const onMain: FakeModel = { ...others, 'pytorch_model.bin': bin('bert.bin') };
  let fake: FakeHub;
  let hub: Hub;
  beforeAll(async () => {
    fake = await startFakeHub(
      {
        'clinic/pickled': pickled,
        'clinic/sharded': { ...bert, ...sharded, 'unrelated.bin': Buffer.alloc(3) },
        'clinic/converted': onMain,
        'clinic/stale': onMain,
        'clinic/impostor': onMain,
        'clinic/evil': {
          ...bert,
          'pytorch_model.bin': zipOf(Buffer.from(evil['posix.system'], 'hex')),
        },
        'clinic/adapter': {
          'adapter_config.json': bin('adapters/plain/adapter_config.json'),
          'adapter_model.safetensors': bin('adapters/plain/adapter_model.safetensors'),
        },
      },
      {
        'clinic/converted': {
          'refs/pr/3': { files: onMain, author: 'somebody', title: 'A typo' },
          'refs/pr/6': { ...bot, files: converted },
          v1: { files: { ...onMain, 'model.safetensors': safetensors! } },
        },
        'clinic/stale': { 'refs/pr/1': { ...bot, files: converted, parent: 'f'.repeat(40) } },
        'clinic/impostor': { 'refs/pr/1': { ...bot, files: converted, author: 'somebody' } },
      },
    );
    hub = { url: fake.url, fetch, signal: quiet.signal };
  });
  afterAll(() => fake.close());

  it('come from the pull request that converts them, and that is said', async () => {
    const model = await inspectHubModel('clinic/converted', hub);
    expect(model).toMatchObject({ weights: 'conversion', reference: 'refs/pr/6' });
    expect(model.files.map(({ path }) => path)).not.toContain('pytorch_model.bin');
    expect(weightsSentence(model)).toMatch(/as safetensors, from the pull request refs\/pr\/6/);
    await importHubModel(model, target, hub, quiet);
    expect(readFileSync(join(target, 'model.safetensors'))).toEqual(safetensors);
  });

  it.each(['clinic/stale', 'clinic/impostor'])(
    'come from no pull request that is out of date or not of the bot: %s',
    async (name) => {
      const model = await inspectHubModel(name, hub);
      expect(model).toMatchObject({ weights: 'pickle', reference: null });
      expect(weightsSentence(model)).toMatch(/as a pickle, which is read without running anything/);
    },
  );

  it('are those of the revision that was asked for', async () => {
    const tagged = await inspectHubModel('clinic/converted@v1', hub);
    expect(tagged).toMatchObject({ weights: 'safetensors', reference: null });
    const main = await inspectHubModel('clinic/converted', hub);
    expect(tagged.revision).not.toBe(main.revision);
    const byName = await inspectHubModel('clinic/converted@refs/pr/6', hub);
    expect(byName.revision).toBe(main.revision);
  });

  it.each(['clinic/pickled', 'clinic/sharded'])(
    'that are pickles are stored as safetensors: %s',
    async (name) => {
      const model = await inspectHubModel(name, hub);
      expect(model.weights).toBe('pickle');
      expect(model.files.map(({ path }) => path)).not.toContain('unrelated.bin');
      await importHubModel(model, target, hub, quiet);
      expect(readdirSync(target).sort()).toEqual(['config.json', 'model.safetensors', 'vocab.txt']);
      expect(await describeModel(target)).toMatchObject({ architecture: 'bert', hasMlmHead: true });
    },
  );

  it('that would run code are named, and the model by its name', async () => {
    const model = await inspectHubModel('clinic/evil', hub);
    await expect(importHubModel(model, target, hub, quiet)).rejects.toThrow(
      /weight file clinic\/evil\/pytorch_model\.bin asks for posix\.system/,
    );
  });

  it('of an adapter come when its base is here, and are merged onto it', async () => {
    const model = await inspectHubModel('clinic/adapter', hub);
    await expect(importHubModel(model, target, hub, quiet)).rejects.toThrow(
      /The adapter clinic\/adapter belongs on the model clinic\/tiny, .*: import clinic\/tiny first/,
    );
    const base = await inspectHubModel('clinic/pickled', hub);
    await importHubModel(base, join(folder, 'models', 'clinic--tiny'), hub, quiet);
    await importHubModel(model, target, hub, quiet);
    expect(readdirSync(join(folder, 'models')).sort()).toEqual(['clinic--tiny', 'mine']);
    expect(await describeModel(target)).toMatchObject({ architecture: 'bert', hasMlmHead: true });
  });
});

it('A model of the hub cache is found by name and revision, if it is whole', async () => {
  const caches = hubCaches({ HF_HOME: folder, HF_HUB_CACHE: join(folder, 'elsewhere') });
  expect(caches).toEqual([join(folder, 'elsewhere'), join(folder, 'hub')]);
  const model = join(folder, 'hub', 'models--clinic--tiny');
  const [main, other, part] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [
    string,
    string,
    string,
  ];
  await mkdir(join(model, 'refs', 'refs', 'pr'), { recursive: true });
  writeFileSync(join(model, 'refs', 'main'), main);
  writeFileSync(join(model, 'refs', 'refs', 'pr', '6'), other);
  writeFileSync(join(model, 'refs', 'part'), part);
  for (const commit of [main, other]) {
    await cp(tiny, join(model, 'snapshots', commit), { recursive: true });
  }
  await mkdir(join(model, 'snapshots', part));
  writeFileSync(join(model, 'snapshots', part, 'config.json'), '{}');
  const found = (revision: string | null): Promise<string | null> =>
    findInHubCache(caches, 'clinic/tiny', revision);
  expect(await found(null)).toBe(join(model, 'snapshots', main));
  expect(await found('refs/pr/6')).toBe(join(model, 'snapshots', other));
  expect(await found('bbbbbbb')).toBe(join(model, 'snapshots', other));
  expect(await found('v2')).toBeNull();
  expect(await found('part')).toBeNull();
  expect(await found('../main')).toBeNull();
  expect(await findInHubCache(caches, 'clinic/none', null)).toBeNull();
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
  expect(importedRevision('owner/name', null)).toBe('owner--name');
  expect(importedRevision('owner/name', 'refs/pr/6')).toBe('owner--name@refs+pr+6');
});
