/** What a user can settle of how a corpus is read, by the names that each place has for it. */
import { fieldRoles } from './fieldRoles.js';
import type { FieldRole } from './fieldRoles.js';
import { firstFolderField } from './reading.js';
import type { DateOrder, Reading } from './reading.js';

/** Names of the command line's options, and the labels of *Add Corpus*. */
export const readingSettings = {
  delimiter: { option: 'delimiter', label: 'Delimiter' },
  quote: { option: 'quote', label: 'Quotes' },
  escape: { option: 'escape', label: 'Quotes within quotes' },
  encoding: { option: 'encoding', label: 'Encoding' },
  header: { option: 'header', label: 'First row' },
  skipRows: { option: 'skip-rows', label: 'Lines above the table' },
  format: { option: 'format', label: 'Format' },
  missingValues: { option: 'missing-values', label: 'Missing values' },
  joinLines: { option: 'join-lines', label: 'Join the rows of a note' },
  keep: { option: 'keep', label: 'Keep with the notes' },
  dateOrder: { option: 'date-order', label: 'Dates' },
} as const satisfies {
  readonly [Name in Exclude<keyof Reading, 'moreText'>]: {
    readonly option: string;
    readonly label: string;
  };
};

/** Above the choice of a column's role. */
export const roleLabel = 'What it is';

export const headerLabels = { names: 'names the columns', note: 'is a note' } as const;

export const dateLabels: Readonly<Record<DateOrder, string>> = {
  iso: 'unambiguous',
  'day-first': 'day first',
  'month-first': 'month first',
  'epoch-seconds': 'seconds since 1970',
  'epoch-milliseconds': 'milliseconds since 1970',
  'excel-serial': 'days as Excel counts them',
};

/** Where a user reads a sentence: on the command line, or in *Add Corpus*. */
export type Place = 'commandLine' | 'panel';

/** A setting, or a value of it, that a sentence names. */
export type NamedSetting = {
  readonly [Name in keyof typeof readingSettings]: {
    readonly setting: Name;
    readonly value?: Reading[Name];
  };
}[keyof typeof readingSettings];

/** The role of a column that a sentence names; of any, if none is given. */
export interface NamedRole {
  readonly role: FieldRole;
  readonly column?: string;
}

/** How a place names a setting: `--skip-rows 0` or `"Lines above the table: 0"`. */
export function settingName(named: NamedSetting | NamedRole, place: Place): string {
  if ('role' in named) return roleName(named, place);
  const { option, label } = readingSettings[named.setting];
  if (place === 'panel') {
    const value = labelOf(named);
    return value === null ? `"${label}"` : `"${label}: ${value}"`;
  }
  const { value } = named;
  if (named.setting === 'header') return value === false ? '--no-header' : '--header';
  return value === undefined ? `--${option}` : `--${option} ${argument(String(value))}`;
}

function roleName({ role, column }: NamedRole, place: Place): string {
  if (place === 'panel') return `"${column ?? roleLabel}: ${fieldRoles[role].label}"`;
  if (role === 'group' && column === firstFolderField) return '--group-from-folder';
  return column === undefined ? `--${role}-field` : `--${role}-field ${argument(column)}`;
}

/** A value as the panel shows it; `null` if none is named. */
function labelOf(named: NamedSetting): string | null {
  if (named.value === undefined) return null;
  // Its control names the column by itself.
  if (named.setting === 'joinLines') return null;
  if (named.setting === 'header') return named.value ? headerLabels.names : headerLabels.note;
  if (named.setting === 'dateOrder') return dateLabels[named.value];
  return String(named.value);
}

function argument(value: string): string {
  return /^[\w-]+$/.test(value) ? value : `"${value}"`;
}
