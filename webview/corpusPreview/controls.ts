/** How the file is read: each guess, and what may be chosen instead. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  dateOrders,
  delimiterName,
  delimiters,
  escapeNames,
  quoteNames,
  usualMissingValues,
  type DateOrder,
  type Dialect,
  type Reading,
} from '../../src/protocol/catalogue/reading.js';
import type { Actions } from './actions.js';
import { withCut, withSetting, type CorpusPreviewState } from './state.js';

export function readingControls(
  { preview, given }: CorpusPreviewState,
  { change }: Actions,
): TemplateResult | typeof nothing {
  const { reading } = given;
  const dialect = preview?.dialect ?? null;
  const isTable = dialect !== null || isCut(given.reading);
  const encoding = preview?.encoding ?? null;
  if (!isTable && encoding === null && preview?.dateOrder === null) return nothing;
  return html`<section class="controls" aria-label="How the file is read">
    ${
      isTable
        ? html`
            ${choice(
              'Delimiter',
              delimiters.map((value) => [value, delimiterName(value)]),
              reading.delimiter,
              dialect === null ? null : delimiterName(dialect.delimiter),
              (value) => change(withCut(given, 'delimiter', value)),
            )}
            ${choice(
              'Quotes',
              quoteNames.map((value) => [value, quoteLabels[value]]),
              reading.quote,
              dialect === null ? null : quoteLabels[dialect.quote ?? 'none'],
              (value) => change(withCut(given, 'quote', value)),
            )}
            ${choice(
              'Quotes within quotes',
              escapeNames.map((value) => [value, escapeLabels[value]]),
              reading.escape,
              dialect === null ? null : escapeLabels[dialect.escape],
              (value) => change(withCut(given, 'escape', value)),
            )}
            ${choice(
              'First row',
              [
                ['names', 'names the columns'],
                ['note', 'is a note'],
              ],
              reading.header === undefined ? undefined : reading.header ? 'names' : 'note',
              dialect === null ? null : dialect.header ? 'names the columns' : 'is a note',
              (value) =>
                change(withCut(given, 'header', value === undefined ? value : value === 'names')),
            )}
            ${entry(
              'Lines above the table',
              reading.skipRows === undefined ? '' : String(reading.skipRows),
              String(dialect?.skipRows ?? 0),
              (value) => change(withCut(given, 'skipRows', wholeNumber(value))),
            )}
          `
        : nothing
    }
    ${
      encoding === null && reading.encoding === undefined
        ? nothing
        : entry('Encoding', reading.encoding ?? '', encoding ?? '', (value) =>
            change(withCut(given, 'encoding', value === '' ? undefined : value)),
          )
    }
    ${entry(
      'Missing values',
      reading.missingValues?.join(', ') ?? '',
      usualMissingValues.slice(0, 5).join(', ') + '…',
      (value) =>
        change({
          ...given,
          reading: withSetting(
            reading,
            'missingValues',
            value === '' ? undefined : value.split(',').map((each) => each.trim()),
          ),
        }),
    )}
    ${
      preview?.mapping.date === null || preview === null
        ? nothing
        : choice(
            'Dates',
            dateOrders.map((value) => [value, dateLabels[value]]),
            reading.dateOrder,
            preview.dateOrder === null ? null : dateLabels[preview.dateOrder],
            (value) => change({ ...given, reading: withSetting(reading, 'dateOrder', value) }),
          )
    }
  </section>`;
}

function isCut({ delimiter, quote, escape, header, skipRows }: Reading): boolean {
  return [delimiter, quote, escape, header, skipRows].some((value) => value !== undefined);
}

function wholeNumber(value: string): number | undefined {
  return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

const quoteLabels: Readonly<Record<(typeof quoteNames)[number], string>> = {
  '"': 'double',
  "'": 'single',
  none: 'none',
};
const escapeLabels: Readonly<Record<Dialect['escape'], string>> = {
  doubled: 'doubled',
  backslash: 'after a backslash',
};
const dateLabels: Readonly<Record<DateOrder, string>> = {
  iso: 'unambiguous',
  'day-first': 'day first',
  'month-first': 'month first',
  'epoch-seconds': 'seconds since 1970',
  'epoch-milliseconds': 'milliseconds since 1970',
  'excel-serial': 'days as Excel counts them',
};

/** @param guess what is taken if nothing is chosen */
function choice<Value extends string>(
  label: string,
  values: readonly (readonly [Value, string])[],
  chosen: Value | undefined,
  guess: string | null,
  choose: (value: Value | undefined) => void,
): TemplateResult {
  const id = idOf(label);
  const guessed = guess === null || chosen !== undefined ? 'guess' : guess;
  return html`<div class="control">
    <label for=${id}>${label}</label>
    <select
      id=${id}
      @change=${({ target }: Event) => {
        if (!(target instanceof HTMLSelectElement)) return;
        choose(values.find(([value]) => value === target.value)?.[0]);
      }}
    >
      <option value="" .selected=${chosen === undefined}>${guessed}</option>
      ${values.map(
        ([value, text]) =>
          html`<option value=${value} .selected=${value === chosen}>${text}</option>`,
      )}
    </select>
  </div>`;
}

function entry(
  label: string,
  value: string,
  placeholder: string,
  enter: (value: string) => void,
): TemplateResult {
  const id = idOf(label);
  return html`<div class="control">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="text"
      .value=${value}
      placeholder=${placeholder}
      @change=${({ target }: Event) => {
        if (target instanceof HTMLInputElement) enter(target.value.trim());
      }}
    />
  </div>`;
}

function idOf(label: string): string {
  return label.toLowerCase().replaceAll(' ', '-');
}
