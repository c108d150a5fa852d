import { html, nothing, type TemplateResult } from 'lit';
import type { RunCommand, RunProgress, RunStatus } from '../../src/protocol/run.js';
import { formatAbout, formatCount } from './format.js';
import { codicon } from './notice.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

export interface Controls {
  readonly status: RunStatus;
  /** What the user has asked for, until the status changes. */
  readonly asked: RunCommand | null;
  /** Whether it can go on once it has stopped. */
  readonly canResume: boolean;
  /** Whether it can end early with what it has come to, or has come to when it was stopped. */
  readonly canFinish: boolean;
  readonly control: (command: RunCommand) => void;
}

/** What can be done with a run as it is now. */
export function runButtons({ status, asked, canResume, canFinish, control }: Controls) {
  if (status === 'done') return nothing;
  const button = (
    command: RunCommand,
    icon: string,
    label: string,
    primary = false,
    explanation = '',
  ) =>
    html`<vscode-button
      title=${explanation}
      ?secondary=${!primary}
      ?disabled=${asked === command}
      @click=${() => control(command)}
      >${codicon(icon, 'content-before')}${label}</vscode-button
    >`;
  if (status === 'cancelled' || status === 'failed') {
    return html`${
      canResume ? button('resume', 'debug-continue', 'Resume', status === 'cancelled') : nothing
    }
    ${
      canFinish
        ? button('finish', 'check', 'Keep the model', false, 'Makes a model of what it has learned')
        : nothing
    }`;
  }
  return html`${
    status === 'paused'
      ? button('resume', 'debug-continue', 'Resume', true)
      : status === 'running'
        ? button('pause', 'debug-pause', asked === 'pause' ? 'Pausing…' : 'Pause')
        : nothing
  }
  ${
    canFinish && (status === 'running' || status === 'paused')
      ? button(
          'finish',
          'check',
          asked === 'finish' ? 'Finishing…' : 'Finish now',
          false,
          'Ends the training and keeps its model',
        )
      : nothing
  }
  ${
    status === 'cancelling'
      ? // A second cancel forces a run to stop.
        button('cancel', 'debug-stop', 'Stop now')
      : button('cancel', 'debug-stop', asked === 'cancel' ? 'Cancelling…' : 'Cancel')
  }`;
}

/** @param millisecondsLeft of the phase; `null` while unknown */
export function progressLine(
  status: RunStatus,
  progress: RunProgress | null,
  millisecondsLeft: number | null = null,
): TemplateResult | typeof nothing {
  if (progress === null || status === 'done') return nothing;
  const { phase, done, total, unit } = progress;
  const text =
    total === null
      ? `${phase}: ${formatCount(done)} ${unit}`
      : `${phase}: ${formatCount(done)} of ${formatCount(total)} ${unit}`;
  const left =
    millisecondsLeft === null ? '' : `, ${formatAbout(millisecondsLeft)} left for this part`;
  const moving = status === 'running' || status === 'starting' || status === 'finishing';
  return html`<div class="progress">
    <vscode-progress-bar
      aria-label=${phase}
      ?indeterminate=${total === null && moving}
      .value=${total === null ? 0 : done}
      .max=${total === null || total === 0 ? 1 : total}
    ></vscode-progress-bar>
    <p class="muted figure">${text}${left}</p>
  </div>`;
}
