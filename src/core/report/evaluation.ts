/** The report of an evaluation: how well models predict a field of the notes, and how sure that is. */
import type { ComparisonReason, TextsName } from '../../protocol/catalogue/evaluation.js';
import { count } from '../base/wording.js';
import { confusionSections, costSections, reliabilitySections } from './evaluationByClass.js';
import type { EvaluationReport, ReportedComparison, ReportedSetting } from './evaluationReport.js';
import { withoutWordsSections } from './evaluationWithoutWords.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import type { Series } from './lineChart.js';
import { chance, interval } from './numbers.js';
import type { ReportedFigure } from './numbers.js';
import { card, facts, page, paragraph, remark, section } from './page.js';
import { table } from './table.js';

export function renderEvaluation(report: EvaluationReport): string {
  const { title, madeAt, verdict, comparisons } = report;
  const settings = report.settings.filter(({ texts }) => texts === 'whole');
  const whole = settings.filter(({ shots }) => shots === 'all');
  return page({
    title,
    madeAt,
    hasNoteText: false,
    sections: [
      overview(report),
      section('What it comes to', ...verdict.map(remark)),
      ...(whole.length === 0 ? [] : [wholeSection(report, whole)]),
      ...curveSections(settings),
      ...withoutWordsSections(report),
      ...(comparisons.length === 0 ? [] : [comparisonSection(comparisons)]),
      ...confusionSections(report, whole),
      ...reliabilitySections(whole),
      ...costSections(settings),
    ],
  });
}

function overview({ documents, classNames, target, resampled, withoutWords }: EvaluationReport) {
  const removed =
    withoutWords.length === 0
      ? 'no word was removed from the notes'
      : `measured a second time without ${count(withoutWords.length)} words that name them`;
  return facts([
    {
      name: 'Predicted',
      value: target,
      remark: `${count(classNames.length)} classes; ${removed}`,
    },
    {
      name: 'Learned from',
      value: `${count(documents.train)} notes`,
      remark: `every choice was made on ${count(documents.validation)} other notes`,
    },
    {
      name: 'Tested on',
      value: `${count(documents.test)} notes`,
      remark: `intervals are of 95 %, by resampling ${resampled} and seeds`,
    },
  ]);
}

function wholeSection({ figureNames }: EvaluationReport, whole: readonly ReportedSetting[]): Html {
  return section(
    'With all labels',
    card(
      null,
      table({
        caption: 'In per cent, with 95 % intervals',
        columns: [
          { title: 'Model', kind: 'heading' },
          { title: 'Classifier', kind: 'text' },
          ...figureNames.map((title) => ({ title, kind: 'number' as const })),
        ],
        rows: whole.map(({ model, when, classifier, figures }) => [
          model,
          `${classifier}, ${when}`,
          ...figures.map(interval),
        ]),
      }),
    ),
  );
}

/** A curve for each model, with a band, of each way to learn. */
function curveSections(settings: readonly ReportedSetting[]): Html[] {
  const main = settings.filter(({ isMain }) => isMain);
  const ways = [...new Set(main.map(({ when }) => when))];
  return ways.flatMap((when) => {
    const own = main.filter((setting) => setting.when === when);
    const shots = [...new Set(own.map((setting) => setting.shots))];
    if (shots.length < 2) return [];
    const models = [...new Set(own.map(({ model }) => model))];
    const series = models.flatMap((name, colour): Series[] => {
      const points = own.flatMap((setting) => {
        const [figure] = setting.figures;
        return setting.model === name && figure !== null && figure !== undefined
          ? [{ x: shots.indexOf(setting.shots), ...figure }]
          : [];
      });
      const x = points.map((point) => point.x);
      const part = (key: keyof ReportedFigure): number[] => points.map((point) => 100 * point[key]);
      return [
        {
          name: `${name}, 95 % interval`,
          kind: 'band',
          colour,
          x,
          low: part('low'),
          high: part('high'),
        },
        { name, kind: 'line', colour, x, y: part('mean') },
      ];
    });
    const chart = lineChart({
      title: `Macro-F1 by labels per class, ${when}`,
      description: `Macro-F1 in per cent of ${models.join(', ')} with ${shots.join(', ')} labels per class.`,
      xTitle: 'labels per class',
      xNames: shots.map((name, at) => ({ at, name: String(name) })),
      series,
    });
    return [section(`With few labels, ${when}`, card(null, chart))];
  });
}

const reasons: Readonly<Record<ComparisonReason, string>> = {
  base: 'its base',
  first: 'first model',
  tfIdf: 'words alone',
};

const textsLabels: Readonly<Record<TextsName, string>> = {
  whole: 'whole',
  'without-words': 'without the words',
};

function comparisonSection(comparisons: readonly ReportedComparison[]): Html {
  const hasBoth = comparisons.some(({ texts }) => texts !== 'whole');
  return section(
    'Comparisons',
    paragraph(
      'Planned before anything was measured: each model against its base (where that is not known or not evaluated, against the first model) and against TF-IDF, by macro-F1 on the same resamples. An interval and its p-value are of one comparison alone; the last column is adjusted for the number of comparisons (Holm), and the sentences above go by it. So a difference whose interval leaves out 0 may still be chance.',
    ),
    card(
      null,
      table({
        caption: 'Differences in percentage points of macro-F1',
        columns: [
          { title: 'Model', kind: 'heading' },
          { title: 'Against', kind: 'text' },
          { title: 'Labels', kind: 'text' },
          ...(hasBoth ? [{ title: 'Notes', kind: 'text' as const }] : []),
          { title: 'Difference', kind: 'number' },
          { title: 'p', kind: 'number' },
          { title: 'p, adjusted', kind: 'number' },
        ],
        rows: comparisons.map(({ a, b, against, when, shots, texts, difference, p, pHolm }) => [
          `${a}, ${when}`,
          `${b} (${reasons[against]})`,
          String(shots),
          ...(hasBoth ? [textsLabels[texts]] : []),
          interval(difference),
          chance(p),
          chance(pHolm),
        ]),
      }),
    ),
  );
}
