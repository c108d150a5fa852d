/** What the panel shows, and what its controls ask for. */
import {
  fieldRoleNames,
  type FieldMapping,
  type FieldRole,
} from '../../src/protocol/catalogue/fieldRoles.js';
import type { CutSetting } from '../../src/protocol/catalogue/readers.js';
import { usualMissingValues, type Reading } from '../../src/protocol/catalogue/reading.js';
import type { CorpusPreview } from '../../src/protocol/lookup.js';
import type { CorpusPreviewHostMessage, GivenReading } from '../../src/protocol/panels.js';

export interface CorpusPreviewState {
  readonly source: string;
  readonly given: GivenReading;
  /** The last one; it stays on screen while the source is read again. */
  readonly preview: CorpusPreview | null;
  readonly hideText: boolean;
  readonly isBusy: boolean;
  /** Why the source cannot be read as it was asked for. */
  readonly refusal: string | null;
  /** Why there is nothing to show. */
  readonly reason: string | null;
  /** Of the corpus; `null` until the host suggested one. */
  readonly name: string | null;
}

export const start: CorpusPreviewState = {
  source: '',
  given: { mapping: {}, reading: {} },
  preview: null,
  hideText: false,
  isBusy: true,
  refusal: null,
  reason: null,
  name: null,
};

export function received(
  message: CorpusPreviewHostMessage,
  state: CorpusPreviewState,
): Partial<CorpusPreviewState> {
  switch (message.type) {
    case 'empty':
      return { reason: message.reason };
    case 'reading': {
      const { source, given } = message;
      const isOther = source !== state.source;
      return {
        ...{ source, given, isBusy: true, refusal: null, reason: null },
        ...(isOther ? { preview: null, name: null } : {}),
      };
    }
    case 'preview': {
      const { source, given, preview, hideText, name } = message;
      return {
        ...{ source, given, preview, hideText, isBusy: false, refusal: null, reason: null },
        name: state.name ?? name,
      };
    }
    case 'refused':
      return { given: message.given, isBusy: false, refusal: message.reason };
  }
}

/** Settings of how the file is cut: with others its columns have other names. */
export function withCut<Name extends CutSetting | 'format'>(
  { reading }: GivenReading,
  name: Name,
  value: Reading[Name],
): GivenReading {
  const { keep: _keep, moreText: _text, joinLines: _lines, ...rest } = reading;
  return { mapping: {}, reading: withSetting(rest, name, value) };
}

/** Without the setting if the value is `undefined`, so that it is guessed. */
export function withSetting<Name extends keyof Reading>(
  reading: Reading,
  name: Name,
  value: Reading[Name],
): Reading {
  const { [name]: _before, ...rest } = reading;
  return value === undefined ? rest : { ...rest, [name]: value };
}

export function roleOf(preview: CorpusPreview, column: string): FieldRole | null {
  if (preview.moreText.includes(column)) return 'text';
  return fieldRoleNames.find((role) => preview.mapping[role] === column) ?? null;
}

/** Several columns may be text; any other role is of one. */
export function withRole(
  { reading }: GivenReading,
  preview: CorpusPreview,
  column: string,
  role: FieldRole | null,
): GivenReading {
  const texts = preview.columns
    .map(({ name }) => name)
    .filter((name) => (name === column ? role === 'text' : roleOf(preview, name) === 'text'));
  const [text = null, ...moreText] = texts;
  const mapping: Record<FieldRole, string | null> = { ...preview.mapping, text };
  for (const each of fieldRoleNames) {
    if (each !== 'text' && mapping[each] === column) mapping[each] = null;
  }
  if (role !== null && role !== 'text') mapping[role] = column;
  const kept = role === null ? reading.keep : reading.keep?.filter((name) => name !== column);
  const joined = withSetting(reading, 'moreText', moreText.length === 0 ? undefined : moreText);
  // How dates are written means nothing without one.
  const rest = mapping.date === null ? withSetting(joined, 'dateOrder', undefined) : joined;
  return { mapping: withoutGuess(mapping), reading: withSetting(rest, 'keep', kept) };
}

/** A folder's notes are whole files, and have no column of text. */
function withoutGuess(mapping: FieldMapping): Partial<FieldMapping> {
  const { text, ...rest } = mapping;
  return text === null ? rest : mapping;
}

export function withKept({ mapping, reading }: GivenReading, name: string, isKept: boolean) {
  const others = (reading.keep ?? []).filter((each) => each !== name);
  return { mapping, reading: { ...reading, keep: isKept ? [...others, name] : others } };
}

export function withLines(
  { mapping, reading }: GivenReading,
  lines: NonNullable<CorpusPreview['lines']>,
  isJoined: boolean,
): GivenReading {
  return isJoined
    ? { mapping: { ...mapping, id: lines.id }, reading: { ...reading, joinLines: lines.number } }
    : { mapping, reading: withSetting(reading, 'joinLines', undefined) };
}

export function withMissing(given: GivenReading, value: string): GivenReading {
  const before = given.reading.missingValues ?? usualMissingValues;
  const missingValues = [...new Set([...before, value])];
  return { ...given, reading: { ...given.reading, missingValues } };
}
