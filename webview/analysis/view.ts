import { html, nothing, type TemplateResult } from 'lit';
import type { AnalysisContent } from '../../src/protocol/analysisPanel.js';
import { formatCount, formatPlural } from '../shared/format.js';
import { codicon } from '../shared/notice.js';
import { runView } from '../shared/runView.js';
import type { Theme } from '../shared/theme.js';
import { verdict } from '../shared/verdict.js';
import type { AnalysisActions } from './actions.js';
import { categoriesSection } from './categories.js';
import { changesSection } from './changes.js';
import { differencesSection, figuresSections } from './figures.js';
import { groupsSection } from './groups.js';
import { mislabelsSection, repeatedSection } from './notesToReview.js';
import type { Drawn } from './drawn.js';
import type { AnalysisState } from './state.js';

export function analysisView(
  state: AnalysisState,
  theme: Theme,
  actions: AnalysisActions,
): TemplateResult {
  return runView({
    noun: 'analysis',
    icon: 'type-hierarchy',
    state,
    control: actions.control,
    body: (content) => reportView({ state, content, theme, actions }),
    gist: ({ findings }) => findings[0] ?? '',
  });
}

function reportView(drawn: Drawn): TemplateResult {
  const { content } = drawn;
  return html`
    ${verdict(content.findings)}
    <p class="muted intro">${about(content)}</p>
    ${content.hideText ? html`<p class="muted">${codicon('eye-closed')} Note text is hidden.</p>` : nothing}
    ${figuresSections(drawn)} ${differencesSection(drawn)} ${categoriesSection(drawn)}
    ${changesSection(drawn)} ${groupsSection(drawn)} ${mislabelsSection(drawn)}
    ${repeatedSection(drawn)}
    <section aria-label="How to read it">
      <h2>How to read it</h2>
      ${content.remarks.map((sentence) => html`<p class="muted intro">${sentence}</p>`)}
    </section>
  `;
}

function about({ documents, categories, models, resamples, resampled }: AnalysisContent): string {
  return (
    `${formatPlural(documents, 'note')} in ${formatPlural(categories.length, 'category', 'categories')}, ` +
    `in ${models.length === 1 ? 'one model' : `${models.length} models side by side`}. ` +
    `Intervals are of 95 %, from ${formatCount(resamples)} resamples of ${resampled === 'groups' ? 'patients' : 'notes'}.`
  );
}
