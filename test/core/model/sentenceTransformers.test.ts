import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  readPooling,
  sentenceTransformersFiles,
} from '../../../src/core/model/sentenceTransformers.js';

const pooling = '1_Pooling/config.json';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notespace-pooling-'));
  await mkdir(dirname(join(folder, pooling)));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each<[object, string | null]>([
  [sentenceTransformersFiles({ dimension: 4, maxTokens: 8 })[pooling]!, 'mean'],
  [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
  [{ pooling_mode_cls_token: true, pooling_mode_max_tokens: true }, 'cls + max'],
  [{ pooling_mode_lasttoken: true }, 'lasttoken'],
  [{ embedding_dimension: 4, pooling_mode: 'cls', include_prompt: true }, 'cls'],
  [{ pooling_mode: ['mean', 'max'] }, 'mean + max'],
  [{ word_embedding_dimension: 4 }, null],
])('reads the pooling of %j', async (config, expected) => {
  await writeFile(join(folder, pooling), JSON.stringify(config));
  expect(await readPooling(folder)).toBe(expected);
});

it('reads none where the folder has none', async () => {
  expect(await readPooling(folder)).toBeNull();
});
