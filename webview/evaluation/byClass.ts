/** Figures of each class; with several labels also the notes in which it was missed or given wrongly. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TestNotes } from '../../src/protocol/panels.js';
import { formatCount, formatPlural } from '../shared/format.js';
import type { EvaluationActions } from './actions.js';
import { estimateText } from './figureTexts.js';
import { errorsOf } from './outcomes.js';
import type { Cell, Setting } from './state.js';

export interface ByClass {
  readonly subject: Setting;
  readonly notes: TestNotes;
  readonly classes: readonly string[];
  readonly actions: EvaluationActions;
}

export function byClass(table: ByClass): TemplateResult | typeof nothing {
  const { subject, notes, classes } = table;
  const isSeveral = notes.labels === 'several';
  if (subject.classes.length === 0 && !isSeveral) return nothing;
  const hasFigures = subject.classes.length > 0;
  return html`<div class="scroll">
    <table class="by-class">
      <caption>
        By class, in per cent, with 95 % intervals
      </caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          ${
            hasFigures
              ? ['Precision', 'Recall', 'F1', 'Test notes'].map(
                  (title) => html`<th scope="col" class="number">${title}</th>`,
                )
              : nothing
          }
          ${
            isSeveral
              ? ['Missed', 'Wrongly given'].map(
                  (title) => html`<th scope="col" class="number">${title}</th>`,
                )
              : nothing
          }
        </tr>
      </thead>
      <tbody>
        ${classes.map(
          (name, k) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${figureCells(subject, name)} ${isSeveral ? errorCells(table, k) : nothing}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function figureCells({ classes }: Setting, name: string) {
  const found = classes.find((each) => each.name === name);
  if (found === undefined) return nothing;
  const { precision, recall, f1, support } = found;
  return html`${[precision, recall, f1].map(
      (figure) => html`<td class="number">${estimateText('macroF1', figure)}</td>`,
    )}
    <td class="number">${formatCount(support)}</td>`;
}

function errorCells({ subject, notes, classes, actions }: ByClass, of: number): TemplateResult {
  const { missed, wrong } = errorsOf(subject, notes, classes.length, of);
  const button = (kind: 'missed' | 'wrong', count: number, what: string): TemplateResult => {
    const which: Cell = { kind, of };
    return html`<td class="number">
      ${
        count === 0
          ? '0'
          : html`<button
              class="link-button"
              data-cell="${kind} ${of}"
              tabindex="0"
              aria-label="${formatPlural(count, 'note')} ${what} ${classes[of] ?? ''}"
              @click=${() => actions.change({ cell: { which, row: 0 } })}
            >
              ${formatCount(count)}
            </button>`
      }
    </td>`;
  };
  return html`${button('missed', missed, 'that lack')} ${button('wrong', wrong, 'wrongly given')}`;
}
