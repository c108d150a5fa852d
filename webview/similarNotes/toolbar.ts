/** What is asked and how, above the list: a search box, and chips to press. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { lookupModeNames, lookupModes } from '../../src/protocol/catalogue/lookup.js';
import type { LookupMode } from '../../src/protocol/catalogue/lookup.js';
import type { SimilarNotesControls } from '../../src/protocol/panels.js';
import { codicon } from '../shared/notice.js';

export interface ToolbarActions {
  /** The text in the box has changed. */
  readonly typed: (text: string) => void;
  /** At once: the user has pressed Enter, or cleared the box. */
  readonly search: (text: string) => void;
  /** From the box to the list. */
  readonly toList: () => void;
  readonly choose: (choice: {
    mode?: LookupMode;
    excludeGroup?: boolean;
    leaveOutNegated?: boolean;
  }) => void;
  readonly switchIndex: () => void;
  readonly addCondition: () => void;
  readonly removeCondition: (place: number) => void;
}

/** @param text in the box */
export function toolbar(
  controls: SimilarNotesControls,
  text: string,
  actions: ToolbarActions,
): TemplateResult | typeof nothing {
  if (!controls.isOffered) return nothing;
  return html`<div class="toolbar" role="search">
    <div class="box-row">
      <div class="box">
        ${codicon('search')}
        <input
          type="search"
          placeholder="Find notes by text"
          aria-label="Find notes by text"
          spellcheck="false"
          autocomplete="off"
          .value=${live(text)}
          @input=${(event: Event) => actions.typed((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            const box = event.target as HTMLInputElement;
            if (event.key === 'Enter') actions.search(box.value);
            else if (event.key === 'ArrowDown') actions.toList();
            else if (event.key === 'Escape') {
              box.value = '';
              actions.search('');
            } else return;
            event.preventDefault();
          }}
        />
      </div>
    </div>
    <div class="chips">
      <select
        class="chip"
        title=${lookupModes[controls.mode].sentence}
        aria-label="Compare by"
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          const mode = lookupModeNames.find((name) => name === value);
          if (mode !== undefined) actions.choose({ mode });
        }}
      >
        ${lookupModeNames.map(
          (name) =>
            html`<option value=${name} .selected=${name === controls.mode}>
              ${lookupModes[name].label}
            </option>`,
        )}
      </select>
      ${
        controls.model === null
          ? nothing
          : html`<button
              class="chip"
              title="Answered by ${controls.model}: choose another model"
              @click=${actions.switchIndex}
            >
              ${codicon('arrow-swap')}<span class="chip-text">${controls.model}</span>
            </button>`
      }
      <button
        class="chip"
        title="Search only some of the notes: by category, date or another field"
        @click=${actions.addCondition}
      >
        ${codicon('filter')}<span class="chip-text">Filter…</span>
      </button>
      ${
        controls.excludeGroup === null
          ? nothing
          : toggle(
              'Other patients only',
              'Leave out other notes of the same patient',
              controls.excludeGroup,
              (excludeGroup) => actions.choose({ excludeGroup }),
            )
      }
      ${toggle(
        'Not negated',
        'Leave out notes that deny what is asked, or say it of the family',
        controls.leaveOutNegated,
        (leaveOutNegated) => actions.choose({ leaveOutNegated }),
      )}
      ${controls.conditions.map(
        (condition, place) =>
          html`<button
            class="chip set"
            title="${condition}: remove this filter"
            aria-label="Remove the filter ${condition}"
            @click=${() => actions.removeCondition(place)}
          >
            <span class="chip-text">${condition}</span>${codicon('close')}
          </button>`,
      )}
    </div>
  </div>`;
}

function toggle(
  label: string,
  title: string,
  isOn: boolean,
  change: (isOn: boolean) => void,
): TemplateResult {
  return html`<button
    class="chip ${isOn ? 'set' : ''}"
    aria-pressed=${isOn}
    title=${title}
    @click=${() => change(!isOn)}
  >
    ${isOn ? codicon('check') : nothing}<span class="chip-text">${label}</span>
  </button>`;
}
