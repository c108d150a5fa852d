/** The same ids as transformers for folders of every kind: see test/golden/tokenizers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../src/core/tokens/tokenizer.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import { writeTokenizerFolder } from '../../golden/tokenizers/folders.js';
import type { GoldenTokenizers } from '../../golden/tokenizers/folders.js';

const golden = JSON.parse(
  readFileSync(new URL('../../golden/tokenizers/tokenizers.json', import.meta.url), 'utf8'),
) as GoldenTokenizers;
const root = mkdtempSync(join(tmpdir(), 'notespace-tokenizers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('agreement with transformers', () => {
  it.each(golden.kinds.map((kind, i) => ({ ...kind, i })))('$name', async (kind) => {
    const folder = join(root, String(kind.i));
    writeTokenizerFolder(folder, kind.files, golden.named);
    const tokenizer = await loadTokenizer(folder);
    const { tokenizerJson, tokenizerConfig } = tokenizer.files;
    const written = createTokenizer(tokenizerJson, tokenizerConfig);
    const { cls, sep, mask } = tokenizer.special;
    expect([cls, sep]).toEqual(kind.around);
    if (kind.mask !== null) expect(mask).toBe(kind.mask);
    for (const [i, text] of golden.texts.entries()) {
      const name = JSON.stringify(text);
      expect([...tokenizer.encode(text)], name).toEqual(kind.ids[i]);
      expect([...written.encode(text)], name).toEqual(kind.ids[i]);
      expect(tokenizer.countTokens(text), name).toBe(kind.ids[i]?.length);
    }
  });
});
