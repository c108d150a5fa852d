/**
 * Judges lookup on public clinical text: how often the nearest note is of the same class, and how far
 * up a question's own answer is, by words, by meaning and by both. What each side counts is fitted on one
 * half of a set and judged on the other, through the index and the search that the product has.
 *
 *     npm run bench -- retrieval --data DIR --models DIR,DIR [--cache DIR] [--sets NAME,NAME] [--json]
 *
 * DATA holds the .jsonl.gz files that `retrieval/sets.ts` names. Vectors are kept in the cache folder, so
 * that a second run takes seconds. Notes that one of the models was trained on are left out for all of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readTrainingRecord } from '../src/core/model/trainingRecord.js';
import { judged } from './retrieval/judge.js';
import type { Judgement } from './retrieval/judge.js';
import { openModel } from './retrieval/model.js';
import { readHalves, retrievalSets } from './retrieval/sets.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    models: { type: 'string' },
    cache: { type: 'string' },
    sets: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
if (values.data === undefined || values.models === undefined) {
  throw new Error('Name the sets with --data and the models with --models.');
}
const dataFolder = resolve(values.data);
const models = values.models.split(',').map((folder) => resolve(folder));
const chosen = values.sets?.split(',');
const work = await mkdtemp(join(tmpdir(), 'notespace-retrieval-'));
// Every model is judged on the same notes, which none of them was trained on.
const training = (await Promise.all(models.map(readTrainingRecord))).flatMap(
  ({ trainingHashes }) => trainingHashes ?? [],
);
const judgements: Judgement[] = [];
try {
  for (const folder of models) {
    const model = await openModel(folder, resolve(values.cache ?? work));
    try {
      for (const set of retrievalSets) {
        if (chosen?.includes(set.file) === false) continue;
        const halves = await readHalves(set, dataFolder, Number(values.seed), training);
        const judgement = await judged(basename(folder), model, set, halves, work);
        judgements.push(judgement);
        if (!values.json) process.stderr.write(`${row(judgement)}\n`);
      }
    } finally {
      await model.close();
    }
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(judgements, null, 2)}\n`);
else process.stdout.write(tables(judgements));

function tables(all: readonly Judgement[]): string {
  return models
    .map((folder) => {
      const own = all.filter(({ model }) => model === basename(folder));
      const least = own.filter(({ figures }) => figures.hybrid >= best(figures) - 0.005).length;
      const better = own.filter(({ figures }) => figures.hybrid > best(figures)).length;
      const worse = own.filter(({ gain }) => gain.mean + gain.margin < 0).length;
      return [
        `### ${basename(folder)}`,
        '',
        '| set | figure | queries | words | meaning | both | both less the better side, points | share of meaning |',
        '|---|---|---|---|---|---|---|---|',
        ...own.map(row),
        '',
        `Both is at least the better side less half a point on ${least} of ${own.length} sets, better than either on ${better}, and worse by more than chance on ${worse}.`,
        '',
      ].join('\n');
    })
    .join('\n');
}

function best({ keyword, semantic }: Judgement['figures']): number {
  return Math.max(keyword, semantic);
}

function row({ what, figure, queries, figures, second, share, gain }: Judgement): string {
  const shown = (mode: 'keyword' | 'semantic' | 'hybrid'): string => {
    const also = second === null ? '' : ` (MRR ${second[mode].toFixed(3)})`;
    return `${figures[mode].toFixed(3)}${also}`;
  };
  const points = (value: number): string => (100 * value).toFixed(1);
  const gained = `${gain.mean > 0 ? '+' : ''}${points(gain.mean)} ± ${points(gain.margin)}`;
  const cells = [
    what,
    figure,
    String(queries),
    shown('keyword'),
    shown('semantic'),
    shown('hybrid'),
  ];
  return `| ${[...cells, gained, share.toFixed(1)].join(' | ')} |`;
}
