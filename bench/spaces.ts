/**
 * The table of docs/embedding-space.md: figures of models on sets of notes, as a table in Markdown.
 *
 *     npm run bench -- spaces --models bundled,FOLDER --corpora FILE,FILE [--category-field NAME] [--most N] [--threads N]
 *
 * Of a larger set, the first N notes are measured (500 unless named).
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openCorpus } from '../src/core/corpus/openCorpus.js';
import { bundledModel } from '../src/engine/bundledFolder.js';
import { modelName } from '../src/engine/bundledModel.js';
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
    const path = await firstNotes(resolve(source), join(folder, `${name}.jsonl`));
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

/** Writes the first notes, with the category that is asked for. */
async function firstNotes(source: string, into: string): Promise<string> {
  const corpus = await openCorpus(
    { source, mapping: { category: flags['category-field'] } },
    controller.signal,
  );
  const file = createWriteStream(into);
  let left = Number(flags.most);
  for await (const { id, text, category, group } of corpus.read(controller.signal)) {
    if (left-- <= 0) break;
    file.write(`${JSON.stringify({ id, text, category, ...(group === null ? {} : { group }) })}\n`);
  }
  await new Promise((done) => file.end(done));
  return into;
}
