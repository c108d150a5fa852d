import { html, nothing, type TemplateResult } from 'lit';
import {
  formatAbout,
  formatBytes,
  formatDuration,
  formatFigure,
  formatSigned,
} from '../shared/format.js';
import { smooth } from '../../src/core/report/drawing/series.js';
import { timeLeft } from '../shared/curves.js';
import type { TrainingState } from './state.js';

/** Key figures of the run, in one row. */
export function figures(state: TrainingState): TemplateResult {
  const { curves, run } = state;
  const loss = smooth(curves.loss.y.slice(-20), 20).at(-1);
  const speed = smooth(curves.speed.y.slice(-20), 20).at(-1);
  const memory = curves.memory.y.at(-1);
  const left = run?.status === 'running' ? timeLeft(curves, run.progress) : null;
  const [first, last] = [curves.times.y[0], curves.times.y.at(-1)];
  return html`<dl class="figures">
    ${heldOutFigure(state)}
    ${loss === undefined ? nothing : figure('Training loss', formatFigure(loss), 'last 20 steps')}
    ${speed === undefined ? nothing : figure('Speed', formatFigure(speed), 'tokens a second')}
    ${
      first === undefined || last === undefined
        ? nothing
        : figure('Time', formatDuration(last - first), 'since the first step')
    }
    ${left === null ? nothing : figure('Time left', formatAbout(left), 'at this pace')}
    ${memory === undefined ? nothing : figure('Memory', formatBytes(memory), 'of the run')}
  </dl>`;
}

function heldOutFigure(state: TrainingState) {
  const { curves, run } = state;
  const before = run?.heldOutLoss?.before ?? curves.heldOut.y[0];
  const after =
    run?.heldOutLoss?.after ?? (curves.heldOut.y.length > 1 ? curves.heldOut.y.at(-1) : undefined);
  if (before === undefined) return nothing;
  if (after === undefined) return figure('Held-out loss', formatFigure(before), 'before training');
  const change = ((after - before) / before) * 100;
  return figure(
    'Held-out loss',
    `${formatFigure(before)} → ${formatFigure(after)}`,
    `${formatSigned(change, 1)} %`,
    after < before ? 'good' : after > before ? 'bad' : '',
  );
}

function figure(name: string, value: string, remark: string, tone = ''): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value figure">${value}</dd>
    <dd class="remark ${tone}">${remark}</dd>
  </div>`;
}
