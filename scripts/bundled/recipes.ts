/** The recipes that were tried for the bundled model, and how one is run. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../src/core/base/errors.js';
import { createRandom } from '../../src/core/base/random.js';
import { exists } from '../../src/core/base/files.js';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import type { SplitSet } from './sources.js';

export interface Recipe {
  /** Part of file names. */
  readonly id: string;
  /** In the card's table. */
  readonly name: string;
  /** In the card's facts. */
  readonly card: string;
  readonly objective: ObjectiveName;
  readonly corpus: 'texts' | 'classes';
  /** Shares of the trained model that are tried. */
  readonly ratios: readonly number[];
  /** The training configuration. */
  readonly config: Readonly<Record<string, unknown>>;
}

const shared = { heldOutTokens: 10_000, saveSteps: 50 };
const words = { ...shared, mlmProbability: 0.2, maxLength: 256 };

export const recipes: readonly Recipe[] = [
  {
    id: 'mlm',
    name: 'MLM',
    card: 'masked language modelling',
    objective: 'mlm',
    corpus: 'texts',
    ratios: [0.5, 1],
    config: { ...words, learningRate: 1e-4, batchTokens: 4096, maxSteps: 200 },
  },
  {
    id: 'declutr',
    name: 'DeCLUTR',
    card: 'DeCLUTR',
    objective: 'declutr',
    corpus: 'texts',
    ratios: [0.5, 1],
    config: { ...words, learningRate: 3e-5, batchDocuments: 32, maxSteps: 80 },
  },
  {
    id: 'mlm-then-declutr',
    name: 'MLM, then DeCLUTR',
    card: 'masked language modelling, then DeCLUTR',
    objective: 'mlm-then-declutr',
    corpus: 'texts',
    ratios: [0.5, 1],
    config: { ...words, learningRate: 5e-5, batchTokens: 4096, batchDocuments: 32, maxSteps: 160 },
  },
  {
    id: 'tsdae',
    name: 'TSDAE',
    card: 'TSDAE',
    objective: 'tsdae',
    corpus: 'texts',
    ratios: [0.5, 1],
    config: { ...shared, maxLength: 256, learningRate: 3e-5, batchTokens: 4096, maxSteps: 100 },
  },
  {
    id: 'classes',
    name: 'contrast',
    card: 'supervised contrast of the classes of each set, and of texts that belong together, such as a question and its answer',
    objective: 'note-category',
    corpus: 'classes',
    ratios: [0.3, 0.5, 0.7, 1],
    config: {
      ...shared,
      lossWeights: { mlm: 0, category: 1 },
      categoryLoss: 'sup-con',
      categoryTemperature: 0.07,
      learningRate: 4e-5,
      batchDocuments: 48,
      // A shorter window of a long note often holds nothing of its class.
      maxLength: 256,
      maxSteps: 250,
    },
  },
];

/** One step of the objective follows the warm-up; only what the warm-up leaves is used. */
export const headRecipe: Recipe = {
  id: 'head',
  name: 'head',
  card: '',
  objective: 'mlm',
  corpus: 'texts',
  ratios: [],
  config: { ...words, batchTokens: 4096, maxSteps: 1, headWarmupSteps: 400 },
};

/**
 * Writes the training and validation parts as two corpora: every text once, and every text that has
 * a class, together with what else belongs to the class.
 */
export async function writeCorpora(
  folder: string,
  sets: readonly SplitSet[],
  seed: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const texts: object[] = [];
  const classes: object[] = [];
  for (const { set, parts } of sets) {
    for (const split of ['train', 'validation'] as const) {
      const random = createRandom(seed, 'corpus', set.name);
      random.shuffle([...parts[split]]).forEach((row, i) => {
        const id = `${set.name}/${row.id}`;
        const also = set.alsoOf?.(row) ?? [];
        texts.push({ id, split, text: [...also, row.text].join('\n') });
        const category = set.contrastOf(row);
        if (category === null || i >= (set.mostTrained ?? Infinity)) return;
        [row.text, ...also].forEach((text, part) => {
          classes.push({ id: `${id}#${part}`, split, text, category: `${set.name}: ${category}` });
        });
      });
    }
  }
  for (const [name, rows] of Object.entries({ texts, classes })) {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
    await writeFile(join(folder, `${name}.jsonl`), lines.join(''));
  }
}

export interface RecipeRun {
  /** The project, built. */
  readonly project: string;
  /** Where `writeCorpora` wrote. */
  readonly corpora: string;
  readonly base: string;
  readonly out: string;
  readonly threads: number;
  readonly seed: number;
}

/** Trains by the command line, as a user would; goes on where an earlier call stopped. */
export async function runRecipe(recipe: Recipe, run: RecipeRun): Promise<string> {
  const model = join(run.out, 'model');
  if (await exists(model)) return model;
  const config = join(run.corpora, `${recipe.id}.json`);
  await writeFile(config, JSON.stringify(recipe.config));
  const options = [
    ...['--corpus', join(run.corpora, `${recipe.corpus}.jsonl`), '--base', run.base],
    ...['--objective', recipe.objective, '--config', config, '--seed', String(run.seed)],
    ...['--out', run.out],
  ];
  const resume = (await exists(run.out)) ? ['--resume'] : [];
  await notespace(run, ['pretrain', ...options, ...resume]);
  return model;
}

function notespace({ project, threads }: RecipeRun, args: readonly string[]): Promise<void> {
  const env = { ...process.env, NOTESPACE_THREADS: String(threads) };
  const child = spawn(process.execPath, [join(project, 'dist', 'cli.mjs'), ...args], {
    env,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(failure(`notespace ${args[0] ?? ''} ended with code ${code ?? 'none'}.`));
    });
  });
}
