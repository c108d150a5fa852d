/** Everything that an evaluation of classification found, from the verdict down to single notes. */
import { html, nothing, type TemplateResult } from 'lit';
import { protocolEntries } from '../../src/protocol/catalogue/evaluation.js';
import { formatCount, formatPlural } from '../shared/format.js';
import { codicon } from '../shared/notice.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { comparisonsTable } from './comparisons.js';
import { learningCurve } from './curve.js';
import { errorsSection } from './errors.js';
import { flipsSection } from './flips.js';
import { radios } from '../shared/fields.js';
import { reliabilityChart } from './reliability.js';
import { settingsTable } from './settingsTable.js';
import {
  hasBothTexts,
  protocolOf,
  protocolsOf,
  type EvaluationState,
  type Report,
} from './state.js';
import { verdict } from '../shared/verdict.js';

export function reportView(
  state: EvaluationState,
  report: Report,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult {
  const protocols = protocolsOf(report);
  return html`
    ${verdict(report.verdict)}
    <p class="muted intro">${aboutNotes(report)}</p>
    ${
      protocols.length < 2
        ? nothing
        : radios({
            legend: 'Models',
            name: 'protocol',
            options: protocols.map((value) => ({
              value,
              label: protocolEntries[value].target?.when ?? protocolEntries[value].label,
            })),
            chosen: protocolOf(state, report),
            choose: (protocol) => actions.change({ ...chosenAnew, protocol }),
          })
    }
    ${
      hasBothTexts(report)
        ? radios({
            legend: 'Notes',
            name: 'texts',
            options: [
              { value: false, label: 'whole' },
              { value: true, label: `without the words that name the ${report.target}` },
            ],
            chosen: state.withoutWords,
            choose: (withoutWords) => actions.change({ ...chosenAnew, withoutWords }),
          })
        : nothing
    }
    ${learningCurve(state, report, theme, actions)} ${settingsTable(state, report, theme, actions)}
    ${comparisonsTable(state, report)} ${errorsSection(state, report, actions)}
    ${flipsSection(state, report, actions)} ${reliabilityChart(state, report, theme, actions)}
    ${
      report.notes === null
        ? html`<p class="muted">
            Which notes were right is not known for this evaluation: evaluate again to see them.
          </p>`
        : report.hideText
          ? html`<p class="muted">${codicon('eye-closed')} Note text is hidden.</p>`
          : nothing
    }
  `;
}

/** Choices among settings, which are others when the protocol or the texts change. */
const chosenAnew = {
  ...{ shots: null, measure: null, pointer: null, confidencePointer: null },
  ...{ subject: null, cell: null, first: null, second: null, flip: null },
} as const;

function aboutNotes(report: Report): string {
  const { target, classes, documents, words } = report;
  const { train, validation, test } = documents;
  const named = formatPlural(words.length, 'word');
  const removed = hasBothTexts(report)
    ? ` Everything was measured a second time without ${named} that name it.`
    : words.length === 0
      ? ''
      : ` ${named} that name it were taken out of the notes.`;
  return (
    `Predicts the ${target} of a note, ${report.notes?.labels === 'several' ? 'any' : 'one'} of ${formatCount(classes.length)}. Learned from ${formatPlural(train, 'note')}, ` +
    `every choice made on ${formatCount(validation)} others, tested on ${formatCount(test)}. Intervals are of 95 %.${removed}`
  );
}
