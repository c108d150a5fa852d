import { html, nothing, type TemplateResult } from 'lit';
import { deviceEntries } from '../../src/protocol/catalogue/deviceUses.js';
import { deviceNames } from '../../src/protocol/catalogue/devices.js';
import type { PretrainPlan } from '../../src/protocol/pretraining.js';
import {
  formatAbout,
  formatBytes,
  formatCount,
  formatMillions,
  formatPlural,
} from '../shared/format.js';

/** What the run needs and what is available, known before its first step. */
export function planSection(plan: PretrainPlan | null): TemplateResult | typeof nothing {
  if (plan === null) return nothing;
  const trained =
    plan.trainedParameters === plan.parameters
      ? `all ${formatMillions(plan.parameters)}`
      : `${formatMillions(plan.trainedParameters)} of ${formatMillions(plan.parameters)}`;
  return html`<section class="plan" aria-label="Plan">
    <h2>Plan</h2>
    <dl>
      ${fact('Runs on', `${deviceName(plan.device)}, ${formatPlural(plan.threads, 'thread')}`)}
      ${fact('Steps', `${formatCount(plan.steps)}, about ${formatPlural(plan.tokensPerStep, 'token')} each`)}
      ${stagesFact(plan)} ${fact('Trained parameters', trained)}
      ${
        plan.expectedSeconds === null
          ? nothing
          : fact('Expected time', formatAbout(plan.expectedSeconds * 1000))
      }
    </dl>
    <dl>
      ${need('Memory', plan.memoryBytes, plan.freeMemoryBytes)}
      ${need('Disk', plan.diskBytes, plan.freeDiskBytes)}
    </dl>
    ${plan.categories === null ? nothing : categories(plan.categories)}
  </section>`;
}

/** Only where there is more than one. */
function stagesFact({ stages = [] }: PretrainPlan): TemplateResult | typeof nothing {
  if (stages.length < 2) return nothing;
  const shown = stages.map(({ label, steps }) => `${label}: ${formatPlural(steps, 'step')}`);
  return fact('Stages', shown.join(', '));
}

function deviceName(device: string): string {
  const known = deviceNames.find((name) => name === device);
  return known === undefined ? device : deviceEntries[known].label;
}

function fact(name: string, value: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="figure">${value}</dd>
  </div>`;
}

/** A resource's need as a share of what is free. */
function need(name: string, bytes: number, free: number | null): TemplateResult {
  if (free === null) return fact(name, formatBytes(bytes));
  const share = Math.min(1, bytes / Math.max(1, free));
  const tone = share > 0.9 ? 'tight' : '';
  return html`<div>
    <dt>${name}</dt>
    <dd class="figure">${formatBytes(bytes)} of ${formatBytes(free)} free</dd>
    <dd class="bar ${tone}" aria-hidden="true">
      <div .style=${`width: ${Math.max(1, share * 100)}%`}></div>
    </dd>
  </div>`;
}

/** Further categories are only counted. */
const mostShown = 12;

function categories(counts: NonNullable<PretrainPlan['categories']>): TemplateResult {
  const most = Math.max(1, ...counts.map(({ documents }) => documents));
  const rest = counts.slice(mostShown);
  const restDocuments = rest.reduce((sum, { documents }) => sum + documents, 0);
  const row = (name: string, documents: number): TemplateResult =>
    html`<li>
      <span class="category" title=${name}>${name}</span>
      <span class="bar" aria-hidden="true">
        <span .style=${`width: ${Math.min(100, (documents / most) * 100)}%`}></span>
      </span>
      <span class="figure">${formatCount(documents)}</span>
    </li>`;
  return html`<div class="categories">
    <h3>Training notes by category</h3>
    <ul>
      ${counts.slice(0, mostShown).map(({ name, documents }) => row(name, documents))}
      ${rest.length === 0 ? nothing : row(`${formatCount(rest.length)} more`, restDocuments)}
    </ul>
  </div>`;
}
