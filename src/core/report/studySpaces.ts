/** What the trainings of a study did to the embedding space, and what they forgot. */
import {
  analysisFigureNames,
  analysisFigures,
  analysisFigureText,
} from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import { figureText } from '../../protocol/catalogue/evaluation.js';
import type { Interval } from '../analyze/space/bootstrap.js';
import type { SpacePart, StudyOutcome } from '../study/outcome.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { card, columns, paragraph, section } from './page.js';
import { categoryLegend, scatterPlot } from './scatterPlot.js';
import { namesOf } from './studyClassification.js';
import { table } from './table.js';

/** More marks would make a page of many megabytes; a map of these looks the same. */
const mostPoints = 1000;

export function mapSections(outcome: StudyOutcome): Html[] {
  const nameOf = namesOf(outcome);
  return outcome.spaces.flatMap(({ group, maps }) => {
    if (maps === null) return [];
    const every = Math.max(1, Math.ceil(maps.category.length / mostPoints));
    const thinned = (values: readonly number[]): number[] =>
      values.filter((_, note) => note % every === 0);
    const category = thinned(maps.category);
    const pointsOf = ({ x, y }: (typeof maps.models)[number]) => ({
      ...{ x: thinned(x), y: thinned(y), category, categories: maps.categories, titles: [] },
    });
    const [first] = maps.models;
    if (first === undefined) return [];
    return [
      section(
        `Maps of held-out notes, ${group}`,
        columns(
          ...maps.models.map((each) => {
            const name = nameOf(each.model);
            const description = `The notes on a map of the embedding space of ${name}, coloured by category.`;
            return card(name, scatterPlot({ title: name, description, points: pointsOf(each) }));
          }),
        ),
        categoryLegend(pointsOf(first)),
        paragraph(
          `Each map is a projection by UMAP, rotated, mirrored and scaled so that notes lie where they lie on the first as far as that goes.${every === 1 ? '' : ` One in ${every} notes is drawn.`} Distances on a map mislead; the figures below are of the spaces themselves.`,
        ),
      ),
    ];
  });
}

export function spaceSections(outcome: StudyOutcome): Html[] {
  return outcome.spaces.map((space) =>
    spaceSection(`Embedding spaces, ${space.group}`, space, outcome),
  );
}

function spaceSection(title: string, { result, overlaps }: SpacePart, outcome: StudyOutcome): Html {
  const nameOf = namesOf(outcome);
  const { models } = result;
  const shown = analysisFigureNames.filter((name) =>
    models.some(({ figures }) => figures[name] !== undefined),
  );
  return section(
    title,
    card(
      null,
      table({
        caption: `Of ${result.documents} notes that no model was trained on, with 95 % intervals`,
        columns: [
          { title: 'Figure', kind: 'heading' },
          ...models.map(({ model }) => ({ title: nameOf(model), kind: 'number' as const })),
        ],
        rows: [
          ...shown.map((name) => [
            analysisFigures[name].label,
            ...models.map(({ figures }) => measure(name, figures[name])),
          ]),
          ...(overlaps.length === 0
            ? []
            : [
                [
                  'Neighbours kept from the base',
                  ...models.map(({ model }) =>
                    share(overlaps.find((each) => each.model === model)?.overlap),
                  ),
                ],
              ]),
        ],
      }),
    ),
  );
}

function measure(name: AnalysisFigureName, figure: Interval | undefined): Html | string {
  if (figure === undefined || figure.value === null) return '–';
  const text = (value: number | null): string => analysisFigureText(name, value);
  const { value, low, high } = figure;
  return low === null || high === null
    ? text(value)
    : html`${text(value)} <small>${text(low)} to ${text(high)}</small>`;
}

function share(figure: Interval | undefined): Html | string {
  if (figure === undefined || figure.value === null) return '–';
  const text = (value: number | null): string => `${(100 * (value ?? 0)).toFixed(1)} %`;
  return html`${text(figure.value)} <small>${text(figure.low)} to ${text(figure.high)}</small>`;
}

/** Held-out loss and neighbours on notes that nothing was trained on. */
export function forgettingSection(outcome: StudyOutcome): Html[] {
  const { forgottenWords, forgottenSpaces } = outcome;
  if (forgottenWords.length + forgottenSpaces.length === 0) return [];
  const nameOf = namesOf(outcome);
  // A base without a head is measured with the one that was made for it.
  const shownName = (model: string): string =>
    /[\\/]base-with-head$/.test(model) ? 'Base, with a new head' : nameOf(model);
  const words = forgottenWords.map(({ group, result }) =>
    card(
      `Guessing masked words, ${group}`,
      table({
        caption: `Of ${result.documents} notes of the second corpus; lower loss is better`,
        columns: [
          { title: 'Model', kind: 'heading' },
          { title: 'Loss', kind: 'number' },
          { title: 'Accuracy', kind: 'number' },
        ],
        rows: result.results.map((row) => [
          shownName(row.model),
          figureText('loss', row.loss),
          figureText('accuracy', row.accuracy),
        ]),
      }),
    ),
  );
  return [
    section(
      'What was forgotten',
      ...words,
      paragraph('Measured on a second corpus that nothing was trained on.'),
    ),
    ...forgottenSpaces.map((space) =>
      spaceSection(`Embedding spaces of the second corpus, ${space.group}`, space, outcome),
    ),
  ];
}
