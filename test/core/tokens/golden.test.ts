import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import { createTokenizer } from '../../../src/core/tokens/tokenizer.js';
import { trainByteLevelBpe } from '../../vocabulary/trainByteLevelBpe.js';
import wordpiece from '../../golden/wordpiece/wordpiece.json' with { type: 'json' };

const folder = new URL('../../golden/bpe/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const lines = read('corpus.txt').split('\n');
const tricky = JSON.parse(read('tricky.json')) as string[];
const golden = JSON.parse(read('golden.json')) as {
  frequent: { vocabularySize: number; minFrequency: number; merges: string[] };
  rare: { vocabularySize: number; minFrequency: number; merges: string[]; ids: number[][] };
  wordpiece: { tokenizerJson: object; ids: number[][] };
};

function mergesOf(tokenizerJson: object): string[] {
  return (tokenizerJson as { model: { merges: string[] } }).model.merges;
}

describe('agreement with Hugging Face tokenizers', () => {
  it.each([golden.frequent, golden.rare])(
    'learns the same merges for a vocabulary of $vocabularySize',
    async ({ vocabularySize, minFrequency, merges }) => {
      const files = await trainByteLevelBpe(lines, { vocabularySize, minFrequency });
      expect(mergesOf(files.tokenizerJson)).toEqual(merges);
    },
  );

  it('gives the same ids to tricky clinical strings', async () => {
    const files = await trainByteLevelBpe(lines, golden.rare);
    const tokenizer = createTokenizer(files.tokenizerJson, files.tokenizerConfig);
    for (const [i, text] of tricky.entries()) {
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(golden.rare.ids[i]);
      expect(tokenizer.countTokens(text), JSON.stringify(text)).toBe(golden.rare.ids[i]?.length);
    }
  });

  it('gives the same ids with a WordPiece vocabulary', () => {
    const tokenizer = createTokenizer(golden.wordpiece.tokenizerJson, {});
    for (const [i, text] of tricky.entries()) {
      expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(golden.wordpiece.ids[i]);
    }
  });

  it.each(wordpiece.cases)(
    'gives the same ids with vocab.txt alone and the settings $settings',
    async ({ settings, ids }) => {
      const model = mkdtempSync(join(tmpdir(), 'notespace-vocab-'));
      try {
        writeFileSync(join(model, 'vocab.txt'), `${wordpiece.vocabulary.join('\n')}\n`);
        writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify(settings));
        const tokenizer = await loadTokenizer(model);
        expect(tokenizer.kind).toBe('wordpiece');
        expect(tokenizer.special).toEqual({ pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
        expect(tokenizer.vocabularySize).toBe(wordpiece.vocabulary.length);
        for (const [i, text] of wordpiece.texts.entries()) {
          expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(ids[i]);
        }
      } finally {
        rmSync(model, { recursive: true, force: true });
      }
    },
  );
});
