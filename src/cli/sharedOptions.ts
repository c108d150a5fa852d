/** Options that several commands share, and how they map to a job. */
import { isAbsolute, resolve } from 'node:path';

import { usageError } from '../core/base/errors.js';
import type { GivenPrompts } from '../core/model/prompts.js';
import type { DeviceUse } from '../protocol/catalogue/devices.js';
import { devicesFor } from '../protocol/catalogue/deviceUses.js';
import { fieldRoleNames, fieldRoles } from '../protocol/catalogue/fieldRoles.js';
import type { FieldRole } from '../protocol/catalogue/fieldRoles.js';
import { delimiterOf, escapeNames, formatNames } from '../protocol/catalogue/reading.js';
import type { Reading } from '../protocol/catalogue/reading.js';
import { sourceKinds } from '../protocol/catalogue/sources.js';
import type { CorpusSpec } from '../protocol/run.js';
import type { OptionTable, ParsedOptions } from './options.js';

interface MappingOption {
  readonly type: 'text';
  readonly placeholder: 'NAME';
  readonly help: string;
}
type FieldOptions = { readonly [Role in FieldRole as `${Role}-field`]: MappingOption };

/** `--text-field` and so on: one option for each field role. */
const fieldOptions = Object.fromEntries(
  fieldRoleNames.map((role): readonly [string, MappingOption] => [
    `${role}-field`,
    { type: 'text', placeholder: 'NAME', help: fieldRoles[role].help },
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
} as const satisfies OptionTable;

/** Which field is what, and how the file is read. */
export const mappingOptions = { ...fieldOptions, ...readingOptions } as const;

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
  for (const role of fieldRoleNames) {
    const field = options[`${role}-field`];
    if (field !== null) mapping[role] = field;
  }
  const reading = readingOf(options);
  return {
    source: absolute(source, cwd),
    mapping,
    ...(Object.keys(reading).length === 0 ? {} : { reading }),
  };
}

const quotes = { double: '"', single: "'", none: 'none' } as const;

function readingOf(options: ParsedOptions<typeof readingOptions>): Reading {
  const { delimiter, quote, escape, encoding, header, format } = options;
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
  };
}

export function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
