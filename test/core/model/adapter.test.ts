/** Adapters of peft, compared with its merge_and_unload; see makeAdapter.py. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFolder } from '../../../src/core/model/import.js';
import { plainModelFolder } from '../../../src/core/model/mergeAdapter.js';
import { readModel } from '../../../src/core/model/readModel.js';
import adapters from '../../golden/torch/adapters.json' with { type: 'json' };
import { golden } from '../base/torch/files.js';

const tiny = fileURLToPath(new URL('../../fixtures/tinyBert', import.meta.url));
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
const merged: Record<string, { sums: Record<string, number> }> = adapters.merged;
let folder: string;
let models: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adapter-'));
  models = join(folder, 'models');
  const base = join(models, 'clinic--tiny');
  cpSync(tiny, base, { recursive: true });
  rmSync(join(base, 'model.safetensors'));
  cpSync(golden('config.json'), join(base, 'config.json'));
  cpSync(golden('bert.bin'), join(base, 'pytorch_model.bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function adapter(name: string, fields: object = {}): string {
  const copy = join(folder, name);
  cpSync(golden(`adapters/${name}`), copy, { recursive: true });
  const path = join(copy, 'adapter_config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, ...fields }));
  return copy;
}

describe('An adapter', () => {
  it.each(['plain', 'stabilised', 'everything', 'loraOnly'])(
    'is merged as peft merges it: %s',
    async (name) => {
      const target = join(models, name);
      await importFolder(adapter(name), target, quiet);
      const { parameters, hasMlmHead } = await readModel(target);
      expect(hasMlmHead).toBe(true);
      const { sums } = merged[name]!;
      let compared = 0;
      for (const [parameter, values] of parameters) {
        const expected = sums[parameter];
        // That of a bare encoder has no head.
        if (expected === undefined) continue;
        compared++;
        const sum = values.reduce((total, value, i) => total + value * Math.cos(i), 0);
        expect(sum, parameter).toBeCloseTo(expected, 4);
      }
      expect(compared).toBeGreaterThan(20);
      expect(readdirSync(target)).toContain('vocab.txt');
      expect(readdirSync(target)).not.toContain('adapter_config.json');
    },
  );

  it.each<[string, string, object, RegExp]>([
    ['another method', 'plain', { peft_type: 'IA3' }, /uses the method "IA3", which is not supp/],
    ['DoRA', 'dora', {}, /uses use_dora, which is not supported: merge it in Python/],
    ['factors that changed the base', 'plain', { init_lora_weights: 'pissa' }, /"pissa"/],
    [
      'a base that is not here',
      'plain',
      { base_model_name_or_path: 'clinic/other' },
      /belongs on the model clinic\/other, which is not on this machine: import clinic\/other first/,
    ],
    [
      'a base in a folder of another machine',
      'plain',
      { base_model_name_or_path: '/home/somebody/bert' },
      /belongs on the model \/home\/somebody\/bert, .* as base_model_name_or_path into/,
    ],
    ['no alpha', 'plain', { lora_alpha: null }, /does not say its base model and lora_alpha/],
  ])(
    'with %s is refused in a sentence, and nothing is left',
    async (_what, name, fields, sentence) => {
      const source = adapter(name, fields);
      await expect(importFolder(source, join(models, 'new'), quiet)).rejects.toThrow(sentence);
      expect(readdirSync(models)).toEqual(['clinic--tiny']);
    },
  );

  it('of another model is refused', async () => {
    cpSync(tiny, join(folder, 'other'), { recursive: true });
    const source = adapter('plain', { base_model_name_or_path: '../other' });
    await expect(importFolder(source, join(models, 'new'), quiet)).rejects.toThrow(
      /has factors of another size for bert\.encoder\.layer\.0\.attention\.self\.\w+: it does not/,
    );
  });

  it('that is named itself is merged once, into the cache', async () => {
    const source = adapter('plain');
    const cache = join(folder, 'cache');
    const places = { models: [models], hubCaches: [] };
    const plain = await plainModelFolder(source, cache, places);
    const imported = join(models, 'imported');
    await importFolder(source, imported, quiet);
    expect((await readModel(plain)).parameters).toEqual((await readModel(imported)).parameters);
    writeFileSync(join(plain, 'README.md'), 'The same folder.');
    expect(await plainModelFolder(source, cache, places)).toBe(plain);
    expect(readFileSync(join(plain, 'README.md'), 'utf8')).toBe('The same folder.');
    const other = await plainModelFolder(adapter('loraOnly'), cache, places);
    expect(other).not.toBe(plain);
    expect(readdirSync(join(cache, 'adapters'))).toHaveLength(2);
    expect(await plainModelFolder(imported, cache, places)).toBe(imported);
  });

  it('finds its base in the cache of the hub', async () => {
    const hub = join(folder, 'hub');
    const cached = join(hub, 'models--clinic--cached');
    const commit = '0123456789'.repeat(4);
    mkdirSync(join(cached, 'refs'), { recursive: true });
    writeFileSync(join(cached, 'refs', 'main'), commit);
    cpSync(join(models, 'clinic--tiny'), join(cached, 'snapshots', commit), { recursive: true });
    const source = adapter('plain', { base_model_name_or_path: 'clinic/cached' });
    const places = { models: [models], hubCaches: [join(folder, 'none'), hub] };
    await importFolder(source, join(models, 'new'), { ...quiet, places });
    expect(readdirSync(join(models, 'new'))).toContain('model.safetensors');
  });
});
