import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEncoderConfig } from '../../../src/core/encoder/huggingFaceConfig.js';
import { refuseOtherPrompts, resolvePrompts } from '../../../src/core/model/prompts.js';
import { readSentenceEmbedding } from '../../../src/core/model/sentenceTransformers.js';

const config = parseEncoderConfig({
  model_type: 'bert',
  vocab_size: 10,
  hidden_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  intermediate_size: 4,
  max_position_embeddings: 64,
});
const plain = ['Transformer', 'Pooling'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-modules-'));
  await mkdir(dirname(join(folder, '1_Pooling/config.json')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(content));
  }
}

function modules(types: readonly string[], library = 'sentence_transformers.models.'): object {
  return types.map((type, i) => ({
    ...{ idx: i, name: String(i), type: `${library}${type}` },
    path: i === 0 ? '' : `${i}_${type.split('.').at(-1) ?? ''}`,
  }));
}

const read = () => readSentenceEmbedding(folder, config);

it.each<[object, string]>([
  [{ word_embedding_dimension: 4 }, 'mean'],
  [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
  [{ pooling_mode_mean_tokens: true, pooling_mode_cls_token: true }, 'cls,mean'],
  [{ pooling_mode_lasttoken: true }, 'lasttoken'],
  [{ embedding_dimension: 4, pooling_mode: 'cls', include_prompt: true }, 'cls'],
  [{ pooling_mode: ['mean', 'max'] }, 'mean,max'],
])('reads the pooling of %j', async (pooling, expected) => {
  await write({ 'modules.json': modules(plain), '1_Pooling/config.json': pooling });
  expect((await read()).poolings.join()).toBe(expected);
});

it('takes the mean of a whole window where a folder has no modules, whatever else it has', async () => {
  await write({
    '1_Pooling/config.json': { pooling_mode: 'cls' },
    'sentence_bert_config.json': { max_seq_length: 8 },
  });
  expect(await read()).toMatchObject({ poolings: ['mean'], layers: [], maxTokens: 64 });
});

it('reads modules under the names that newer versions write', async () => {
  await write({
    'modules.json': [
      { idx: 0, path: '', type: 'sentence_transformers.base.modules.transformer.Transformer' },
      {
        idx: 1,
        path: '1_Pooling',
        type: 'sentence_transformers.sentence_transformer.modules.pooling.Pooling',
      },
      { idx: 2, path: '2_Normalize', type: 'sentence_transformers.base.modules.Normalize' },
    ],
    '1_Pooling/config.json': { embedding_dimension: 4, pooling_mode: 'cls' },
  });
  expect(await read()).toMatchObject({ poolings: ['cls'], layers: [{ kind: 'normalise' }] });
});

it.each<[string, object, number]>([
  ['max_seq_length', { 'sentence_bert_config.json': { max_seq_length: 32 } }, 32],
  ['an older file', { 'sentence_roberta_config.json': { max_seq_length: 20 } }, 20],
  ['no more than the model has', { 'sentence_bert_config.json': { max_seq_length: 512 } }, 64],
  ['the tokenizer', { 'tokenizer_config.json': { model_max_length: 48 } }, 48],
  [
    'max_seq_length before the tokenizer',
    {
      'sentence_bert_config.json': { max_seq_length: 60 },
      'tokenizer_config.json': { model_max_length: 48 },
    },
    60,
  ],
  ['a tokenizer without a limit', { 'tokenizer_config.json': { model_max_length: 1e30 } }, 64],
])('takes the window of %s', async (_, files, window) => {
  await write({ 'modules.json': modules(plain), '1_Pooling/config.json': {}, ...files });
  expect((await read()).maxTokens).toBe(window);
});

describe('Refuses by name', () => {
  const dense = { in_features: 4, out_features: 3, activation_function: 'torch.nn.Tanh' };
  it.each<[string, object, RegExp]>([
    ['another module', { 'modules.json': modules([...plain, 'LSTM']) }, /has the module LSTM/],
    [
      'code of its own',
      { 'modules.json': modules(plain, 'custom_st.') },
      /has the module custom_st.Transformer/,
    ],
    [
      'no Pooling',
      { 'modules.json': modules(['Transformer', 'Normalize']) },
      /has Normalize where/,
    ],
    ['no Transformer', { 'modules.json': modules(['BoW', 'Pooling']) }, /begin with a Transformer/],
    [
      'a model in another folder',
      {
        'modules.json': [
          { path: '0_Transformer', type: 'sentence_transformers.models.Transformer' },
        ],
      },
      /in the folder itself/,
    ],
    [
      'a path that leads out',
      { 'modules.json': [{ path: '../x', type: 'sentence_transformers.models.Transformer' }] },
      /has a module in "\.\.\/x"/,
    ],
    ['a pooling', { '1_Pooling/config.json': { pooling_mode: 'softmax' } }, /pooling "softmax"/],
    [
      'a pooling by its flag',
      { '1_Pooling/config.json': { pooling_mode_rms_tokens: true } },
      /sets pooling_mode_rms_tokens/,
    ],
    ['another width', { '1_Pooling/config.json': { word_embedding_dimension: 8 } }, /of 8 numbers/],
    [
      'an activation',
      { '2_Dense/config.json': { ...dense, activation_function: 'torch.nn.Mish' } },
      /activation "torch\.nn\.Mish"/,
    ],
    [
      'an activation of its own',
      { '2_Dense/config.json': { ...dense, activation_function: 'mine.Tanh' } },
      /activation "mine\.Tanh"/,
    ],
    ['a residual', { '2_Dense/config.json': { ...dense, use_residual: true } }, /use_residual/],
    [
      'another input',
      { '2_Dense/config.json': { ...dense, module_input_name: 'token_embeddings' } },
      /module_input_name "token_embeddings"/,
    ],
    [
      'a Dense that does not fit',
      { '2_Dense/config.json': { ...dense, in_features: 5 } },
      /5 numb/,
    ],
    [
      'another task',
      { 'sentence_bert_config.json': { transformer_task: 'fill-mask' } },
      /transformer_task to "fill-mask"/,
    ],
    ['no window', { 'sentence_bert_config.json': { max_seq_length: 2 } }, /gives 2 as its longest/],
    [
      'a prompt that is no text',
      { 'config_sentence_transformers.json': { prompts: { query: 3 } } },
      /prompt "query"/,
    ],
  ])('%s', async (_, files, message) => {
    await write({
      'modules.json': modules('2_Dense/config.json' in files ? [...plain, 'Dense'] : plain),
      '1_Pooling/config.json': {},
      ...files,
    });
    await expect(read()).rejects.toThrow(message);
  });

  it('a missing part', async () => {
    await write({ 'modules.json': modules([...plain, 'Dense']), '1_Pooling/config.json': {} });
    await expect(read()).rejects.toThrow(/lacks the folder of a Dense module/);
    await rm(join(folder, '1_Pooling'), { recursive: true });
    await expect(read()).rejects.toThrow(/lacks 1_Pooling\/config.json/);
  });
});

describe('Prompts', () => {
  const own = (named: Record<string, string>, defaultName: string | null = null) => ({
    named,
    defaultName,
  });

  it.each<[Record<string, string>, string, string]>([
    [{}, '', ''],
    [{ query: 'q: ', document: 'd: ' }, 'q: ', 'd: '],
    [{ query: 'q: ', passage: 'p: ', corpus: 'c: ' }, 'q: ', 'p: '],
    [{ query: '', document: '', corpus: 'c: ' }, '', 'c: '],
    [{ topic: 't: ' }, '', ''],
  ])('of %j', (named, query, document) => {
    expect(resolvePrompts(own(named, 'topic'))).toEqual({ query, document });
  });

  it('are the user’s where the folder has none', () => {
    const given = { query: 'mine: ', document: 'note: ' };
    expect(resolvePrompts(own({ query: 'q: ' }), given)).toEqual({
      query: 'q: ',
      document: 'note: ',
    });
    expect(() => refuseOtherPrompts(own({ query: 'q: ' }), given)).toThrow(
      'The model has a query prompt of its own, "q: ": leave out --query-prompt.',
    );
    expect(() => refuseOtherPrompts(own({ query: 'mine: ' }), given)).not.toThrow();
  });
});
