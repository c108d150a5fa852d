/**
 * As many notes as are asked for, out of texts that people wrote: a text with a fifth of its words from another
 * one, and its vector from the model with noise of half its length (a cosine of 0.89 to the text's own).
 * Noise alone would be far from anything; the texts alone are too few.
 */
import { fileURLToPath } from 'node:url';
import { hashText } from '../../src/core/base/hash.js';
import { createRandom } from '../../src/core/base/random.js';
import type { Random } from '../../src/core/base/random.js';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import { cutForModel } from '../../src/core/embed/cutForModel.js';
import type { Embedder } from '../../src/core/embed/embedder.js';
import { normalised } from '../../src/core/index/cosine.js';
import type { DocumentRow, PassageRow } from '../../src/core/index/tables.js';
import { realTextPath, realTexts } from '../shared/realText.js';

const noiseLength = 0.5;
const swapped = 0.2;
const categories = 10;
const samples = fileURLToPath(new URL('../../samples/incidents.jsonl', import.meta.url));

export interface BaseTexts {
  readonly texts: readonly string[];
  /** [texts, dimension], of unit length */
  readonly vectors: readonly Float32Array[];
}

/** The first passages of public clinical texts, or of the samples where those are missing. */
export async function baseTexts(embedder: Embedder, most: number): Promise<BaseTexts> {
  const texts = await firstPassages(embedder, most);
  const { vectors } = await embedder.embedPassages(texts);
  const { dimension } = embedder;
  return {
    texts,
    vectors: texts.map((_, i) => normalised(vectors.subarray(i * dimension, (i + 1) * dimension))),
  };
}

/** Each once. */
export async function firstPassages(embedder: Embedder, most: number): Promise<string[]> {
  const found = realTexts.flatMap((set) => realTextPath(set) ?? []);
  const sources = found.length === 0 ? [samples] : found;
  const texts = new Set<string>();
  for (const source of sources) {
    const corpus = await openCorpus({ source, mapping: {} });
    let taken = 0;
    for await (const { text } of corpus.read()) {
      const [first] = cutForModel(embedder, text, 'document');
      if (first === undefined) continue;
      texts.add(text.slice(first.start, first.end));
      if (++taken >= most / sources.length) break;
    }
  }
  return [...texts];
}

export interface NoteMaker {
  /** Notes `from` to `from + count`, the same each time. */
  rows(from: number, count: number): { documents: DocumentRow[]; passages: PassageRow[] };
}

export function noteMaker({ texts, vectors }: BaseTexts): NoteMaker {
  const dimension = vectors[0]!.length;
  const words = texts.map((text) => text.split(/(?<=\s)/));
  // Drawn once: a window of it is as good as fresh noise, and a million rows need too much of that.
  const random = createRandom(1, 'noise');
  const noise = Float32Array.from({ length: 1 << 20 }, () => random.normal());
  const perturbed = (vector: Float32Array, own: Random): Float32Array => {
    const at = own.integer(noise.length - dimension);
    const scale = noiseLength / Math.sqrt(dimension);
    return normalised(vector.map((value, k) => value + scale * noise[at + k]!));
  };
  return {
    rows(from, count) {
      const documents: DocumentRow[] = [];
      const passages: PassageRow[] = [];
      for (let i = from; i < from + count; i++) {
        const own = createRandom(1, 'note', i);
        const base = i % texts.length;
        const other = words[own.integer(words.length)]!;
        const text = words[base]!.map((word) =>
          own.next() < swapped ? own.pick(other) : word,
        ).join('');
        const vector = perturbed(vectors[base]!, own);
        const key = hashText(`key ${i}`);
        const day = new Date(Date.UTC(2015, 0, 1 + own.integer(3650))).toISOString().slice(0, 10);
        documents.push({
          ...{ key, id: `note-${i}`, text, fingerprint: hashText(`${i}`), passages: 1, vector },
          ...{ category: `category ${own.integer(categories)}`, label: null, group: null },
          ...{ date: day, fields: {}, file: null },
        });
        const textHash = hashText(text);
        const place = { document: key, index: 0, start: 0, end: text.length };
        passages.push({ ...place, textHash, tokens: 60, vector });
      }
      return { documents, passages };
    },
  };
}
