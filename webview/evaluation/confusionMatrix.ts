/** Actual against predicted classes, as a grid: arrow keys move in it, Enter lists the notes of a cell. */
import { html, type TemplateResult } from 'lit';
import type { TestNotes } from '../../src/protocol/panels.js';
import { formatCount, formatPlural } from '../shared/format.js';
import type { EvaluationActions } from './actions.js';
import { confusionOf } from './outcomes.js';
import type { EvaluationState, Setting } from './state.js';

export interface ConfusionMatrix {
  readonly state: EvaluationState;
  readonly subject: Setting;
  readonly notes: TestNotes;
  readonly classes: readonly string[];
  readonly actions: EvaluationActions;
}

export function confusionMatrix(matrix: ConfusionMatrix): TemplateResult {
  const { subject, notes, classes } = matrix;
  const counts = confusionOf(subject, notes, classes.length);
  return html`<div class="scroll">
    <table class="square confusion" role="grid" aria-label="Confusion matrix">
      <caption>
        Rows are the actual classes, columns what was predicted. A cell lists its notes.
      </caption>
      <thead>
        <tr>
          <td></td>
          ${classes.map((name) => html`<th scope="col" title=${name}><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${classes.map((name, actual) => row(matrix, name, actual, counts))}
      </tbody>
    </table>
  </div>`;
}

function row(
  matrix: ConfusionMatrix,
  name: string,
  actual: number,
  counts: Int32Array,
): TemplateResult {
  const { classes } = matrix;
  const own = counts.subarray(actual * classes.length, (actual + 1) * classes.length);
  const all = own.reduce((sum, count) => sum + count, 0);
  return html`<tr>
    <th scope="row" title=${name}>${name}</th>
    ${Array.from(own, (count, predicted) => cell(matrix, actual, predicted, count, all))}
  </tr>`;
}

function cell(
  { state, classes, actions }: ConfusionMatrix,
  actual: number,
  predicted: number,
  count: number,
  all: number,
): TemplateResult {
  const [atRow, atColumn] = state.corner;
  const isCorner = actual === atRow && predicted === atColumn;
  const kind = actual === predicted ? 'right' : 'wrong';
  const which = { kind: 'given', actual, predicted } as const;
  const open = state.cell?.which;
  const isOpen = open?.kind === 'given' && open.actual === actual && open.predicted === predicted;
  const share = all === 0 ? 0 : Math.round((100 * count) / all);
  const list = (): void => {
    const corner = [actual, predicted] as const;
    actions.change({ corner, cell: count === 0 ? null : { which, row: 0 } });
  };
  return html`<td
    role="gridcell"
    class="${kind} ${isOpen ? 'open' : ''} ${count === 0 ? 'none' : ''}"
    data-cell="${actual} ${predicted}"
    tabindex=${isCorner ? 0 : -1}
    aria-selected=${isOpen}
    aria-label="${formatPlural(count, 'note')} of ${classes[actual] ?? ''}, predicted ${classes[predicted] ?? ''}"
    .style=${`--share: ${share}%`}
    @click=${list}
    @keydown=${(event: KeyboardEvent) => {
      const target = next(event.key, actual, predicted, classes.length);
      if (target !== null) {
        actions.focus({ corner: target }, `[data-cell="${target.join(' ')}"]`);
      } else if (event.key === 'Enter' || event.key === ' ') list();
      else return;
      event.preventDefault();
    }}
  >
    ${formatCount(count)}
  </td>`;
}

function next(
  key: string,
  row: number,
  column: number,
  size: number,
): readonly [number, number] | null {
  const within = (at: number): number => Math.min(size - 1, Math.max(0, at));
  switch (key) {
    case 'ArrowRight':
      return [row, within(column + 1)];
    case 'ArrowLeft':
      return [row, within(column - 1)];
    case 'ArrowDown':
      return [within(row + 1), column];
    case 'ArrowUp':
      return [within(row - 1), column];
    case 'Home':
      return [row, 0];
    case 'End':
      return [row, size - 1];
    default:
      return null;
  }
}
