import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import { createTokenizer } from '../../../src/core/tokens/tokenizer.js';
import type { Tokenizer } from '../../../src/core/tokens/tokenizer.js';
import { trainByteLevelBpe } from '../../vocabulary/trainByteLevelBpe.js';

const notes = [
  'Patient reviewed on the ward round. Observations stable, eating and drinking.',
  'Patient seen on the ward, observations unchanged; plan: home tomorrow.',
  'The patient was reviewed and the plan was changed.',
];

let tokenizer: Tokenizer;
beforeAll(async () => {
  const files = await trainByteLevelBpe(notes, { vocabularySize: 300 });
  tokenizer = createTokenizer(files.tokenizerJson, files.tokenizerConfig);
});

describe('a vocabulary that was trained here', () => {
  it("has RoBERTa's layout", () => {
    expect(tokenizer.kind).toBe('byte-level-bpe');
    expect(tokenizer.special).toEqual({ cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 });
    expect([...tokenizer.specialIds].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(tokenizer.vocabularySize).toBe(300);
  });

  it('encodes without special tokens, and never runs out of words', () => {
    const ids = tokenizer.encode('Patient 🙂 œdème');
    expect([...ids].some((id) => tokenizer.specialIds.has(id))).toBe(false);
    expect(tokenizer.encode('').length).toBe(0);
    expect(tokenizer.encode('x'.repeat(5000)).length).toBeGreaterThan(1000);
  });

  it('counts what it encodes', () => {
    for (const text of [...notes, '', ' ', 'a <mask> b', '\n\n\tx']) {
      expect(tokenizer.countTokens(text)).toBe(tokenizer.encode(text).length);
    }
  });

  it('knows where words start', () => {
    const starts = [...tokenizer.encode(' patient unpatiently')].map((id) =>
      tokenizer.isWordStart(id),
    );
    expect(starts[0]).toBe(true);
    expect(starts.filter(Boolean)).toHaveLength(2);
    expect(tokenizer.isWordStart(0)).toBe(false);
  });

  it('is smaller than asked for when the notes hold no more, and refuses fewer than its bytes', async () => {
    const { tokenizerJson } = await trainByteLevelBpe(['aa aa aa'], { vocabularySize: 5000 });
    const { model } = tokenizerJson as { model: { vocab: Record<string, number> } };
    expect(Object.keys(model.vocab)).toHaveLength(5 + 256 + 2);
    await expect(trainByteLevelBpe(notes, { vocabularySize: 260 })).rejects.toThrow(/at least 261/);
  });
});

describe('loadTokenizer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tokenizer-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const put = (name: string, content: unknown): Promise<void> =>
    writeFile(
      path.join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  const text = 'Patient reviewed: observations 12, café <mask> plan.';

  it('reads tokenizer.json', async () => {
    await put('tokenizer.json', tokenizer.files.tokenizerJson);
    await put('tokenizer_config.json', tokenizer.files.tokenizerConfig);
    expect([...(await loadTokenizer(folder)).encode(text)]).toEqual([...tokenizer.encode(text)]);
  });

  it('reads vocab.json and merges.txt just as well', async () => {
    const { model } = tokenizer.files.tokenizerJson as {
      model: { vocab: Record<string, number>; merges: string[] };
    };
    await put('vocab.json', model.vocab);
    await put('merges.txt', `#version: 0.2\n${model.merges.join('\n')}\n`);
    // Without it, transformers 5 keeps the space before a mask token that it finds in a text.
    await put('special_tokens_map.json', { mask_token: { content: '<mask>', lstrip: true } });
    const loaded = await loadTokenizer(folder);
    expect([...loaded.encode(text)]).toEqual([...tokenizer.encode(text)]);
    expect(loaded.special).toEqual(tokenizer.special);
  });

  it('reads vocab.txt with line ends of Windows, and other names of special tokens', async () => {
    const tokens = ['<p>', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'pain', '##ful'];
    await put('vocab.txt', tokens.join('\r\n'));
    await put('tokenizer_config.json', { pad_token: { content: '<p>' } });
    const loaded = await loadTokenizer(folder);
    expect(loaded.special).toEqual({ pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
    expect([...loaded.encode('Painful')]).toEqual([5, 6]);
    expect([...loaded.encode('painful')].map((id) => loaded.isWordStart(id))).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [{}, /has no tokenizer: it needs tokenizer\.json, vocab\.json with merges\.txt, or vocab\.txt/],
    [
      { 'vocab.txt': 'a\nb\n', 'tokenizer_config.json': { tokenizer_class: 'BertweetTokenizer' } },
      /class BertweetTokenizer, which only Python can read without tokenizer\.json/,
    ],
    [
      { 'sentencepiece.bpe.model': 'no model' },
      /sentencepiece\.bpe\.model is damaged: it is no SentencePiece model/,
    ],
    [{ 'tokenizer.json': '{"model": ' }, /tokenizer\.json in .* is damaged/],
    [{ 'tokenizer.json': '{}' }, /cannot be used: its tokenizer\.json is damaged/],
    [{ 'vocab.txt': 'a\nb\n' }, /has no cls token: choose another model folder/],
    [{ 'vocab.json': '{"a": 0}', 'merges.txt': 'a b c\n' }, /merges\.txt is damaged/],
    [
      { 'vocab.json': '{"a": 0}', 'merges.txt': '' },
      /has no cls token: choose another model folder/,
    ],
  ])('says what is wrong with %j', async (files, sentence) => {
    for (const [name, content] of Object.entries(files)) await put(name, content);
    const failed = loadTokenizer(folder);
    await expect(failed).rejects.toThrow(sentence);
    await expect(failed).rejects.toMatchObject({ name: 'UserError' });
  });
});
