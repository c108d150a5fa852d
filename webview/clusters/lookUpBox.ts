/** Looks for notes by meaning and by words, and lights them up on the map. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { lookupModeNames, lookupModes } from '../../src/protocol/catalogue/lookup.js';
import { codicon } from '../shared/notice.js';
import type { ClustersActions } from './actions.js';
import type { ClustersState } from './state.js';

export function lookUpBox(
  { asked, found }: ClustersState,
  { typed, lookUp }: ClustersActions,
): TemplateResult {
  return html`<div class="look-up" role="search">
    ${codicon('search')}
    <input
      type="search"
      placeholder="Light up notes by text"
      aria-label="Light up notes by text"
      spellcheck="false"
      autocomplete="off"
      .value=${live(asked.text)}
      @input=${(event: Event) => typed((event.target as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter') lookUp((event.target as HTMLInputElement).value, asked.mode);
        else if (event.key === 'Escape') lookUp('', asked.mode);
        else return;
        event.preventDefault();
      }}
    />
    <select
      title=${lookupModes[asked.mode].sentence}
      aria-label="Compare by"
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        const mode = lookupModeNames.find((name) => name === value);
        if (mode !== undefined) lookUp(asked.text, mode);
      }}
    >
      ${lookupModeNames.map(
        (name) =>
          html`<option value=${name} .selected=${name === asked.mode}>
            ${lookupModes[name].label}
          </option>`,
      )}
    </select>
    ${found === null ? nothing : html`<span class="figure muted said">${found.sentence}</span>`}
  </div>`;
}
