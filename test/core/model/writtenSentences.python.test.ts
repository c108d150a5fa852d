/** Written models with modules, read by sentence-transformers; runs where NOTESPACE_PYTHON names a Python with it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { rewriteSentenceFolder, sentenceGolden } from './sentenceFolders.js';

const python = process.env['NOTESPACE_PYTHON'];
const script = fileURLToPath(new URL('../../golden/sentences/checkSentences.py', import.meta.url));

it.skipIf(python === undefined).each([
  ['two Dense, without bias', 'F32'],
  ['prompts that are not pooled', 'F32'],
  ['named, in another order', 'F32'],
  ['lower case', 'F32'],
  ['fewer dimensions', 'F16'],
] as const)(
  'embed there as their base did, in float32: %s (%s)',
  async (name, dtype) => {
    const folder = await mkdtemp(join(tmpdir(), 'notespace-written-'));
    try {
      const out = await rewriteSentenceFolder(folder, name, dtype);
      const expected = join(folder, 'expected.json');
      const { texts, cases } = sentenceGolden;
      await writeFile(expected, JSON.stringify({ texts, ...cases[name] }));
      const run = promisify(execFile)(python!, [script, out, expected, dtype]);
      expect((await run).stdout).toContain('"onnx"');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
