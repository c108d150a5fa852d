/**
 * Compares our ids with those of transformers for many texts:
 *
 *     python makeTokenizers.py OUT TEXTS 8000
 *     npm run run-ts -- test/golden/tokenizers/compareTokenizers.ts OUT
 *
 * Writes each tokenizer as a model's folder has it to OUT/written/NUMBER, which `checkWritten.py`
 * loads in Python.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';
import type { GoldenTokenizers } from './folders.js';

const out = process.argv[2];
if (out === undefined) throw new Error('Name the folder that makeTokenizers.py wrote.');
const { kinds, texts } = JSON.parse(
  readFileSync(join(out, 'golden.json'), 'utf8'),
) as GoldenTokenizers;

let differing = 0;
for (const [i, kind] of kinds.entries()) {
  const folder = join(out, String(i));
  const tokenizer = await loadTokenizer(folder);
  const written = join(out, 'written', String(i));
  mkdirSync(written, { recursive: true });
  const { tokenizerJson, tokenizerConfig } = tokenizer.files;
  writeFileSync(join(written, 'tokenizer.json'), JSON.stringify(tokenizerJson));
  writeFileSync(join(written, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig));
  copyFileSync(join(folder, 'config.json'), join(written, 'config.json'));
  const started = performance.now();
  const found = texts.map((text) => [...tokenizer.encode(text)]);
  const seconds = (performance.now() - started) / 1000;
  const wrong = texts.flatMap((_, at) => (found[at]!.join() === kind.ids[at]!.join() ? [] : at));
  differing += wrong.length;
  console.log(
    `${i} ${kind.name}: ${wrong.length} of ${texts.length} differ, ${seconds.toFixed(2)} s`,
  );
  for (const at of wrong.slice(0, 3)) {
    console.log(
      `  ${JSON.stringify(texts[at])}\n  theirs ${kind.ids[at]!.join(' ')}\n  ours   ${found[at]!.join(' ')}`,
    );
  }
}
console.log(`${texts.length} texts, ${kinds.length} kinds, ${differing} differences`);
