/** Where a model goes wrong: the confusion matrix, figures by class, and the notes behind each cell. */
import { html, nothing, type TemplateResult } from 'lit';
import { protocolEntries } from '../../src/protocol/catalogue/evaluation.js';
import type { TestNotes } from '../../src/protocol/panels.js';
import { formatCount } from '../shared/format.js';
import type { EvaluationActions } from './actions.js';
import { byClass } from './byClass.js';
import { confusionMatrix } from './confusionMatrix.js';
import { select } from '../shared/fields.js';
import { notesList } from './notesList.js';
import { classesAt, notesIn, withOutcomes } from './outcomes.js';
import type { Cell, EvaluationState, Report, Setting } from './state.js';

export function errorsSection(
  state: EvaluationState,
  report: Report,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const { notes } = report;
  const settings = withOutcomes(state, report);
  const subject = settings[state.subject ?? 0];
  if (notes === null || subject === undefined) return nothing;
  return html`<section aria-label="Errors">
    <div class="section-head">
      <h2>Errors</h2>
      ${select({
        legend: 'Model',
        name: 'subject',
        options: settings.map((setting, value) => ({ value, label: settingName(setting) })),
        chosen: state.subject ?? 0,
        choose: (chosen) => actions.change({ subject: chosen, cell: null }),
      })}
      ${labelsRemark(subject)}
    </div>
    ${
      notes.labels === 'one'
        ? confusionMatrix({ state, subject, notes, classes: report.classes, actions })
        : nothing
    }
    ${openList(state, report, subject, notes, actions)}
    ${byClass({ subject, notes, classes: report.classes, actions })}
  </section>`;
}

/** "run-1, fine-tuned" or "run-1, dense head, frozen". */
export function settingName(setting: Setting): string {
  const { model, classifier, isMain, protocol, withoutWords } = setting;
  const when = protocol === null ? undefined : protocolEntries[protocol].target?.when;
  return [
    model,
    ...(isMain ? [] : [classifier]),
    ...(when === undefined ? [] : [when]),
    ...(withoutWords ? ['without the words'] : []),
  ].join(', ');
}

function labelsRemark({ shots, runs }: Setting): TemplateResult {
  const labels = shots === 'all' ? 'all labels' : `${shots} labels per class`;
  return html`<span class="muted">
    with ${labels}${runs < 2 ? '' : `, ${formatCount(runs)} runs added up`}
  </span>`;
}

function openList(
  state: EvaluationState,
  { classes }: Report,
  subject: Setting,
  notes: TestNotes,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const { cell } = state;
  if (cell === null) return nothing;
  return notesList({
    name: 'errors',
    title: cellTitle(cell.which, classes),
    notes: notesIn(subject, notes, classes.length, cell.which),
    runs: subject.runs,
    names: notes.names,
    detail: (note) =>
      cell.which.kind === 'given' ? '' : classesAt(notes.actual, note, notes, classes),
    row: cell.row,
    activate: (row) =>
      actions.focus({ cell: { ...cell, row } }, '[data-list=errors] [tabindex="0"]'),
    open: actions.open,
    close: () => actions.focus({ cell: null }, '[data-cell][tabindex="0"]'),
  });
}

export function cellTitle(cell: Cell, classes: readonly string[]): string {
  const name = (k: number): string => classes[k] ?? '';
  if (cell.kind !== 'given') {
    return cell.kind === 'missed'
      ? `of ${name(cell.of)} that were not found`
      : `wrongly taken for ${name(cell.of)}`;
  }
  return cell.actual === cell.predicted
    ? `of ${name(cell.actual)} rightly predicted`
    : `of ${name(cell.actual)} predicted as ${name(cell.predicted)}`;
}
