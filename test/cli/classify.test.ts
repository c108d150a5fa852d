/** Classification on the command line: what it says, leaves and goes on from. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  eventually,
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from '../engine/fixtures.js';
import { callsIn } from './calls.js';

let folder: string;
let corpus: string;
let model: string;
let other: string;
let { call, json, refusal } = callsIn('');

beforeAll(async () => {
  folder = await temporaryFolder();
  ({ call, json, refusal } = callsIn(folder));
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(150, 12));
  model = await writeTinyModel(join(folder, 'model'));
  other = await writeTinyModel(join(folder, 'other'), { seed: 2 });
});
afterAll(() => removeFolder(folder));

const evaluate = (protocol: string, ...options: string[]): string[] => [
  ...['evaluate', '--corpus', corpus, '--models', `${model},${other}`, '--protocol', protocol],
  ...options,
];

interface Row {
  readonly model: string;
  readonly protocol: string;
  readonly shots: number | 'all';
  readonly seed: number;
  readonly macroF1: number;
  readonly accuracy: number;
}
interface Summary extends Omit<Row, 'seed' | 'macroF1'> {
  readonly macroF1: { readonly mean: number; readonly low: number; readonly high: number };
}
interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly shots: number | 'all';
  readonly difference: { readonly mean: number; readonly low: number; readonly high: number };
  readonly p: number;
  readonly pHolm: number;
}

describe('notespace evaluate --protocol frozen', () => {
  it('gives every model and baseline, with intervals and planned comparisons', async () => {
    const out = join(folder, 'frozen');
    const given = ['--target', 'category', '--shots', '8,all', '--seeds', '3', '--out', out];
    const document = await json(...evaluate('frozen', ...given));
    const results = document['results'] as Row[];
    const models = [model, other, 'majority', 'tf-idf', 'naive-bayes', 'random-weights'];
    expect(new Set(results.map((row) => row.model))).toEqual(new Set(models));
    for (const each of models) {
      const own = results.filter((row) => row.model === each);
      expect(own.map(({ shots, seed }) => [shots, seed])).toEqual([
        ...[0, 1, 2].map((seed) => [8, seed]),
        ['all', 0],
      ]);
      expect(own.every((row) => row.protocol === 'frozen')).toBe(true);
    }
    // Each topic has words of its own.
    const words = results.find((row) => row.model === 'tf-idf' && row.shots === 'all');
    expect(words?.macroF1).toBe(1);
    const summary = document['summary'] as Summary[];
    expect(summary).toHaveLength(2 * models.length);
    for (const { macroF1 } of summary) {
      expect(macroF1.low).toBeLessThanOrEqual(macroF1.mean);
      expect(macroF1.high).toBeGreaterThanOrEqual(macroF1.mean);
    }
    const comparisons = document['comparisons'] as Comparison[];
    // Each model against TF-IDF, the second against the first, each with 8 and with all labels.
    expect(comparisons.map(({ a, b, shots }) => `${a} ${b} ${shots}`).sort()).toEqual(
      [8, 'all']
        .flatMap((shots) => [
          `${model} tf-idf ${shots}`,
          `${other} ${model} ${shots}`,
          `${other} tf-idf ${shots}`,
        ])
        .sort(),
    );
    for (const { p, pHolm } of comparisons) expect(pHolm).toBeGreaterThanOrEqual(p);
    expect((document['verdict'] as string[])[0]).toMatch(/other .* its base when frozen/);
    expect(document['leakage']).toEqual([
      { model, documents: null },
      { model: other, documents: null },
    ]);
  });

  it('leaves a report, a table and predictions, without any text of notes', async () => {
    const out = join(folder, 'frozen');
    const report = await readFile(join(out, 'report.json'), 'utf8');
    const predictions = await readFile(join(out, 'predictions.csv'), 'utf8');
    const table = await readFile(join(out, 'report.csv'), 'utf8');
    const { settings, parts } = JSON.parse(report) as {
      settings: { model: string; classifier: string; confusion: number[] | null }[];
      parts: { train: number; validation: number; test: number };
    };
    expect(parts.train + parts.validation + parts.test).toBe(150);
    expect(
      new Set(settings.filter((each) => each.model === model).map((each) => each.classifier)),
    ).toEqual(new Set(['logistic-regression', 'dense-head', 'k-nearest', 'nearest-centroid']));
    const confusion = settings.find((each) => each.confusion !== null)?.confusion ?? [];
    expect(confusion.reduce((sum, count) => sum + count, 0) % parts.test).toBe(0);
    const runs = table.trimEnd().split('\r\n').length - 1;
    expect(predictions.trimEnd().split('\r\n').length - 1).toBe(runs * parts.test);
    for (const text of [report, predictions, table]) expect(text).not.toMatch(/Zyxwvutia|troponin/);
  });

  it('computes nothing twice when it is asked for again, and refuses another in the same folder', async () => {
    const out = join(folder, 'frozen');
    const given = ['--target', 'category', '--shots', '8,all', '--seeds', '3', '--out', out];
    const before = await json(...evaluate('frozen', ...given));
    const [part = ''] = await readdir(join(out, 'parts'));
    const path = join(out, 'parts', part);
    const kept = JSON.parse(await readFile(path, 'utf8')) as { seconds: number };
    await writeFile(path, JSON.stringify({ ...kept, seconds: 1234.5 }));
    const after = await json(...evaluate('frozen', ...given));
    expect(after['summary']).toEqual(before['summary']);
    expect(await readFile(join(out, 'report.csv'), 'utf8')).toContain('1234.5');
    // Nothing of other notes is taken for these.
    const changed = makeNotes(150, 12).map((note) => ({ ...note, text: `${note.text} Seen.` }));
    await writeCorpus(corpus, changed);
    await json(...evaluate('frozen', ...given));
    expect(await readFile(join(out, 'report.csv'), 'utf8')).not.toContain('1234.5');
    await writeCorpus(corpus, makeNotes(150, 12));
    expect(await refusal(2, ...evaluate('frozen', '--target', 'label', '--out', out))).toMatch(
      /holds another run/,
    );
  });

  it('takes the words away that name the target', async () => {
    const words = join(folder, 'words.txt');
    const named = 'heart: chest pain\nlung: wheeze cough\nbone: ankle cast\n';
    await writeFile(words, '# names\nheart\nlung\nbone\n');
    const lines = makeNotes(90, 3).map((note, i) => {
      return { ...note, text: `${note.category}. ${named.split(/\s+/)[i % 7] ?? ''} ${i}` };
    });
    const source = await writeCorpus(join(folder, 'named.jsonl'), lines);
    const given = ['--corpus', source, '--target', 'category', '--shots', 'all'];
    const first = await json(...evaluate('frozen', ...given));
    const second = await json(...evaluate('frozen', ...given, '--without-words', words));
    const ofWords = (document: Record<string, unknown>): number =>
      (document['results'] as Row[]).find((row) => row.model === 'tf-idf')?.macroF1 ?? NaN;
    expect(ofWords(first)).toBe(1);
    expect(ofWords(second)).toBeLessThan(0.8);
  });

  it('says in one sentence what is missing', async () => {
    expect(await refusal(2, ...evaluate('frozen'))).toMatch(/name it with --target category/);
    expect(await refusal(2, ...evaluate('frozen', '--target', 'label'))).toMatch(
      /No note has a label/,
    );
    const shots = ['--target', 'category', '--shots', '8,few'];
    expect(await refusal(2, ...evaluate('frozen', ...shots))).toMatch(/not "few"/);
    expect(await refusal(2, ...evaluate('mlm', '--target', 'category'))).toMatch(
      /--target means nothing to the protocol mlm/,
    );
  });
});

describe('notespace evaluate --protocol fine-tuning', () => {
  const settings = { learningRate: 3e-3, epochs: 3, batchDocuments: 16 };

  it('is stopped, and goes on with the runs that are left', async () => {
    const config = join(folder, 'fineTuning.json');
    await writeFile(config, JSON.stringify(settings));
    const out = join(folder, 'tuned');
    const given = ['--target', 'category', '--shots', '8,all', '--seeds', '2', '--config', config];
    const { child, outcome } = call(...evaluate('fine-tuning', ...given, '--out', out));
    const parts = join(out, 'parts');
    const tuned = async (): Promise<number> => {
      const names = await readdir(parts).catch(() => []);
      const keys = await Promise.all(
        names.map(async (name) => readFile(join(parts, name), 'utf8').catch(() => '')),
      );
      return keys.filter((key) => key.includes('fine-tuned')).length;
    };
    await eventually('a run is done', async () => (await tuned()) > 0);
    child.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    const done = await tuned();
    const document = await json(...evaluate('fine-tuning', ...given, '--out', out));
    expect(await tuned()).toBe(8);
    expect(done).toBeLessThan(8);
    const summary = document['summary'] as Summary[];
    expect(summary.filter((each) => each.model === model && each.shots === 'all')).toHaveLength(1);
    expect(new Set(summary.map((each) => each.model))).toEqual(
      new Set([model, other, 'majority', 'tf-idf', 'naive-bayes']),
    );
    await rm(out, { recursive: true });
  });

  it('refuses settings that it does not have', async () => {
    const config = join(folder, 'wrong.json');
    await writeFile(config, '{"rate": 1}');
    const given = ['--target', 'category', '--config', config];
    expect(await refusal(2, ...evaluate('fine-tuning', ...given))).toMatch(/no setting "rate"/);
  });
});
