import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readTokenizer } from '../../../src/core/model/readTokenizer.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';

const starter = fileURLToPath(new URL('../../fixtures/starter', import.meta.url));

it('gives both spellings of an accent the same tokens, whatever the tokenizer does', async () => {
  const composed = 'Fièvre élevée, œdème.'.normalize('NFC');
  const decomposed = composed.normalize('NFD');
  const plain = await loadTokenizer(starter);
  const tokenizer = await readTokenizer(starter, { vocabularySize: plain.vocabularySize });
  expect(tokenizer.encode(decomposed)).toEqual(tokenizer.encode(composed));
  expect(tokenizer.encode(composed)).toEqual(plain.encode(composed));
  expect(tokenizer.countTokens(decomposed)).toBe(plain.encode(composed).length);
});
