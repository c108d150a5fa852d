import { html, type TemplateResult } from 'lit';
import type { RunStatus } from '../../src/protocol/run.js';
import { codicon } from './notice.js';

export const statusText: Readonly<Record<RunStatus, string>> = {
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  finishing: 'Finishing',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
  done: 'Done',
  failed: 'Failed',
};

const statusIcon: Readonly<Record<RunStatus, string>> = {
  starting: 'loading codicon-modifier-spin',
  // Not animated: without a GPU, animation slows training down.
  running: 'pulse',
  paused: 'debug-pause',
  finishing: 'pulse',
  cancelling: 'loading codicon-modifier-spin',
  cancelled: 'circle-slash',
  done: 'pass-filled',
  failed: 'error',
};

export function statusBadge(status: RunStatus): TemplateResult {
  return html`<span class="status ${status}">
    ${codicon(statusIcon[status])}${statusText[status]}
  </span>`;
}
