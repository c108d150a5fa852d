/** Models that need something before they can be used: a prompt, their base, a head of their own. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { golden } from '../core/base/torch/files.js';
import { changeConfigOf, changeTensorsOf } from '../core/model/changeModel.js';
import { makeNotes } from '../engine/fixtures.js';
import { prepared } from './prepared.js';

const tinyBert = fileURLToPath(new URL('../fixtures/tinyBert', import.meta.url));
const { folder, corpus, model, json, refusal } = await prepared(makeNotes(60));

const index = (store: string, base: string): string[] => {
  return ['index', '--corpus', corpus, '--model', base, '--store', join(folder, store)];
};

async function best(store: string, ...query: string[]): Promise<number> {
  const { results } = await json('similar', '--store', join(folder, store), '--k', '1', ...query);
  return (results as { similarity: number }[])[0]!.similarity;
}

describe('Prompts on the command line', () => {
  const query = ['--text', 'wheeze and cough'];

  it('stand before queries and notes, and the index remembers them', async () => {
    await json(...index('plain', model));
    const prompts = ['--query-prompt', 'fracture: ', '--document-prompt', 'ankle: '];
    await json(...index('prompted', model), ...prompts);
    const [plain, prompted] = [await best('plain', ...query), await best('prompted', ...query)];
    expect(prompted).not.toBeCloseTo(plain, 4);
    expect(await best('prompted', ...query, '--query-prompt', 'fracture: ')).toBe(prompted);
    expect(await best('prompted', ...query, '--query-prompt', 'ankle: ')).not.toBeCloseTo(
      prompted,
      4,
    );
  });

  it('are refused where they would change nothing', async () => {
    const store = join(folder, 'plain');
    const ofNote = ['similar', '--store', store, '--id', 'note-1', '--query-prompt', 'x'];
    expect(await refusal(2, ...ofNote)).toMatch(/not embedded again: leave the prompts out/);
  });

  it('are refused where the model has its own', async () => {
    const own = join(folder, 'own');
    await cp(model, own, { recursive: true });
    const prompts = { prompts: { query: 'query: ', document: 'passage: ' } };
    await writeFile(join(own, 'config_sentence_transformers.json'), JSON.stringify(prompts));
    await json(...index('own', own));
    const other = ['similar', '--store', join(folder, 'own'), ...query, '--query-prompt', 'x'];
    expect(await refusal(2, ...other)).toMatch(/prompt/);
  });
});

describe('An adapter on the command line', () => {
  it('is merged onto its base to index with, and to train from', async () => {
    const base = join(folder, 'base');
    await cp(tinyBert, base, { recursive: true });
    await cp(golden('config.json'), join(base, 'config.json'));
    await cp(golden('bert.bin'), join(base, 'pytorch_model.bin'));
    await rm(join(base, 'model.safetensors'));
    const adapter = join(folder, 'adapter');
    await cp(golden('adapters/plain'), adapter, { recursive: true });
    const path = join(adapter, 'adapter_config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...config, base_model_name_or_path: base }));

    await json(...index('of-base', base));
    await json(...index('of-adapter', adapter));
    const query = ['--text', 'wheeze and cough'];
    expect(await best('of-adapter', ...query)).not.toBeCloseTo(await best('of-base', ...query), 4);
    const train = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--max-steps', '2'];
    const run = await json(...train, '--base', adapter, '--out', join(folder, 'run'));
    expect(run['steps']).toBe(2);
  });
});

describe('A base whose output matrix is its own', () => {
  it('is refused for masked tokens, and trained without them', async () => {
    const own = join(folder, 'ownOutput');
    await cp(model, own, { recursive: true });
    await changeConfigOf(own, { tie_word_embeddings: false });
    await changeTensorsOf(own, (tensors) => {
      const { shape, data } = tensors.get('roberta.embeddings.word_embeddings.weight')!;
      const changed = data.map((value) => value + 1);
      tensors.set('lm_head.decoder.weight', { shape, data: changed });
    });
    const train = ['pretrain', '--corpus', corpus, '--base', own, '--max-steps', '2'];
    const mlm = [...train, '--objective', 'mlm', '--out', join(folder, 'lost')];
    expect(await refusal(2, ...mlm)).toMatch(/output matrix of its own .* an objective without/);
    const config = join(folder, 'categories.json');
    await writeFile(config, JSON.stringify({ lossWeights: { mlm: 0, category: 1 } }));
    const classes = [...train, '--objective', 'note-category', '--config', config];
    expect((await json(...classes, '--out', join(folder, 'kept')))['steps']).toBe(2);
  });
});
