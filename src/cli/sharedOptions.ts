/** Options that several commands share, and how they map to a job. */
import { isAbsolute, resolve } from 'node:path';

import type { GivenPrompts } from '../core/model/prompts.js';
import type { DeviceUse } from '../protocol/catalogue/devices.js';
import { devicesFor } from '../protocol/catalogue/deviceUses.js';
import { fieldRoleNames, fieldRoles } from '../protocol/catalogue/fieldRoles.js';
import type { FieldRole } from '../protocol/catalogue/fieldRoles.js';
import { sourceKinds } from '../protocol/catalogue/sources.js';
import type { CorpusSpec } from '../protocol/run.js';
import type { OptionTable, ParsedOptions } from './options.js';

interface MappingOption {
  readonly type: 'text';
  readonly placeholder: 'NAME';
  readonly help: string;
}
type MappingOptions = { readonly [Role in FieldRole as `${Role}-field`]: MappingOption };

/** `--text-field` and so on: one option for each field role. */
export const mappingOptions = Object.fromEntries(
  fieldRoleNames.map((role): readonly [string, MappingOption] => [
    `${role}-field`,
    { type: 'text', placeholder: 'NAME', help: fieldRoles[role].help },
  ]),
) as MappingOptions;

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

/** @param use what the command uses the device for */
export function deviceOption<Use extends DeviceUse>(
  use: Use,
): { readonly device: DeviceOption<Use> } {
  return {
    device: {
      type: 'text',
      placeholder: 'DEVICE',
      choices: devicesFor(use),
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
  return { source: absolute(source, cwd), mapping };
}

export function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
