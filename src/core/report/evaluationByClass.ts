/** Of the report of an evaluation: each class, whether confidence can be believed, what it costs. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { count } from '../base/wording.js';
import { confusionTable } from './confusionTable.js';
import type { EvaluationReport, ReportedSetting } from './evaluationReport.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import type { Series } from './lineChart.js';
import { bytes, interval } from './numbers.js';
import { card, section } from './page.js';
import { table } from './table.js';

export function confusionSections(
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
              count(support),
            ]),
          }),
          ...(confusion === null ? [] : [confusionTable(classNames, confusion)]),
        ),
      ),
    ),
  ];
}

export function reliabilitySections(whole: readonly ReportedSetting[]): Html[] {
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

/** Of runs with the most labels. */
export function costSections(settings: readonly ReportedSetting[]): Html[] {
  const most = settings.reduce((size, { shots }) => Math.max(size, sizeOf(shots)), 0);
  const shown = settings.filter(({ shots }) => sizeOf(shots) === most);
  if (shown.length === 0) return [];
  return [
    section(
      'What it costs',
      card(
        null,
        table({
          caption: `A run with ${most === Infinity ? 'all labels' : `${most} labels per class`}, embedding not counted; memory is the most that the whole process held`,
          columns: [
            { title: 'Model', kind: 'heading' },
            { title: 'Classifier', kind: 'text' },
            { title: 'Trained parameters', kind: 'number' },
            { title: 'Seconds', kind: 'number' },
            { title: 'Memory', kind: 'number' },
            { title: 'Seeds', kind: 'number' },
          ],
          rows: shown.map((setting) => [
            setting.model,
            `${setting.classifier}, ${setting.when}`,
            setting.trainableParameters === null ? '–' : count(setting.trainableParameters),
            setting.seconds.toFixed(setting.seconds < 10 ? 2 : 0),
            setting.memoryBytes === null ? '–' : bytes(setting.memoryBytes),
            count(setting.seeds),
          ]),
        }),
      ),
    ),
  ];
}

function sizeOf(shots: Shots): number {
  return shots === 'all' ? Infinity : shots;
}
