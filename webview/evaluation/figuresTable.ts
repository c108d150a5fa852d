import { html, nothing, type TemplateResult } from 'lit';
import {
  differenceText,
  figureEntries,
  figureText,
  protocolEntries,
} from '../../src/protocol/catalogue/evaluation.js';
import type { FigureName } from '../../src/protocol/catalogue/protocols.js';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';
import { codicon } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';
import { verdict } from '../shared/verdict.js';

type Table = Extract<EvaluationHostMessage, { type: 'figures' }>;
type Row = Table['rows'][number];

/** Models beside each other, for a protocol without a target. */
export function figuresTable(message: Table, theme: Theme): TemplateResult {
  const baseline = message.rows[0];
  const { sentence, figures } = protocolEntries[message.protocol];
  const hasShots = message.rows.some(({ shots }) => shots !== null);
  return html`<p class="muted intro">${sentence}</p>
    ${verdict(message.verdict)}
    <div class="scroll">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Model</th>
            ${hasShots ? html`<th scope="col">Notes per class</th>` : nothing}
            ${figures.map((name) => html`<th scope="col">${figureEntries[name].label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${message.rows.map(
            (row) =>
              html`<tr>
                <th scope="row" title=${row.model}>
                  ${shortName(row.model)}
                  ${
                    row === baseline && message.rows.length > 1
                      ? html`<span class="muted">baseline</span>`
                      : nothing
                  }
                </th>
                ${hasShots ? html`<td>${row.shots ?? '–'}</td>` : nothing}
                ${figures.map((name) => cell(name, row, message.rows, theme))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cell(name: FigureName, row: Row, rows: readonly Row[], theme: Theme): TemplateResult {
  const figure = ({ figures }: Row): number => figures[name] ?? Number.NaN;
  const value = figure(row);
  const [first = row] = rows;
  const baseline = figure(first);
  const { lowerIsBetter } = figureEntries[name];
  const largest = Math.max(...rows.map(figure).filter(Number.isFinite));
  const best = rows.every((other) =>
    lowerIsBetter ? figure(other) >= value : figure(other) <= value,
  );
  const share = largest > 0 && Number.isFinite(value) ? (value / largest) * 100 : 0;
  const colour = row === first ? theme.muted : (theme.palette[0] ?? '');
  return html`<td>
    <div class="value figure">
      <span class=${best && rows.length > 1 ? 'best' : ''}>${figureText(name, value)}</span>
      ${row === first || !Number.isFinite(value - baseline) ? nothing : change(name, value, baseline)}
    </div>
    <div class="bar" aria-hidden="true">
      <div .style=${`width: ${share}%; background: ${colour}`}></div>
    </div>
  </td>`;
}

function change(name: FigureName, value: number, baseline: number): TemplateResult {
  const better = figureEntries[name].lowerIsBetter ? value < baseline : value > baseline;
  const tone = value === baseline ? 'same' : better ? 'good' : 'bad';
  const icon = value < baseline ? 'arrow-down' : value > baseline ? 'arrow-up' : 'dash';
  const word = { good: 'better', bad: 'worse', same: 'the same' }[tone];
  return html`<span class="change ${tone}">
    ${codicon(icon)}${differenceText(name, value, baseline)}
    <span class="visually-hidden">${word}</span>
  </span>`;
}

/** Names a model by its folder; the full path is in the tooltip. */
function shortName(model: string): string {
  const parts = model.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? model;
  // A run's model is in its sub-folder `model`.
  return last === 'model' ? (parts.at(-2) ?? last) : last;
}
