/** Which notes flipped between two models: right with one of them, wrong with the other. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../shared/format.js';
import type { EvaluationActions } from './actions.js';
import { settingName } from './errors.js';
import { select } from '../shared/fields.js';
import { notesList } from './notesList.js';
import { classesAt, flipsBetween, withOutcomes } from './outcomes.js';
import { flipKinds, type EvaluationState, type FlipKind, type Report } from './state.js';

export function flipsSection(
  state: EvaluationState,
  report: Report,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const { notes, classes } = report;
  const settings = withOutcomes(state, report);
  const [firstAt, secondAt] = [state.first ?? 0, state.second ?? 1];
  const [first, second] = [settings[firstAt], settings[secondAt]];
  if (notes === null || first === undefined || second === undefined) return nothing;
  const flips = flipsBetween(first, second, notes);
  const options = settings.map((setting, value) => ({ value, label: settingName(setting) }));
  const titles: Readonly<Record<FlipKind, string>> = {
    onlyFirst: `right only with ${settingName(first)}`,
    onlySecond: `right only with ${settingName(second)}`,
    both: 'right with both',
    neither: 'wrong with both',
  };
  const { flip } = state;
  const said = (setting: typeof first, note: number): string =>
    classesAt(setting.outcomes?.[0]?.predicted ?? new Int32Array(), note, notes, classes);
  return html`<section aria-label="Flipped notes">
    <div class="section-head">
      <h2>Which notes flipped</h2>
      ${select({
        legend: 'Between',
        name: 'first',
        options,
        chosen: firstAt,
        choose: (chosen) => actions.change({ first: chosen, flip: null }),
      })}
      ${select({
        legend: 'and',
        name: 'second',
        options,
        chosen: secondAt,
        choose: (chosen) => actions.change({ second: chosen, flip: null }),
      })}
    </div>
    <div class="flips">
      ${flipKinds.map(
        (kind) =>
          html`<button
            class="flip ${flip?.which === kind ? 'open' : ''}"
            data-flip=${kind}
            aria-expanded=${flip?.which === kind}
            ?disabled=${flips[kind].length === 0}
            @click=${() => actions.change({ flip: { which: kind, row: 0 } })}
          >
            <span class="count">${formatCount(flips[kind].length)}</span>
            <span>${titles[kind]}</span>
          </button>`,
      )}
    </div>
    ${
      first.runs > 1 || second.runs > 1
        ? html`<p class="muted">Right means right in more than half of the runs.</p>`
        : nothing
    }
    ${
      flip === null
        ? nothing
        : notesList({
            name: 'flips',
            title: titles[flip.which],
            notes: flips[flip.which].map((note) => ({ note, runs: 1, confidence: null })),
            runs: 1,
            names: notes.names,
            detail: (note) => {
              const is = classesAt(notes.actual, note, notes, classes);
              if (flip.which === 'both') return is;
              const wrong = flip.which === 'onlyFirst' ? second : first;
              return flip.which === 'neither'
                ? `${is}, predicted ${said(first, note)} and ${said(second, note)}`
                : `${is}, predicted ${said(wrong, note)}`;
            },
            row: flip.row,
            activate: (row) =>
              actions.focus({ flip: { ...flip, row } }, '[data-list=flips] [tabindex="0"]'),
            open: actions.open,
            close: () => actions.focus({ flip: null }, `[data-flip=${flip.which}]`),
          })
    }
  </section>`;
}
