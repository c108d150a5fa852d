/** How the file is read: each guess, and what may be chosen instead. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  dateOrders,
  delimiterName,
  delimiters,
  escapeNames,
  formatNames,
  quoteNames,
  usualMissingValues,
  type Dialect,
} from '../../src/protocol/catalogue/reading.js';
import type { CutSetting } from '../../src/protocol/catalogue/readers.js';
import {
  dateLabels,
  headerLabels,
  readingSettings,
} from '../../src/protocol/catalogue/readingSettings.js';
import { readerEntries } from '../../src/protocol/catalogue/sources.js';
import type { Actions } from './actions.js';
import { withCut, withSetting, type CorpusPreviewState } from './state.js';

export function readingControls(
  { preview, given }: CorpusPreviewState,
  { change }: Actions,
): TemplateResult | typeof nothing {
  const { reading } = given;
  if (preview === null && Object.keys(reading).length === 0) return nothing;
  const entryOf = preview === null ? null : readerEntries[preview.kind];
  const dialect = preview?.dialect ?? null;
  /** What was settled stays on screen, to be taken back where it is refused. */
  const applies = (setting: CutSetting): boolean =>
    entryOf?.settings.includes(setting) === true || reading[setting] !== undefined;
  const encoding = preview?.encoding ?? null;
  const dateOrder = preview?.dateOrder ?? null;
  return html`<section class="controls" aria-label="How the file is read">
    ${
      entryOf?.holds === 'table' || reading.format !== undefined
        ? choice(
            readingSettings.format.label,
            formatNames.map((value) => [value, readerEntries[value].label]),
            reading.format,
            entryOf?.label ?? null,
            (value) => change(withCut(given, 'format', value)),
          )
        : nothing
    }
    ${
      applies('delimiter')
        ? choice(
            readingSettings.delimiter.label,
            delimiters.map((value) => [value, delimiterName(value)]),
            reading.delimiter,
            dialect === null ? null : delimiterName(dialect.delimiter),
            (value) => change(withCut(given, 'delimiter', value)),
          )
        : nothing
    }
    ${
      applies('quote')
        ? choice(
            readingSettings.quote.label,
            quoteNames.map((value) => [value, quoteLabels[value]]),
            reading.quote,
            dialect === null ? null : quoteLabels[dialect.quote ?? 'none'],
            (value) => change(withCut(given, 'quote', value)),
          )
        : nothing
    }
    ${
      applies('escape')
        ? choice(
            readingSettings.escape.label,
            escapeNames.map((value) => [value, escapeLabels[value]]),
            reading.escape,
            dialect === null ? null : escapeLabels[dialect.escape],
            (value) => change(withCut(given, 'escape', value)),
          )
        : nothing
    }
    ${
      applies('header')
        ? choice(
            readingSettings.header.label,
            (['names', 'note'] as const).map((value) => [value, headerLabels[value]]),
            reading.header === undefined ? undefined : reading.header ? 'names' : 'note',
            dialect === null ? null : headerLabels[dialect.header ? 'names' : 'note'],
            (value) =>
              change(withCut(given, 'header', value === undefined ? value : value === 'names')),
          )
        : nothing
    }
    ${
      applies('skipRows')
        ? entry(
            readingSettings.skipRows.label,
            reading.skipRows === undefined ? '' : String(reading.skipRows),
            dialect === null ? '' : String(dialect.skipRows),
            (value) => change(withCut(given, 'skipRows', wholeNumber(value))),
          )
        : nothing
    }
    ${
      applies('encoding')
        ? entry(readingSettings.encoding.label, reading.encoding ?? '', encoding ?? '', (value) =>
            change(withCut(given, 'encoding', value === '' ? undefined : value)),
          )
        : nothing
    }
    ${entry(
      readingSettings.missingValues.label,
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
      reading.dateOrder === undefined && (preview?.mapping.date ?? null) === null
        ? nothing
        : choice(
            readingSettings.dateOrder.label,
            dateOrders.map((value) => [value, dateLabels[value]]),
            reading.dateOrder,
            dateOrder === null ? null : dateLabels[dateOrder],
            (value) => change({ ...given, reading: withSetting(reading, 'dateOrder', value) }),
          )
    }
  </section>`;
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
