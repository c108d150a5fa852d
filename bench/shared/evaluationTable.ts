/** The result of an evaluation as a section of a page in Markdown. */
import { modelName } from '../../src/engine/bundledModel.js';
import type { EvaluateResult, EvaluateSummary } from '../../src/protocol/evaluation.js';
import type { TextsName } from '../../src/protocol/catalogue/evaluation.js';
import type { FigureName } from '../../src/protocol/catalogue/protocols.js';
import type { RealText } from './realText.js';

/** @param report what `report.json` holds */
export function evaluationTable(
  { name, predicted }: RealText,
  { summary = [], verdict }: EvaluateResult,
  report: unknown,
): string {
  const { parts, target, removed } = report as {
    parts: Record<'train' | 'validation' | 'test', number>;
    target: { classes: string[] };
    removed: { changed: number; notes: number } | null;
  };
  const shots = [...new Set(summary.map((each) => each.shots))];
  const most = shots.at(-1);
  const models = [...new Set(summary.map(({ model }) => model))];
  const cell = (
    model: string,
    of: EvaluateSummary['shots'],
    texts: TextsName,
    figure: FigureName,
  ) =>
    figureCell(
      summary.find(
        (each) => each.model === model && each.shots === of && (each.texts ?? 'whole') === texts,
      ),
      figure,
    );
  const columns = [
    ...shots.map((count) => ({
      title: `macro-F1, ${labels(count)}`,
      of: (model: string) => cell(model, count, 'whole', 'macroF1'),
    })),
    {
      title: 'without the words',
      of: (model: string) =>
        most === undefined ? '–' : cell(model, most, 'without-words', 'macroF1'),
    },
    {
      title: 'accuracy',
      of: (model: string) => (most === undefined ? '–' : cell(model, most, 'whole', 'accuracy')),
    },
  ];
  const words =
    removed === null
      ? 'no word of a class name occurs in the training notes'
      : `words of the class names occur in ${removed.changed} of ${removed.notes} notes`;
  return [
    `### ${name}: ${predicted}`,
    '',
    `${target.classes.length} classes; ${parts.train} training, ${parts.validation} validation and ${parts.test} test notes; ${words}.`,
    '',
    `| model | ${columns.map(({ title }) => title).join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...models.map(
      (model) => `| ${modelName(model)} | ${columns.map(({ of }) => of(model)).join(' | ')} |`,
    ),
    '',
    ...verdict.map((sentence) => `- ${sentence}`),
  ].join('\n');
}

function labels(shots: EvaluateSummary['shots']): string {
  return shots === 'all' ? 'all labels' : `${shots} labels`;
}

function figureCell(row: EvaluateSummary | undefined, figure: FigureName): string {
  const estimate = row?.figures[figure];
  if (estimate === undefined) return '–';
  const [mean, low, high] = [estimate.mean, estimate.low, estimate.high].map((share) =>
    (100 * share).toFixed(1),
  );
  return `${mean} (${low} to ${high})`;
}
