/** The columns: what each is, and which are kept with the notes. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  fieldRoleNames,
  fieldRoles,
  type FieldRole,
} from '../../src/protocol/catalogue/fieldRoles.js';
import { readingSettings, roleLabel } from '../../src/protocol/catalogue/readingSettings.js';
import type { CorpusPreview } from '../../src/protocol/lookup.js';
import type { GivenReading } from '../../src/protocol/panels.js';
import { isChecked, type Actions } from './actions.js';
import { roleOf, withKept, withRole } from './state.js';

type Column = CorpusPreview['columns'][number];

export function columnTable(
  preview: CorpusPreview,
  given: GivenReading,
  actions: Actions,
): TemplateResult {
  return html`<section>
    <h2 id="columns">Columns</h2>
    <div class="scroll" role="region" aria-labelledby="columns" tabindex="0">
      <table class="columns">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">First value</th>
            <th scope="col">${roleLabel}</th>
            <th scope="col">${readingSettings.keep.label}</th>
          </tr>
        </thead>
        <tbody>
          ${preview.columns.map((column) => columnRow(column, preview, given, actions))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function columnRow(
  column: Column,
  preview: CorpusPreview,
  given: GivenReading,
  { change }: Actions,
): TemplateResult {
  const { name, type, caution, example } = column;
  const role = roleOf(preview, name);
  return html`<tr>
    <th scope="row">${name}<span class="muted">${type}</span></th>
    <td class="example">${example ?? '–'}</td>
    <td>
      <select
        aria-label=${`What ${name} is`}
        title=${role === null ? '' : fieldRoles[role].sentence}
        @change=${({ target }: Event) => {
          if (!(target instanceof HTMLSelectElement)) return;
          change(withRole(given, preview, name, roleNamed(target.value)));
        }}
      >
        <option value="" .selected=${role === null}>–</option>
        ${fieldRoleNames.map(
          (each) =>
            html`<option value=${each} .selected=${each === role}>
              ${fieldRoles[each].label}
            </option>`,
        )}
      </select>
    </td>
    <td>
      ${
        role === null
          ? html`<label class="tick">
              <input
                type="checkbox"
                aria-label=${`Keep ${name}`}
                .checked=${given.reading.keep?.includes(name) ?? false}
                @change=${(event: Event) => change(withKept(given, name, isChecked(event)))}
              />
              ${caution === null ? nothing : html`<span class="muted">${caution}</span>`}
            </label>`
          : nothing
      }
    </td>
  </tr>`;
}

function roleNamed(value: string): FieldRole | null {
  return fieldRoleNames.find((role) => role === value) ?? null;
}
