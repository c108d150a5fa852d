import { html, nothing, type TemplateResult } from 'lit';
import type { PanelAction } from '../../src/protocol/panels.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';

/** Shown instead of a panel's content: why there is none, and what to do about it. */
export function notice(
  icon: string,
  text: string,
  action: PanelAction | null,
  run: (command: string) => void,
): TemplateResult {
  return html`<div class="notice">
    ${codicon(icon)}
    <p>${text}</p>
    ${
      action === null
        ? nothing
        : html`<vscode-button @click=${() => run(action.command)}>${action.label}</vscode-button>`
    }
  </div>`;
}

export function errorNotice(message: string): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${codicon('error')}
    <p>${message}</p>
  </div>`;
}

export function loading(text: string): TemplateResult {
  return html`<div class="notice">
    <vscode-progress-ring aria-hidden="true"></vscode-progress-ring>
    <p>${text}</p>
  </div>`;
}

/** Remarks next to the content, for example that it is out of date. */
export function remarks(
  texts: readonly string[],
  kind: 'info' | 'warning',
): TemplateResult | typeof nothing {
  if (texts.length === 0) return nothing;
  return html`<ul class="remarks ${kind}" aria-label="Remarks">
    ${texts.map((text) => html`<li>${codicon(kind)}<span>${text}</span></li>`)}
  </ul>`;
}

/** Invisible; a screen reader speaks `text` whenever it changes. */
export function announcement(text: string): TemplateResult {
  return html`<div class="visually-hidden" role="status" aria-live="polite">${text}</div>`;
}

export function codicon(name: string, slot?: string): TemplateResult {
  return html`<span
    class="codicon codicon-${name}"
    slot=${slot ?? nothing}
    aria-hidden="true"
  ></span>`;
}
