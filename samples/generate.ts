/**
 * Makes the sample corpora, the same files every time:
 *
 *     node scripts/runTs.mjs samples/generate.ts [folder]
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleFiles } from './generator/sampleFiles.js';

const folder = path.resolve(process.argv[2] ?? fileURLToPath(new URL('.', import.meta.url)));
await rm(path.join(folder, 'hospital-notes'), { recursive: true, force: true });
for (const [name, text] of sampleFiles()) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
