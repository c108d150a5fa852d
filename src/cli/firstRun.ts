/**
 * The main workflow, from notes to a report: read the corpus, index it, find similar notes, pre-train
 * briefly, index again with the new model, and show the effect.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { nearestNeighbourCategoryAccuracy } from '../core/analyze/neighbours.js';
import { fromSystemError, throwIfAborted } from '../core/base/errors.js';
import { makeFolder, writeFileAtomic } from '../core/base/files.js';
import { count } from '../core/base/wording.js';
import { openCorpus } from '../core/corpus/openCorpus.js';
import { summariseCorpus } from '../core/corpus/summary.js';
import { renderFirstRun } from '../core/report/firstRun.js';
import type { FirstRunExample, FirstRunReport } from '../core/report/firstRun.js';
import { seenByBase } from '../core/evaluate/seenByBase.js';
import { findNotes } from '../core/index/findNotes.js';
import { readNote } from '../core/index/search.js';
import { readSnapshot } from '../core/index/snapshot.js';
import { openStore } from '../core/index/store.js';
import { allDocumentVectors } from '../core/index/vectors.js';
import { nearnessText } from '../protocol/catalogue/lookup.js';
import { noNotes } from '../engine/job/documents.js';
import { runIndexJob } from '../engine/job/indexJob.js';
import { runProjectJob } from '../engine/job/projectJob.js';
import { readClusterMap } from '../engine/lookup/clusterMap.js';
import { readMetricsFrom, unfitSentence } from '../engine/metricsLines.js';
import { writeJob } from '../engine/runFolder.js';
import type { ClusterMap } from '../protocol/map.js';
import type { CorpusSpec } from '../protocol/corpusSpec.js';
import type { PretrainJob, PretrainResult } from '../protocol/pretraining.js';
import type { CommandContext } from './command.js';
import { modelFolder, plainJobContext } from './jobContext.js';
import { seconds } from './output.js';
import { runIn } from './runIn.js';

export interface FirstRunPlaces {
  readonly corpus: string;
  /** Replaced by every run. */
  readonly out: string;
  /** Whether the report and the terminal may show note text; the sample's notes are made up. */
  readonly showNoteText: boolean;
}

/** Enough steps to show an effect; a minute or two on two cores. */
const steps = 40;
const settings = { batchTokens: 2048, learningRate: 1e-4, evalSteps: 20, saveSteps: 20 };
const seed = 0;

export async function firstRun(places: FirstRunPlaces, context: CommandContext): Promise<void> {
  const { terminal, signal, now } = context;
  const begun = now();
  const { out } = places;
  const corpus: CorpusSpec = { source: places.corpus, mapping: {} };
  const heading = (number: number, text: string): void => terminal.say(`\n${number}. ${text}`);

  heading(1, `The corpus: ${places.corpus}`);
  const summary = await summariseCorpus(await openCorpus(corpus, signal), signal);
  if (summary.documents === 0) throw noNotes(corpus, summary.problems);
  const categories = Object.keys(summary.categories);
  terminal.say(
    `   ${count(summary.documents)} notes, median ${count(summary.words.median)} words, categories: ${categories.join(', ')}`,
  );

  const bundled = await modelFolder('bundled', context);
  // Delete the last report only now that the corpus and the model are known to be usable.
  await clear(out);

  heading(2, 'Index with the bundled model');
  const before = await embed(corpus, bundled, join(out, 'index-before'), context);

  heading(3, 'Similar notes');
  const [example] = await examplesIn(join(out, 'index-before'), categories.slice(0, 1));
  if (example !== undefined && places.showNoteText) sayExample(example, context);

  heading(4, `Pre-train on these notes: masked language modelling, ${steps} steps`);
  const trained = await pretrain(corpus, bundled, join(out, 'run'), context);
  const { heldOutLoss } = trained;
  terminal.say(
    `   held-out loss ${heldOutLoss.before.toFixed(3)} -> ${heldOutLoss.after.toFixed(3)} (${count(trained.tokensPerSecond)} tokens a second)`,
  );

  heading(5, 'Index again with the new model');
  const after = await embed(corpus, trained.model, join(out, 'index-after'), context);
  terminal.say(
    `   the nearest note has the same category: ${percent(before.accuracy)} before, ${percent(after.accuracy)} after`,
  );

  heading(6, 'Report');
  const { lines, unfit } = await readMetricsFrom(join(out, 'run'), 0);
  if (unfit > 0) terminal.say(unfitSentence(unfit));
  const total = Math.max(1, summary.documents);
  const warning = seenByBase(trained.documentsHeldOutSeen, trained.documentsHeldOut);
  const report: FirstRunReport = {
    title: `Notespace: ${basename(places.corpus)}`,
    madeAt: new Date(now()).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }),
    corpus: { ...summary, name: basename(places.corpus), problems: summary.problems.length },
    training: {
      objective: 'Masked language modelling',
      base: basename(bundled),
      steps: trained.steps,
      tokens: trained.tokens,
      tokensPerSecond: trained.tokensPerSecond,
      documentsTrain: trained.documentsTrain,
      documentsHeldOut: trained.documentsHeldOut,
      heldOutLoss,
      curve: lines,
    },
    neighbourAccuracy:
      before.accuracy === null || after.accuracy === null
        ? null
        : { before: before.accuracy, after: after.accuracy },
    chanceAccuracy: Object.values(summary.categories).reduce((sum, n) => sum + (n / total) ** 2, 0),
    projections: [
      { title: 'Before training', points: pointsOf(before.map) },
      { title: 'After training', points: pointsOf(after.map) },
    ],
    examples: await examplesIn(join(out, 'index-after'), categories.slice(0, 3)),
    notes: warning === null ? [] : [warning],
    showNoteText: places.showNoteText,
  };
  throwIfAborted(signal);
  const path = join(out, 'report.html');
  await writeFileAtomic(path, renderFirstRun(report));
  terminal.progress.end();
  terminal.out(
    [
      '',
      `Done in ${seconds((now() - begun) / 1000)}.`,
      `Report     ${path}`,
      '           open it with any browser',
      `New model  ${trained.model}`,
      'Workbench  npm run open   starts VS Code with the extension and the sample notes',
    ].join('\n'),
  );
}

async function clear(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
  } catch (error) {
    throw fromSystemError(error, `The folder ${folder}`);
  }
}

interface Embedded {
  readonly accuracy: number | null;
  readonly map: ClusterMap;
}

async function embed(
  corpus: CorpusSpec,
  model: string,
  store: string,
  context: CommandContext,
): Promise<Embedded> {
  const { terminal } = context;
  const job = await plainJobContext(context);
  const indexed = await runIndexJob({ kind: 'index', corpus, model, store, device: 'cpu' }, job);
  await runProjectJob({ kind: 'project', store, seed }, job);
  terminal.say(`   ${count(indexed.passages)} passages in ${seconds(indexed.seconds)}`);
  const opened = await openStore(store);
  try {
    const { accuracy } = nearestNeighbourCategoryAccuracy(await allDocumentVectors(opened));
    return { accuracy, map: await readClusterMap(store) };
  } finally {
    await opened.close();
  }
}

async function pretrain(
  corpus: CorpusSpec,
  base: string,
  folder: string,
  context: CommandContext,
): Promise<PretrainResult> {
  const spec: PretrainJob = {
    kind: 'pretrain',
    corpus,
    objective: 'mlm',
    base,
    device: 'cpu',
    maxSteps: steps,
    seed,
    resume: false,
    config: settings,
  };
  await makeFolder(folder);
  await writeJob(folder, spec, context.now());
  return runIn(folder, spec, context);
}

/** The first note of each category, with the notes most similar to it. */
async function examplesIn(
  folder: string,
  categories: readonly string[],
): Promise<FirstRunExample[]> {
  const store = await openStore(folder);
  try {
    const documents = await allDocumentVectors(store);
    const snapshot = await readSnapshot(store, null);
    const examples: FirstRunExample[] = [];
    for (const category of categories) {
      const id = documents.ids[documents.categories.indexOf(category)];
      if (id === undefined) continue;
      const { text } = await readNote(store, { id });
      const { results: hits } = await findNotes(store, snapshot, { id }, { k: 5 });
      const results = hits.map((hit) => ({ ...hit, title: hit.id }));
      examples.push({ title: id, category, text: beginningOf(text), results });
    }
    return examples;
  } finally {
    await store.close();
  }
}

function sayExample({ title, category, results }: FirstRunExample, context: CommandContext): void {
  context.terminal.say(`   like ${title} (${category ?? 'no category'}):`);
  for (const result of results.slice(0, 3)) {
    const { category: found, snippet } = result;
    context.terminal.say(`   ${nearnessText(result)}  ${found ?? '-'}  ${snippet.slice(0, 70)}…`);
  }
}

const shownLength = 600;

function beginningOf(text: string): string {
  return text.length <= shownLength ? text.trim() : `${text.slice(0, shownLength).trim()} …`;
}

function pointsOf(map: ClusterMap): FirstRunReport['projections'][number]['points'] {
  const { x, y, category, categories, ids } = map;
  const titles = ids.map((id, i) => {
    const name = categories[category[i] ?? -1];
    return name === undefined ? id : `${id} (${name})`;
  });
  return { x, y, category, categories, titles };
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`;
}
