/** Notes, a tiny untrained model and the built programs for tests of real child processes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/core/base/random.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { trainByteLevelBpe } from '../vocabulary/trainByteLevelBpe.js';

/** A built program of dist/. */
export function program(name: 'job' | 'lookup' | 'cli' | 'start' | 'heartbeat'): string {
  return fileURLToPath(new URL(`../../dist/${name}.mjs`, import.meta.url));
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'notespace-test-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Written into every note: must not turn up in a state, a log, metrics or an error. */
export const secretWord = 'Zyxwvutia';

const topics = {
  heart: ['chest', 'pain', 'troponin', 'rhythm', 'murmur', 'oedema', 'statin', 'angina'],
  lung: ['cough', 'sputum', 'wheeze', 'oxygen', 'asthma', 'inhaler', 'crackles', 'smoker'],
  bone: ['fracture', 'ankle', 'cast', 'fall', 'swelling', 'xray', 'wrist', 'splint'],
} as const;

export interface TestNote {
  readonly id: string;
  readonly text: string;
  readonly category: string;
}

export function makeNotes(count: number, words = 40): TestNote[] {
  const random = createRandom(7);
  const categories = Object.keys(topics) as (keyof typeof topics)[];
  return Array.from({ length: count }, (_, i) => {
    const category = categories[i % categories.length] as keyof typeof topics;
    const text = Array.from({ length: words }, () => random.pick(topics[category])).join(' ');
    return { id: `note-${i}`, text: `Patient ${secretWord} seen today. ${text}.`, category };
  });
}

export async function writeCorpus(path: string, notes: readonly TestNote[]): Promise<string> {
  await writeFile(path, notes.map((note) => `${JSON.stringify(note)}\n`).join(''));
  return path;
}

export async function writeTinyModel(
  folder: string,
  change: {
    hiddenSize?: number;
    hiddenLayers?: number;
    vocabularySize?: number;
    seed?: number;
    mlmHead?: boolean;
  } = {},
): Promise<string> {
  const { hiddenSize = 32, hiddenLayers = 2, vocabularySize = 400, seed = 1 } = change;
  const { mlmHead = true } = change;
  const texts = makeNotes(60).map(({ text }) => text);
  const tokenizerFiles = await trainByteLevelBpe(texts, { vocabularySize: 400 });
  const config: EncoderConfig = {
    modelType: 'roberta',
    vocabularySize,
    hiddenSize,
    hiddenLayers,
    attentionHeads: hiddenSize / 16,
    intermediateSize: 4 * hiddenSize,
    activation: 'gelu',
    maxPositionEmbeddings: 130,
    typeVocabularySize: 1,
    padTokenId: 1,
    layerNormEps: 1e-5,
    hiddenDropout: 0.1,
    attentionDropout: 0.1,
    initializerRange: 0.02,
  };
  const specs = parameterSpecs(config, { mlmHead });
  await mkdir(join(folder, '..'), { recursive: true });
  await writeModel(folder, {
    config,
    parameters: initialParameters(specs, config, createRandom(seed)),
    tokenizerFiles,
    card: '# A tiny model for tests\n',
    dtype: 'F32',
    trainingHashes: null,
    onnx: null,
  });
  return folder;
}

/** Asks until `condition` gives something, or fails naming `what` did not happen. */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false>,
  timeoutMs = 150_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    await sleep(20);
  }
}
