/**
 * Evaluates models on real clinical text (bench/shared/realText.ts), whole and without the words that
 * name the classes, and writes the tables of docs/evaluation.md.
 *
 *     npm run bench -- evaluate [--models bundled,FOLDER] [--notes N] [--shots 16,all] [--seeds N] [--work FOLDER] [--write]
 *
 * `--notes` caps the notes of a text; those are the ones with the smallest hashes of their ids. What is
 * done is kept in `--work`: the same command goes on where it was stopped. Without `--write` the
 * tables are only printed.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledFolderName, bundledName } from '../src/engine/bundledModel.js';
import { runEvaluateJob } from '../src/engine/job/evaluateJob.js';
import { proposedWords } from '../src/protocol/evaluation.js';
import type { EvaluateJob } from '../src/protocol/evaluation.js';
import { cappedText } from './shared/cappedText.js';
import { evaluationTable } from './shared/evaluationTable.js';
import { realTextPath, realTexts } from './shared/realText.js';
import type { RealText } from './shared/realText.js';

const { values: flags } = parseArgs({
  options: {
    models: { type: 'string', default: 'bundled' },
    notes: { type: 'string', default: '1200' },
    shots: { type: 'string', default: '16,all' },
    seeds: { type: 'string', default: '5' },
    work: { type: 'string', default: join(tmpdir(), 'notespace-evaluate') },
    threads: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    write: { type: 'boolean', default: false },
  },
});
const work = resolve(flags.work);
const bundled = fileURLToPath(new URL(`../models/${bundledFolderName}`, import.meta.url));
const models = flags.models
  .split(',')
  .map((name) => (name.trim() === bundledName ? bundled : resolve(name.trim())));
const page = fileURLToPath(new URL('../docs/evaluation.md', import.meta.url));
const [start, end] = ['<!-- tables -->', '<!-- end of tables -->'] as const;

const sections: string[] = [];
for (const real of realTexts) {
  const source = realTextPath(real);
  if (source === null) {
    console.log(`${real.name} is left out: ${real.file} is not on this machine.`);
    continue;
  }
  const begun = performance.now();
  const section = await evaluated(real, source);
  console.log(`${section}\n(${((performance.now() - begun) / 1000).toFixed(0)} s)\n`);
  sections.push(section);
  // What is done is worth reading, should the rest not come to an end.
  if (flags.write) await writePage();
}

async function writePage(): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, rest] = [text.split(start)[0] ?? '', text.split(end)[1] ?? ''];
  const names = models.map((model) => basename(model)).join(',');
  const said = `Made by \`npm run bench -- evaluate --models ${names} --notes ${flags.notes} --shots ${flags.shots} --seeds ${flags.seeds}\`.`;
  await writeFile(page, `${before}${[start, said, ...sections, end].join('\n\n')}${rest}`);
}

async function evaluated(real: RealText, source: string): Promise<string> {
  const corpus = join(work, 'corpora', basename(real.file, '.gz'));
  for (const folder of ['corpora', 'cache']) await mkdir(join(work, folder), { recursive: true });
  await writeFile(corpus, await cappedText(source, Number(flags.notes)));
  const run = join(work, 'runs', basename(corpus, '.jsonl'));
  await mkdir(run, { recursive: true });
  const job: EvaluateJob = {
    kind: 'evaluate',
    protocol: 'frozen',
    corpus: { source: corpus, mapping: {} },
    models,
    seed: 0,
    device: 'cpu',
    classification: {
      target: real.target,
      labels: 'one',
      shots: flags.shots.split(',').map((each) => (each === 'all' ? each : Number(each))),
      seeds: Number(flags.seeds),
      withoutWords: proposedWords,
      fineTuning: {},
      store: null,
    },
  };
  let phase = '';
  const result = await runEvaluateJob(job, {
    runFolder: run,
    cacheFolder: join(work, 'cache'),
    threads: Number(flags.threads),
    signal: new AbortController().signal,
    pauseGate: () => Promise.resolve(),
    isFinishing: () => false,
    place: 'commandLine',
    onProgress(progress) {
      if (progress.phase === phase) return;
      ({ phase } = progress);
      console.error(`${real.name}: ${phase} (${performance.now().toFixed(0)} ms)`);
    },
    onMetrics: () => undefined,
    onPlan: () => undefined,
    note: () => undefined,
    now: Date.now,
  });
  const report: unknown = JSON.parse(await readFile(join(run, 'report.json'), 'utf8'));
  return evaluationTable(real, result, report);
}
