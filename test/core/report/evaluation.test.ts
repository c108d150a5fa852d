/** The page of an evaluation: everything that was measured, nothing that could be read as markup. */
import { expect, it } from 'vitest';
import { renderEvaluation } from '../../../src/core/report/evaluation.js';
import type {
  EvaluationReport,
  ReportedSetting,
} from '../../../src/core/report/evaluationReport.js';

const figure = (mean: number) => ({ mean, low: mean - 0.05, high: mean + 0.04 });

const setting = (model: string, shots: ReportedSetting['shots'], f1: number): ReportedSetting => ({
  ...{ model, shots, when: 'frozen', classifier: 'logistic regression', isMain: true },
  texts: 'whole',
  figures: [figure(f1), null],
  seeds: 3,
  seconds: 1.25,
  trainableParameters: 1155,
  memoryBytes: 2.5e9,
  confusion: shots === 'all' ? [8, 2, 1, 9] : null,
  classes:
    shots === 'all'
      ? ['Ward <A>', 'Ward B'].map((name) => {
          return { name, precision: figure(0.8), recall: figure(0.7), f1: figure(f1), support: 10 };
        })
      : [],
  reliability: shots === 'all' ? [{ meanConfidence: 0.4, shareRight: 0.5 }] : null,
});

const report: EvaluationReport = {
  title: 'Evaluation: notes',
  madeAt: '30 November 2026, 18:00',
  target: 'category',
  classNames: ['Ward <A>', 'Ward B'],
  documents: { train: 70, validation: 10, test: 20 },
  resampled: 'patients',
  verdict: ['adapted beats its base by 4.1 points of macro-F1 when frozen (2.6 to 5.7).'],
  figureNames: ['Macro F1', 'Macro AUROC'],
  settings: [
    ...[setting('adapted', 8, 0.5), setting('adapted', 'all', 0.8)],
    ...[setting('base & co', 8, 0.4), setting('base & co', 'all', 0.76)],
  ],
  comparisons: [
    {
      ...{ a: 'adapted', b: 'base & co', when: 'frozen', shots: 'all', texts: 'whole' },
      against: 'base',
      difference: { mean: 0.041, low: 0.026, high: 0.057 },
      p: 0.0002,
      pHolm: 0.012,
    },
  ],
  withoutWords: [],
};

it('The report of an evaluation says what was found, and how sure that is', () => {
  const text = renderEvaluation(report);
  for (const part of [
    'adapted beats its base by 4.1 points',
    '80.0 <small>75.0 to 84.0</small>',
    '4.1 <small>2.6 to 5.7</small>',
    '&lt; 0.001',
    '0.012',
    'base &amp; co (its base)',
    '2.5 GB',
    'resampling patients and seeds',
  ]) {
    expect(text).toContain(part);
  }
  // A band for each model, in the chart and in its legend, over the numbers of labels as they are.
  expect(text.match(/<path\s+class="band/g)).toHaveLength(4);
  expect(text).toMatch(/>8<\/text\s*>/);
  expect(text).toMatch(/>all<\/text\s*>/);
});

it('It escapes names, runs nothing, and shows each class of each model', () => {
  const text = renderEvaluation(report);
  expect(text).not.toContain('<A>');
  expect(text).not.toContain('<script');
  expect(text.match(/class="square"/g)).toHaveLength(2);
  expect(text.match(/--share:80%/g)).toHaveLength(2);
});

it('It shows what is left without the words that name the classes beside whole notes', () => {
  const without = [setting('adapted', 'all', 0.62), setting('base & co', 'all', 0.7)].map(
    (each): ReportedSetting => ({ ...each, texts: 'without-words' }),
  );
  const [comparison] = report.comparisons;
  const text = renderEvaluation({
    ...report,
    settings: [...report.settings, ...without],
    comparisons: [comparison!, { ...comparison!, texts: 'without-words' }],
    withoutWords: ['ward', 'wards'],
  });
  for (const part of [
    'Removed: ward, wards.',
    'measured a second time without 2 words',
    '62.0 <small>57.0 to 66.0</small>',
    '−18.0',
    'without the words',
  ]) {
    expect(text).toContain(part);
  }
  // Classes, curves and costs are of whole notes.
  expect(text.match(/class="square"/g)).toHaveLength(2);
  expect(renderEvaluation(report)).not.toContain('Removed:');
});

it('What was not measured takes no room', () => {
  const text = renderEvaluation({
    ...report,
    settings: [setting('adapted', 8, 0.5)],
    comparisons: [],
  });
  for (const title of ['With all labels', 'Comparisons', 'By class', 'With few labels']) {
    expect(text).not.toContain(`<h2>${title}`);
  }
});
