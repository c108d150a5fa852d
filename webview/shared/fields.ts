/** Choices above charts and tables, as the browser's own elements: they work by keyboard as they are. */
import { html, type TemplateResult } from 'lit';

export interface Choices<T> {
  /** Visible, before the choices. */
  readonly legend: string;
  /** Distinguishes groups on the page. */
  readonly name: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: T | null;
  readonly choose: (value: T) => void;
}

export function radios<T>({ legend, name, options, chosen, choose }: Choices<T>): TemplateResult {
  return html`<fieldset class="radios">
    <legend>${legend}</legend>
    ${options.map(
      ({ value, label }) =>
        html`<label>
          <input
            type="radio"
            name=${name}
            .checked=${value === chosen}
            @change=${() => choose(value)}
          />${label}
        </label>`,
    )}
  </fieldset>`;
}

export function select<T>({ legend, name, options, chosen, choose }: Choices<T>): TemplateResult {
  return html`<label class="select">
    <span class="muted">${legend}</span>
    <select
      name=${name}
      @change=${(event: Event) => {
        const option = options[(event.target as HTMLSelectElement).selectedIndex];
        if (option !== undefined) choose(option.value);
      }}
    >
      ${options.map(
        ({ value, label }) => html`<option .selected=${value === chosen}>${label}</option>`,
      )}
    </select>
  </label>`;
}

export function checkbox(
  label: string | TemplateResult,
  checked: boolean,
  change: (checked: boolean) => void,
): TemplateResult {
  return html`<label>
    <input
      type="checkbox"
      .checked=${checked}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    />${label}
  </label>`;
}
