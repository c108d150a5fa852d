import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeModel } from '../../../src/core/model/describeModel.js';
import { writeSentenceFolder } from './sentenceFolders.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-fit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each<[string, string, string]>([
  [
    'a short window',
    '',
    'BERT, reads 24 tokens at a time, embeds a text as the mean over its tokens',
  ],
  [
    'cls',
    '---\nlanguage: en\nlicense: apache-2.0\n---\n# Model\nlicense: mit\n',
    'BERT, reads 64 tokens at a time, embeds a text as its first token (CLS), licence apache-2.0',
  ],
  [
    'Dense with tanh',
    '---\nlicense: other\nlicense_name: "physionet-1.5"\n---\n',
    'BERT, reads 64 tokens at a time, embeds a text as the mean over its tokens through a Dense layer, licence physionet-1.5',
  ],
  [
    'prompts',
    'license: mit\n',
    'BERT, reads 64 tokens at a time, embeds a text as its first token (CLS) with prompts',
  ],
])('says what a model with %s is good for', async (name, card, expected) => {
  await writeSentenceFolder(folder, name);
  await writeFile(join(folder, 'README.md'), card);
  expect((await describeModel(folder)).fit).toBe(expected);
});
