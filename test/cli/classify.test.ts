/** Classification on the command line: what it says, leaves and goes on from. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EvaluationOutcomes } from '../../src/protocol/evaluationFiles.js';
import { eventually, makeNotes, writeCorpus, writeTinyModel } from '../engine/fixtures.js';
import { writeJob } from '../../src/engine/runFolder.js';
import { prepared } from './prepared.js';

const { folder, corpus, model, call, json, refusal } = await prepared(makeNotes(150, 12));
const other = await writeTinyModel(join(folder, 'other'), { seed: 2 });

const evaluate = (protocol: string, ...options: string[]): string[] => [
  ...['evaluate', '--corpus', corpus, '--models', `${model},${other}`, '--protocol', protocol],
  ...options,
];

interface Row {
  readonly model: string;
  readonly protocol: string;
  readonly shots: number | 'all';
  readonly seed: number;
  readonly texts: string;
  readonly macroF1: number;
  readonly accuracy: number;
}
interface Summary extends Omit<Row, 'seed' | 'macroF1'> {
  readonly macroF1: { readonly mean: number; readonly low: number; readonly high: number };
}
interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly against: string;
  readonly shots: number | 'all';
  readonly texts: string;
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
    // No run says what it was trained from.
    expect(new Set(comparisons.map(({ against }) => against))).toEqual(new Set(['first', 'tfIdf']));
    expect((document['verdict'] as string[])[0]).toMatch(/^other .* when frozen/);
    expect((document['verdict'] as string[]).join()).not.toContain('its base');
    const both = [...results, ...summary, ...comparisons];
    expect(both.every(({ texts }) => texts === 'whole')).toBe(true);
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
    // The same, briefly: what each classifier with the most labels said of each note.
    const outcomes = await readFile(join(out, 'outcomes.json'), 'utf8');
    const brief = JSON.parse(outcomes) as EvaluationOutcomes;
    expect(brief.ids).toHaveLength(parts.test);
    const { classes } = (JSON.parse(report) as { target: { classes: string[] } }).target;
    const rows = predictions.split('\r\n').map((line) => line.split(','));
    const first = brief.settings.find(({ setting }) => settings[setting]?.model === model);
    expect(first?.runs.map(({ predicted }) => predicted.map((k) => classes[k]))).toEqual([
      rows
        .filter((row) => row[1] === model && row[3] === 'logistic-regression' && row[4] === 'all')
        .map((row) => row[7]),
    ]);
    for (const text of [report, predictions, table, outcomes])
      expect(text).not.toMatch(/Zyxwvutia|troponin/);
  });

  it('computes nothing twice when it is asked for again, and refuses another in the same folder', async () => {
    const out = join(folder, 'frozen');
    const given = ['--target', 'category', '--shots', '8,all', '--seeds', '3', '--out', out];
    const before = await json(...evaluate('frozen', ...given));
    const [part = ''] = await readdir(join(out, 'parts'));
    const path = join(out, 'parts', part);
    const kept = JSON.parse(await readFile(path, 'utf8')) as { value: object };
    await writeFile(path, JSON.stringify({ ...kept, value: { ...kept.value, seconds: 1234.5 } }));
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

  it('measures a second time without the words that name the target, and says what is lost', async () => {
    const lines = makeNotes(90, 3).map((note, i) => {
      return { ...note, text: `${note.category} seen ${i}` };
    });
    const source = await writeCorpus(join(folder, 'named.jsonl'), lines);
    const of = ['evaluate', '--corpus', source, '--models', model, '--protocol', 'frozen'];
    const given = [...of, '--target', 'category', '--shots', 'all'];
    const words = join(folder, 'words.txt');
    const proposed = await json(...given, '--propose-words', words);
    const list = await readFile(words, 'utf8');
    for (const { words: each } of proposed['words'] as { words: string }[]) {
      expect(list).toContain(`${each}  # `);
    }
    expect(await refusal(2, ...given, '--propose-words', words)).toMatch(/exists already/);
    const out = join(folder, 'without');
    const document = await json(...given, '--without-words', words, '--out', out);
    const results = document['results'] as Row[];
    const ofWords = (texts: string): number =>
      results.find((row) => row.model === 'tf-idf' && row.texts === texts)?.macroF1 ?? NaN;
    expect(ofWords('whole')).toBe(1);
    expect(ofWords('without-words')).toBeLessThan(0.8);
    const twice = (rows: readonly { texts: string }[]): void =>
      expect(rows.filter(({ texts }) => texts === 'whole')).toHaveLength(rows.length / 2);
    twice(results);
    twice(document['comparisons'] as Comparison[]);
    const verdict = document['verdict'] as string[];
    expect(verdict.join('\n')).toMatch(/words that name the classes occurred in 90 of 90 notes/);
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as {
      withoutWords: string[];
      removed: { changed: number };
      settings: { texts: string }[];
    };
    expect(report.withoutWords).toEqual(
      (proposed['words'] as { words: string }[]).map((each) => each.words),
    );
    expect(report.removed.changed).toBe(90);
    twice(report.settings);
    const predictions = (await readFile(join(out, 'predictions.csv'), 'utf8')).trimEnd();
    twice(
      predictions
        .split('\r\n')
        .slice(1)
        .map((line) => ({ texts: line.split(',').at(-1) ?? '' })),
    );
    // The same list without a file.
    const short = await json(...given, '--without-words', 'proposed');
    expect(short['summary']).toEqual(document['summary']);
    expect(await refusal(2, ...given, '--without-words', join(folder, 'none.txt'))).toMatch(
      /make one with --propose-words/,
    );
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

describe('notespace evaluate --device', () => {
  const given = ['--target', 'category', '--shots', 'all', '--seeds', '1'];

  it('computes where it is told to; a run names the base of its model', async () => {
    const run = join(folder, 'adapted');
    const adapted = await writeTinyModel(join(run, 'model'), { seed: 3 });
    await writeJob(
      run,
      {
        ...{ kind: 'pretrain', objective: 'mlm', base: other, device: 'cpu', seed: 0 },
        ...{ maxSteps: null, resume: false, config: {} },
        corpus: { source: corpus, mapping: {} },
      },
      Date.now(),
    );
    const models = ['--models', [model, other, adapted].join(',')];
    const of = ['evaluate', '--corpus', corpus, ...models, '--protocol', 'frozen'];
    const document = await json(...of, ...given, '--device', 'cpu');
    const pairs = (document['comparisons'] as Comparison[])
      .filter(({ against }) => against !== 'tfIdf')
      .map(({ a, b, against }) => [a, b, against]);
    expect(pairs).toEqual([
      [other, model, 'first'],
      [adapted, other, 'base'],
    ]);
    expect((document['verdict'] as string[]).join('\n')).toMatch(/adapted .* its base/);
  });

  it('refuses what cannot train there', async () => {
    for (const protocol of ['fine-tuning', 'both', 'mlm']) {
      const own = protocol === 'mlm' ? [] : given;
      expect(await refusal(2, ...evaluate(protocol, ...own, '--device', 'cuda'))).toMatch(/cuda/);
    }
    expect(await refusal(2, ...evaluate('frozen', ...given, '--device', 'tpu'))).toMatch(/webgpu/);
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

  it('learns several labels, with class weights and low-rank adaptation, and says what was trained', async () => {
    const [first, second] = ['Fall', 'Fever'];
    const lines = makeNotes(60, 4).map((note, i) => {
      const labels = [i % 2 === 0 ? first : '', i % 3 === 0 ? second : ''].filter(Boolean);
      const words = [i % 2 === 0 ? 'slipped' : 'well', i % 3 === 0 ? 'hot' : 'cool'].join(' ');
      const id = `=${note.id}`;
      return { ...note, id, text: `${words} ${words} ${i}`, label: labels.join('; ') || 'Other' };
    });
    const source = await writeCorpus(join(folder, 'labels.jsonl'), lines);
    const of = ['evaluate', '--corpus', source, '--models', model, '--protocol', 'fine-tuning'];
    const given = [...of, '--target', 'label', '--shots', 'all', '--seeds', '1'];
    const trained = async (name: string, changes: object): Promise<Record<string, string>> => {
      const config = join(folder, `${name}.json`);
      await writeFile(config, JSON.stringify({ ...settings, epochs: 20, ...changes }));
      const out = join(folder, name);
      const document = await json(...given, '--config', config, '--out', out);
      const table = await readFile(join(out, 'report.csv'), 'utf8');
      const [head = '', ...rows] = table.trimEnd().split('\r\n');
      const row = rows.find((line) => line.includes('fine-tuned'))?.split(',') ?? [];
      const at = (column: string): string => row[head.split(',').indexOf(column)] ?? '';
      expect(Number(at('seconds'))).toBeGreaterThan(0);
      expect(Number(at('memoryBytes'))).toBeGreaterThan(1e7);
      const own = (document['results'] as Row[]).find((each) => each.model === model);
      const parts = await Promise.all(
        (await readdir(join(out, 'parts'))).map((part) =>
          readFile(join(out, 'parts', part), 'utf8'),
        ),
      );
      const { value } = JSON.parse(parts.find((part) => part.includes('fine-tuned')) ?? '{}') as {
        value: { probabilities: object };
      };
      const probabilities = JSON.stringify(value.probabilities);
      return { trained: at('trainableParameters'), score: String(own?.macroF1), probabilities };
    };
    const whole = await trained('several', {});
    const low = await trained('low', { lora: { rank: 2 } });
    const balanced = await trained('balanced', { classWeights: 'balanced' });
    expect(Number(whole['score'])).toBeGreaterThan(0.6);
    const predictions = await readFile(join(folder, 'several', 'predictions.csv'), 'utf8');
    expect(predictions).toMatch(/Fall; Fever,Fall; Fever/);
    // A spreadsheet would take the ids for formulas.
    expect(predictions).toMatch(/^'=note-/m);
    expect(predictions).not.toMatch(/^=/m);
    expect(Number(low['trained'])).toBeLessThan(Number(whole['trained']) / 2);
    expect(balanced['trained']).toBe(whole['trained']);
    // The weights reach the loss: other numbers are learned.
    expect(balanced['probabilities']).not.toBe(whole['probabilities']);
  });
});
