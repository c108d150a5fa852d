import { html, nothing, type TemplateResult } from 'lit';
import type { EvaluationHostMessage } from '../../src/protocol/panels.js';
import { formatFigure, formatPlural } from '../shared/format.js';
import { announcement, codicon, loading, notice } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';

type Figures = Extract<EvaluationHostMessage, { type: 'mlm' }>;
type Row = Figures['rows'][number];

interface Measure {
  readonly key: 'loss' | 'perplexity' | 'accuracy';
  readonly name: string;
  readonly lowerIsBetter: boolean;
  readonly format: (value: number) => string;
  readonly formatChange: (value: number, baseline: number) => string;
}

const relative = (value: number, baseline: number): string =>
  `${Math.abs(((value - baseline) / baseline) * 100).toFixed(1)} %`;

const measures: readonly Measure[] = [
  {
    key: 'loss',
    name: 'Loss',
    lowerIsBetter: true,
    format: (value) => (Number.isFinite(value) ? value.toFixed(3) : '–'),
    formatChange: relative,
  },
  {
    key: 'perplexity',
    name: 'Perplexity',
    lowerIsBetter: true,
    format: formatFigure,
    formatChange: relative,
  },
  {
    key: 'accuracy',
    name: 'Accuracy',
    lowerIsBetter: false,
    format: (value) => `${(value * 100).toFixed(1)} %`,
    formatChange: (value, baseline) => `${Math.abs((value - baseline) * 100).toFixed(1)} points`,
  },
];

export function evaluationView(
  message: EvaluationHostMessage | null,
  theme: Theme,
): TemplateResult {
  if (message === null) return loading('Reading the evaluation…');
  if (message.type === 'empty') {
    return html`${announcement(message.reason)}${notice('checklist', message.reason, null, () => undefined)}`;
  }
  const baseline = message.rows[0];
  return html`<main class="evaluation">
    ${announcement(`Evaluation of ${formatPlural(message.rows.length, 'model')}`)}
    <header>
      <h1>${message.corpus}</h1>
      <p class="muted">
        How well each model guesses masked words of held-out notes. Lower loss and perplexity are
        better, and so is higher accuracy.
      </p>
    </header>
    ${verdict(message.verdict)}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            ${measures.map((measure) => html`<th scope="col">${measure.name}</th>`)}
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
                ${measures.map((measure) => cell(measure, row, message.rows, theme))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </main>`;
}

function cell(measure: Measure, row: Row, rows: readonly Row[], theme: Theme): TemplateResult {
  const value = row[measure.key];
  const baseline = rows[0]?.[measure.key] ?? value;
  const largest = Math.max(...rows.map((other) => other[measure.key]).filter(Number.isFinite));
  const best = rows.every((other) =>
    measure.lowerIsBetter ? other[measure.key] >= value : other[measure.key] <= value,
  );
  const share = largest > 0 && Number.isFinite(value) ? (value / largest) * 100 : 0;
  const colour = row === rows[0] ? theme.muted : (theme.palette[0] ?? '');
  return html`<td>
    <div class="value figure">
      <span class=${best && rows.length > 1 ? 'best' : ''}>${measure.format(value)}</span>
      ${row === rows[0] || !Number.isFinite(value - baseline) ? nothing : change(measure, value, baseline)}
    </div>
    <div class="bar" aria-hidden="true">
      <div .style=${`width: ${share}%; background: ${colour}`}></div>
    </div>
  </td>`;
}

function change(measure: Measure, value: number, baseline: number): TemplateResult {
  const better = measure.lowerIsBetter ? value < baseline : value > baseline;
  const tone = value === baseline ? 'same' : better ? 'good' : 'bad';
  const icon = value < baseline ? 'arrow-down' : value > baseline ? 'arrow-up' : 'dash';
  const word = { good: 'better', bad: 'worse', same: 'the same' }[tone];
  return html`<span class="change ${tone}">
    ${codicon(icon)}${measure.formatChange(value, baseline)}
    <span class="visually-hidden">${word}</span>
  </span>`;
}

function verdict(sentences: readonly string[]) {
  if (sentences.length === 0) return nothing;
  return html`<section class="verdict" aria-label="Verdict">
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}

/** A model is named by its folder; the path is in the tooltip. */
function shortName(model: string): string {
  const parts = model.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? model;
  // The model of a run stands in its folder `model`.
  return last === 'model' ? (parts.at(-2) ?? last) : last;
}
