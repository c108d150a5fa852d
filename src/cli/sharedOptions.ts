/** Options that several commands share, and how they map to a job. */
import { isAbsolute, resolve } from 'node:path';

import { usageError } from '../core/base/errors.js';
import type { GivenPrompts } from '../core/model/prompts.js';
import type { DeviceUse } from '../protocol/catalogue/devices.js';
import { devicesFor } from '../protocol/catalogue/deviceUses.js';
import { fieldRoleNames, fieldRoles } from '../protocol/catalogue/fieldRoles.js';
import type { FieldRole } from '../protocol/catalogue/fieldRoles.js';
import {
  dateOrders,
  delimiterOf,
  escapeNames,
  firstFolderField,
  formatNames,
} from '../protocol/catalogue/reading.js';
import type { Reading } from '../protocol/catalogue/reading.js';
import { sourceKinds } from '../protocol/catalogue/sources.js';
import type { CorpusSpec } from '../protocol/corpusSpec.js';
import type { OptionTable, ParsedOptions } from './options.js';

interface MappingOption<Type> {
  readonly type: Type;
  readonly placeholder: 'NAME';
  readonly help: string;
}
type FieldOptions = {
  readonly [Role in FieldRole as `${Role}-field`]: MappingOption<
    Role extends 'text' ? 'list' : 'text'
  >;
};

/** `--text-field` and so on: one option for each field role. */
const fieldOptions = Object.fromEntries(
  fieldRoleNames.map((role): readonly [string, MappingOption<'list' | 'text'>] => [
    `${role}-field`,
    {
      type: role === 'text' ? 'list' : 'text',
      placeholder: 'NAME',
      help: fieldRoles[role].help,
    },
  ]),
) as FieldOptions;

/** How a file is read, where the guess is wrong. */
export const readingOptions = {
  delimiter: {
    type: 'text',
    placeholder: 'TEXT',
    help: 'what separates values: a character or two, or "tab"',
  },
  quote: {
    type: 'text',
    placeholder: 'QUOTE',
    choices: ['double', 'single', 'none'],
    help: 'quotes around values; with "none" they are text',
  },
  escape: {
    type: 'text',
    placeholder: 'HOW',
    choices: escapeNames,
    help: 'how a quote within a quoted value is written',
  },
  encoding: {
    type: 'text',
    placeholder: 'NAME',
    help: 'encoding of the file, such as windows-1250, cp850 or shift_jis',
  },
  header: { type: 'flag', help: 'the first row names the columns' },
  'no-header': { type: 'flag', help: 'the first row is a note already' },
  'skip-rows': { type: 'number', placeholder: 'N', help: 'lines above the header to leave out' },
  format: {
    type: 'text',
    placeholder: 'FORMAT',
    choices: formatNames,
    help: 'format of the file, whatever its name',
  },
  'missing-values': {
    type: 'text',
    placeholder: 'LIST',
    help: 'values that count as missing, with commas between; replaces the usual ones (NULL, NA, nan, None …)',
  },
  'date-order': {
    type: 'text',
    placeholder: 'ORDER',
    choices: dateOrders,
    help: 'how dates are written, where most of them can be read in several ways',
  },
  'join-lines': {
    type: 'text',
    placeholder: 'FIELD',
    help: 'column that numbers the lines of a note, where each line is a row: rows of the same id are joined',
  },
  keep: {
    type: 'list',
    placeholder: 'FIELD',
    help: 'further column to keep with every note, for filters, colours and targets; may be repeated',
  },
} as const satisfies OptionTable;

const folderOptions = {
  'group-from-folder': {
    type: 'flag',
    help: 'each sub-folder holds the notes of one patient, which stay together in a split',
  },
} as const satisfies OptionTable;

/** Which field is what, and how the file is read. */
export const mappingOptions = { ...fieldOptions, ...folderOptions, ...readingOptions } as const;

export const corpusOptions = {
  corpus: {
    type: 'text',
    placeholder: 'SOURCE',
    required: true,
    help: `${sourceKinds()} (also .gz)`,
  },
  ...mappingOptions,
} as const satisfies OptionTable;

export const jsonOption = {
  json: { type: 'flag', help: 'print one JSON document on standard output' },
} as const satisfies OptionTable;

/** For models whose folder has none. */
export const promptOptions = {
  'query-prompt': {
    type: 'text',
    placeholder: 'TEXT',
    help: 'text before every query, for a model without a query prompt of its own',
  },
  'document-prompt': {
    type: 'text',
    placeholder: 'TEXT',
    help: 'text before every note, for a model without a document prompt of its own',
  },
} as const satisfies OptionTable;

export function givenPrompts(options: ParsedOptions<typeof promptOptions>): GivenPrompts {
  const { 'query-prompt': query, 'document-prompt': document } = options;
  return {
    ...(query === null ? {} : { query }),
    ...(document === null ? {} : { document }),
  };
}

/** For models on a hub. */
export const agreeOption = {
  yes: { type: 'flag', help: 'agree to download a model that is named hub:owner/name' },
} as const satisfies OptionTable;

/** @param uses what the command uses the device for */
export function deviceOption<Use extends DeviceUse>(
  ...uses: readonly Use[]
): { readonly device: DeviceOption<Use> } {
  return {
    device: {
      type: 'text',
      placeholder: 'DEVICE',
      choices: devicesFor(...uses),
      help: 'where to compute; auto takes the fastest that gives right answers',
    },
  };
}

interface DeviceOption<Use extends DeviceUse> {
  readonly type: 'text';
  readonly placeholder: 'DEVICE';
  readonly choices: readonly ReturnType<typeof devicesFor<Use>>[number][];
  readonly help: string;
}

export const seedOption = {
  seed: { type: 'number', placeholder: 'N', help: 'seed of everything that is drawn (default 0)' },
} as const satisfies OptionTable;

export function corpusSpec(
  source: string,
  options: ParsedOptions<typeof mappingOptions>,
  cwd: string,
): CorpusSpec {
  const mapping: Partial<Record<FieldRole, string>> = {};
  const [text, ...moreText] = options['text-field'];
  for (const role of fieldRoleNames) {
    const field = role === 'text' ? text : options[`${role}-field`];
    if (field !== null && field !== undefined) mapping[role] = field;
  }
  if (options['group-from-folder']) {
    if (mapping.group !== undefined) {
      throw usageError('Give either --group-field or --group-from-folder, not both.');
    }
    mapping.group = firstFolderField;
  }
  const reading = { ...readingOf(options), ...(moreText.length === 0 ? {} : { moreText }) };
  return {
    source: absolute(source, cwd),
    mapping,
    ...(Object.keys(reading).length === 0 ? {} : { reading }),
  };
}

const quotes = { double: '"', single: "'", none: 'none' } as const;

function readingOf(options: ParsedOptions<typeof readingOptions>): Reading {
  const { delimiter, quote, escape, encoding, header, format } = options;
  const { keep, 'date-order': dateOrder, 'join-lines': joinLines } = options;
  const { 'no-header': noHeader, 'skip-rows': skipRows, 'missing-values': missing } = options;
  if (header && noHeader) throw usageError('Give either --header or --no-header, not both.');
  return {
    ...(delimiter === null ? {} : { delimiter: delimiterOf(delimiter) }),
    ...(quote === null ? {} : { quote: quotes[quote] }),
    ...(escape === null ? {} : { escape }),
    ...(encoding === null ? {} : { encoding }),
    ...(header || noHeader ? { header } : {}),
    ...(skipRows === null ? {} : { skipRows }),
    ...(format === null ? {} : { format }),
    ...(missing === null ? {} : { missingValues: missing.split(',').map((value) => value.trim()) }),
    ...(dateOrder === null ? {} : { dateOrder }),
    ...(joinLines === null ? {} : { joinLines }),
    ...(keep.length === 0 ? {} : { keep }),
  };
}

export function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
