/**
 * The table of docs/embedding-space.md: figures of models on sets of notes, as a table in Markdown.
 *
 *     npm run bench -- spaces --models bundled,FOLDER --corpora FILE,FILE [--category-field NAME] [--most N] [--threads N]
 *
 * Of a larger set, N notes are drawn at random (500 unless named).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/core/base/random.js';
import { openCorpus } from '../src/core/corpus/openCorpus.js';
import { bundledFolderName, modelName } from '../src/engine/bundledModel.js';
import { runAnalyzeJob } from '../src/engine/job/analyzeJob.js';
import { analysisFigures, analysisFigureText } from '../src/protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../src/protocol/catalogue/analysis.js';
import { automatic } from '../src/protocol/catalogue/devices.js';

const { values: flags } = parseArgs({
  options: {
    models: { type: 'string', default: 'bundled' },
    corpora: { type: 'string' },
    'category-field': { type: 'string', default: 'category' },
    most: { type: 'string', default: '500' },
    threads: { type: 'string', default: '2' },
  },
});
if (flags.corpora === undefined) throw new Error('name sets of notes: --corpora FILE,FILE');

const shown = [
  ...(['within', 'between', 'alignment', 'uniformity', 'isotropy', 'effectiveDimension'] as const),
  ...(['hubness', 'silhouetteCosine', 'adjustedRandIndex', 'homophily', 'modularity'] as const),
] satisfies readonly AnalysisFigureName[];

const bundledModel = fileURLToPath(new URL(`../models/${bundledFolderName}`, import.meta.url));
const models = flags.models
  .split(',')
  .map((name) => (name === 'bundled' ? bundledModel : resolve(name)));
const folder = await mkdtemp(join(tmpdir(), 'notespace-spaces-'));
const controller = new AbortController();
try {
  console.log(
    `| notes | model | ${shown.map((name) => analysisFigures[name].label.toLowerCase()).join(' | ')} |`,
  );
  console.log(`|---|---|${shown.map(() => '---').join('|')}|`);
  for (const source of flags.corpora.split(',')) {
    const name = basename(source).replace(/\..*$/, '');
    const path = await someNotes(resolve(source), join(folder, `${name}.jsonl`));
    const { models: found, documents } = await runAnalyzeJob(
      {
        kind: 'analyze',
        corpus: { source: path, mapping: {} },
        models,
        ...{ device: automatic.name, seed: 0, neighbours: 15, edges: 'either' },
        ...{ threshold: null, clusters: null, withText: false, store: null },
      },
      {
        runFolder: null,
        cacheFolder: await made(join(folder, 'cache')),
        threads: Number(flags.threads),
        signal: controller.signal,
        pauseGate: () => Promise.resolve(),
        isFinishing: () => false,
        place: 'commandLine',
        onProgress: () => undefined,
        onMetrics: () => undefined,
        onPlan: () => undefined,
        note: (sentence) => console.error(sentence),
        now: Date.now,
      },
    );
    for (const { model, figures } of found) {
      const cells = shown.map((figure) =>
        analysisFigureText(figure, figures[figure]?.value ?? null),
      );
      console.log(`| ${name} (${documents}) | ${modelName(model)} | ${cells.join(' | ')} |`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function made(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}

/** Writes notes that are drawn at random, with the category that is asked for. */
async function someNotes(source: string, into: string): Promise<string> {
  const corpus = await openCorpus(
    { source, mapping: { category: flags['category-field'] } },
    controller.signal,
  );
  const lines: string[] = [];
  for await (const { id, text, category, group } of corpus.read(controller.signal)) {
    lines.push(JSON.stringify({ id, text, category, ...(group === null ? {} : { group }) }));
  }
  const drawn = createRandom(0, 'notes').shuffle(lines).slice(0, Number(flags.most));
  await writeFile(into, drawn.map((line) => `${line}\n`).join(''));
  return into;
}
