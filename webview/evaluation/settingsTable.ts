/** Models and baselines beside each other, with the same number of labels; sorts by any column. */
import { html, nothing, type TemplateResult } from 'lit';
import { figureEntries, protocolEntries } from '../../src/protocol/catalogue/evaluation.js';
import type { FigureName } from '../../src/protocol/catalogue/protocols.js';
import type { Estimate } from '../../src/protocol/evaluation.js';
import { formatFigure, formatMillions } from '../shared/format.js';
import { sortHead } from '../shared/sortHead.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { checkbox, radios } from '../shared/fields.js';
import { estimateText, heading, plain } from './figureTexts.js';
import { nextSorting, sorted } from './sorting.js';
import {
  modelsOf,
  protocolOf,
  settingsOf,
  shotsOf,
  shownShots,
  type Column,
  type EvaluationState,
  type Report,
  type Setting,
} from './state.js';

export function settingsTable(
  state: EvaluationState,
  report: Report,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const protocol = protocolOf(state, report);
  if (protocol === null) return nothing;
  const all = settingsOf(state, report);
  const shots = shownShots(state, all);
  const ofShots = all.filter((setting) => setting.shots === shots);
  const rows = ofShots.filter(({ isMain }) => isMain || state.allClassifiers);
  const figures = protocolEntries[protocol].figures.filter((name) =>
    rows.some((row) => row.figures[name] !== undefined),
  );
  const [main] = figures;
  const head = (column: Column, label: string, isNumber: boolean): TemplateResult =>
    sortHead({
      ...{ column, label, isNumber, sorting: state.sorting },
      press: () => actions.change({ sorting: nextSorting(state.sorting, column) }),
    });
  const names = modelsOf(report);
  return html`<section aria-label="Comparison">
    <div class="section-head">
      <h2>Comparison</h2>
      ${
        shotsOf(all).length < 2
          ? nothing
          : radios({
              legend: 'Labels per class',
              name: 'shots',
              options: shotsOf(all).map((value) => ({ value, label: String(value) })),
              chosen: shots,
              choose: (chosen) => actions.change({ shots: chosen }),
            })
      }
      ${
        ofShots.every(({ isMain }) => isMain)
          ? nothing
          : checkbox('all classifiers', state.allClassifiers, (allClassifiers) =>
              actions.change({ allClassifiers }),
            )
      }
    </div>
    <div class="scroll">
      <table class="settings">
        <caption class="visually-hidden">
          Figures with ${shots} labels per class and their 95 % intervals
        </caption>
        <thead>
          <tr>
            ${head('model', 'Model', false)} ${head('classifier', 'Classifier', false)}
            ${figures.map((name) => head(name, heading(name), true))}
            ${head('seconds', 'Seconds', true)}
            ${head('trainableParameters', 'Parameters trained', true)}
          </tr>
        </thead>
        <tbody>
          ${sorted(rows, state.sorting).map((row) => {
            const colour = theme.palette[names.indexOf(row.model) % theme.palette.length] ?? '';
            return html`<tr>
              <th scope="row">
                <span class="swatch" .style=${`background: ${colour}`}></span>${row.model}
              </th>
              <td class="muted">${row.classifier}</td>
              ${figures.map((name) => figureCell(name, row, rows, name === main ? colour : null))}
              <td class="number">${formatFigure(row.seconds)}</td>
              <td class="number">
                ${row.trainableParameters === null ? '–' : formatMillions(row.trainableParameters)}
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param colour of the picture of its interval; `null`: none */
function figureCell(
  name: FigureName,
  { figures }: Setting,
  rows: readonly Setting[],
  colour: string | null,
): TemplateResult {
  const figure = figures[name];
  if (figure === undefined) return html`<td class="number">–</td>`;
  const { lowerIsBetter } = figureEntries[name];
  const means = rows.flatMap((row) => row.figures[name]?.mean ?? []);
  const best = lowerIsBetter ? Math.min(...means) : Math.max(...means);
  return html`<td class="number" aria-label=${estimateText(name, figure)}>
    <span class="mean ${figure.mean === best ? 'best' : ''}">${plain(name, figure.mean)}</span>
    <span class="interval">${plain(name, figure.low)} to ${plain(name, figure.high)}</span>
    ${
      colour === null
        ? nothing
        : whisker(
            figure,
            colour,
            rows.flatMap((row) => row.figures[name] ?? []),
          )
    }
  </td>`;
}

/** The interval, on a line that has room for those of all rows. */
function whisker(
  { mean, low, high }: Estimate,
  colour: string,
  all: readonly Estimate[],
): TemplateResult {
  const least = Math.min(...all.map((each) => each.low));
  const most = Math.max(...all.map((each) => each.high));
  const percent = (share: number): string => `${((100 * share) / (most - least || 1)).toFixed(1)}%`;
  return html`<div class="whisker" aria-hidden="true">
    <div
      class="span"
      .style=${`left: ${percent(low - least)}; width: ${percent(high - low)}; background: ${colour}`}
    ></div>
    <div class="point" .style=${`left: ${percent(mean - least)}; background: ${colour}`}></div>
  </div>`;
}
