/** Model folders with modules of sentence-transformers, from test/golden/sentences. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSafetensors } from '../../../src/core/base/safetensors.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { readTokenizer } from '../../../src/core/model/readTokenizer.js';
import { writeModel } from '../../../src/core/model/writeModel.js';

export interface SentenceCase {
  readonly base: string;
  readonly files: Readonly<Record<string, object>>;
  /** By folder, then by tensor. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  /** Of each text, normalised. */
  readonly query: readonly (readonly number[])[];
  readonly document: readonly (readonly number[])[];
}

interface SentenceGolden {
  readonly texts: readonly string[];
  readonly cases: Readonly<Record<string, SentenceCase>>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const sentenceGolden = JSON.parse(
  await readFile(here('../../golden/sentences/sentences.json'), 'utf8'),
) as SentenceGolden;

export async function writeSentenceFolder(folder: string, name: string): Promise<SentenceCase> {
  const found = sentenceGolden.cases[name];
  if (found === undefined) throw new Error(`sentences.json has no case "${name}"`);
  await cp(here(`../../fixtures/${found.base}`), folder, { recursive: true });
  for (const [path, content] of Object.entries(found.files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(content));
  }
  for (const [path, tensors] of Object.entries(found.weights)) {
    const config = found.files[`${path}/config.json`] as Record<string, number>;
    const { in_features: columns, out_features: rows } = config;
    const shapes: Record<string, number[]> = {
      'linear.weight': [rows!, columns!],
      'linear.bias': [rows!],
    };
    await writeSafetensors(
      join(folder, path, 'model.safetensors'),
      Object.entries(tensors).map(
        ([key, values]) => [key, { shape: shapes[key]!, data: Float32Array.from(values) }] as const,
      ),
      { dtype: 'F32' },
    );
  }
  return found;
}

/** A model as `pretrain` would write it from that of a case; returns its folder. */
export async function rewriteSentenceFolder(
  folder: string,
  name: string,
  dtype: 'F32' | 'F16' = 'F32',
): Promise<string> {
  const base = join(folder, `base ${name}`);
  const out = join(folder, `${dtype} ${name}`);
  await writeSentenceFolder(base, name);
  const { config, parameters, sentence } = await readModel(base);
  const { files: tokenizerFiles } = await readTokenizer(base, config);
  const onnx = exportOnnx(config, parameters, { lowering: 'cpu', sentence });
  const model = { config, parameters, tokenizerFiles, sentence, onnx, dtype };
  await writeModel(out, { ...model, card: '# Tiny\n', trainingHashes: null });
  // Replaced without complaint, whatever folders its modules have.
  await writeModel(out, { ...model, card: '# Tiny\n', trainingHashes: null });
  return out;
}

export function largestDifference(
  vector: Float32Array | readonly number[],
  expected: readonly number[],
): number {
  if (vector.length !== expected.length) return Infinity;
  return expected.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (vector[i] ?? Infinity))),
    0,
  );
}
