/** The report of an evaluation: how well models predict a field of the notes, and how sure that is. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import type { Series } from './lineChart.js';
import { card, facts, page, paragraph, remark, section } from './page.js';
import { confusionTable } from './confusionTable.js';
import { table } from './table.js';

/** A mean over seeds, with its 95 % interval; shares in [0, 1]. */
export interface ReportedFigure {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One classifier of one model with one number of labels. */
export interface ReportedSetting {
  /** As displayed. */
  readonly model: string;
  /** As displayed: "frozen", "fine-tuned". */
  readonly when: string;
  /** As displayed: "logistic regression". */
  readonly classifier: string;
  /** Whether curves and confusion matrices show it. */
  readonly isMain: boolean;
  readonly shots: Shots;
  /** In the order of `figureNames`; `null` where it is not defined. */
  readonly figures: readonly (ReportedFigure | null)[];
  readonly seeds: number;
  /** Of a run, on average. */
  readonly seconds: number;
  readonly trainableParameters: number | null;
  /** [classes, classes], rows are the actual classes; `null` if there is none. */
  readonly confusion: readonly number[] | null;
  readonly classes: readonly {
    readonly name: string;
    readonly precision: ReportedFigure;
    readonly recall: ReportedFigure;
    readonly f1: ReportedFigure;
    readonly support: number;
  }[];
  readonly reliability:
    | readonly { readonly meanConfidence: number | null; readonly shareRight: number | null }[]
    | null;
}

export interface ReportedComparison {
  readonly a: string;
  readonly b: string;
  readonly when: string;
  readonly shots: Shots;
  /** Of macro-F1. */
  readonly difference: ReportedFigure;
  readonly p: number;
  readonly pHolm: number;
}

export interface EvaluationReport {
  readonly title: string;
  /** As displayed. */
  readonly madeAt: string;
  /** "category" */
  readonly target: string;
  readonly classNames: readonly string[];
  readonly documents: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** "patients", or "notes". */
  readonly resampled: string;
  readonly verdict: readonly string[];
  /** As displayed; the first is what models are compared by. */
  readonly figureNames: readonly string[];
  readonly settings: readonly ReportedSetting[];
  readonly comparisons: readonly ReportedComparison[];
  /** Taken out of every note first. */
  readonly withoutWords: readonly string[];
}

export function renderEvaluation(report: EvaluationReport): string {
  const { title, madeAt, verdict, settings, comparisons } = report;
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
      ...(comparisons.length === 0 ? [] : [comparisonSection(comparisons)]),
      ...confusionSections(report, whole),
      ...reliabilitySections(whole),
      ...costSections(whole),
    ],
  });
}

function overview({ documents, classNames, target, resampled, withoutWords }: EvaluationReport) {
  const removed =
    withoutWords.length === 0
      ? 'no word was taken out of the notes'
      : `${number(withoutWords.length)} words were taken out of the notes`;
  return facts([
    {
      name: 'Predicted',
      value: target,
      remark: `${number(classNames.length)} classes; ${removed}`,
    },
    {
      name: 'Learned from',
      value: `${number(documents.train)} notes`,
      remark: `every choice was made on ${number(documents.validation)} other notes`,
    },
    {
      name: 'Tested on',
      value: `${number(documents.test)} notes`,
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

function comparisonSection(comparisons: readonly ReportedComparison[]): Html {
  return section(
    'Comparisons',
    paragraph(
      'Planned before anything was measured: each model against its base and against TF-IDF, by macro-F1 on the same resamples. The last column is adjusted for the number of comparisons (Holm).',
    ),
    card(
      null,
      table({
        caption: 'Differences in percentage points of macro-F1',
        columns: [
          { title: 'Model', kind: 'heading' },
          { title: 'Against', kind: 'text' },
          { title: 'Labels', kind: 'text' },
          { title: 'Difference', kind: 'number' },
          { title: 'p', kind: 'number' },
          { title: 'p, adjusted', kind: 'number' },
        ],
        rows: comparisons.map(({ a, b, when, shots, difference, p, pHolm }) => [
          `${a}, ${when}`,
          b,
          String(shots),
          interval(difference),
          chance(p),
          chance(pHolm),
        ]),
      }),
    ),
  );
}

function confusionSections(
  { classNames }: EvaluationReport,
  whole: readonly ReportedSetting[],
): Html[] {
  const shown = whole.filter(
    ({ isMain, confusion, classes }) => isMain && (confusion !== null || classes.length > 0),
  );
  if (shown.length === 0) return [];
  return [
    section(
      'By class',
      ...shown.map(({ model, when, confusion, classes }) =>
        card(
          `${model}, ${when}`,
          table({
            caption: 'In per cent, with 95 % intervals',
            columns: [
              { title: 'Class', kind: 'heading' },
              { title: 'Precision', kind: 'number' },
              { title: 'Recall', kind: 'number' },
              { title: 'F1', kind: 'number' },
              { title: 'Test notes', kind: 'number' },
            ],
            rows: classes.map(({ name, precision, recall, f1, support }) => [
              name,
              interval(precision),
              interval(recall),
              interval(f1),
              number(support),
            ]),
          }),
          ...(confusion === null ? [] : [confusionTable(classNames, confusion)]),
        ),
      ),
    ),
  ];
}

function reliabilitySections(whole: readonly ReportedSetting[]): Html[] {
  const shown = whole.filter(({ isMain, reliability }) => isMain && reliability !== null);
  if (shown.length === 0) return [];
  const series = shown.map(({ model, when, reliability }, colour): Series => {
    const bins = (reliability ?? []).flatMap(({ meanConfidence, shareRight }) =>
      meanConfidence === null || shareRight === null ? [] : [[meanConfidence, shareRight] as const],
    );
    return {
      name: `${model}, ${when}`,
      kind: 'line',
      colour,
      x: bins.map(([confidence]) => 100 * confidence),
      y: bins.map(([, right]) => 100 * right),
    };
  });
  const diagonal: Series = {
    name: 'as sure as right',
    kind: 'dots',
    colour: -1,
    x: [0, 100],
    y: [0, 100],
  };
  return [
    section(
      'Whether its confidence can be believed',
      card(
        null,
        lineChart({
          title: 'How often a prediction is right, by how sure the model is of it',
          description: 'Below the dashed line a model is surer than it should be.',
          xTitle: 'confidence, per cent',
          series: [diagonal, ...series],
        }),
      ),
    ),
  ];
}

function costSections(whole: readonly ReportedSetting[]): Html[] {
  return [
    section(
      'What it costs',
      card(
        null,
        table({
          caption: 'A run with all labels, embedding not counted',
          columns: [
            { title: 'Model', kind: 'heading' },
            { title: 'Classifier', kind: 'text' },
            { title: 'Trained parameters', kind: 'number' },
            { title: 'Seconds', kind: 'number' },
            { title: 'Seeds', kind: 'number' },
          ],
          rows: whole.map(({ model, when, classifier, trainableParameters, seconds, seeds }) => [
            model,
            `${classifier}, ${when}`,
            trainableParameters === null ? '–' : number(trainableParameters),
            seconds.toFixed(seconds < 10 ? 2 : 0),
            number(seeds),
          ]),
        }),
      ),
    ),
  ];
}

function interval(figure: ReportedFigure | null): Html | string {
  if (figure === null) return '–';
  const { mean, low, high } = figure;
  return html`${percent(mean)} <small>${percent(low)} to ${percent(high)}</small>`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1).replace('-', '−');
}

function chance(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

function number(value: number): string {
  return value.toLocaleString('en');
}
