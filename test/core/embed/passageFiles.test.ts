/** Vectors of passages that are kept, and asked for before anything is embedded. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashText } from '../../../src/core/base/hash.js';
import type { Embedder } from '../../../src/core/embed/embedder.js';
import { withKnownPassages } from '../../../src/core/embed/knownPassages.js';
import { openPassageFiles } from '../../../src/core/embed/passageFiles.js';

const dimension = 3;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vectors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Of a text its length, its first letter and 1; remembers what it was asked for. */
function countingEmbedder(): { embedder: Embedder; asked: string[] } {
  const asked: string[] = [];
  const embedder = {
    dimension,
    embedPassages: (texts: readonly string[]) => {
      asked.push(...texts);
      const vectors = texts.flatMap((text) => [text.length, text.charCodeAt(0), 1]);
      return Promise.resolve({
        vectors: Float32Array.from(vectors),
        tokens: Int32Array.from(texts, (text) => text.length),
      });
    },
  } as Partial<Embedder> as Embedder;
  return { embedder, asked };
}

it('A passage is embedded once, whoever asks again', async () => {
  const texts = ['cough', 'pain', 'cough'];
  const { embedder, asked } = countingEmbedder();
  const files = openPassageFiles(folder, 'model', dimension);
  const first = await withKnownPassages(embedder, [files]).embedPassages(texts);
  expect(asked).toEqual(['cough', 'pain']);
  await files.close();
  const again = openPassageFiles(folder, 'model', dimension);
  const second = await withKnownPassages(embedder, [again]).embedPassages([...texts, 'rash']);
  await again.close();
  expect(asked).toEqual(['cough', 'pain', 'rash']);
  expect(second.vectors.subarray(0, 9)).toEqual(first.vectors);
  expect(second.tokens.subarray(0, 3)).toEqual(first.tokens);
  expect(readdirSync(folder)).toHaveLength(2);
  // Names of files and what is in them hold no text.
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name), 'latin1')).not.toContain('cough');
  }
});

it('Queries have another prompt, and are not looked up', async () => {
  const { embedder, asked } = countingEmbedder();
  const files = openPassageFiles(folder, 'model', dimension);
  const known = withKnownPassages(embedder, [files]);
  await known.embedPassages(['cough']);
  await known.embedPassages(['cough'], { as: 'query' });
  await files.close();
  expect(asked).toEqual(['cough', 'cough']);
});

it('Another model’s vectors are not taken, nor a record that was cut off', async () => {
  const add = async (model: string): Promise<void> => {
    const files = openPassageFiles(folder, model, dimension);
    const vector = Float32Array.of(1, 2, 3);
    await files.add(
      new Map([
        [hashText('a'), { vector, tokens: 1 }],
        [hashText('b'), { vector, tokens: 2 }],
      ]),
    );
    await files.close();
  };
  const find = async (model: string): Promise<number> => {
    const files = openPassageFiles(folder, model, dimension);
    const found = await files.find([hashText('a'), hashText('b'), hashText('c')]);
    await files.close();
    return found.size;
  };
  await add('one');
  expect(await find('one')).toBe(2);
  expect(await find('two')).toBe(0);
  const [name = ''] = readdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, readFileSync(path).subarray(0, -5));
  expect(await find('one')).toBe(1);
});
