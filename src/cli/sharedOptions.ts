/** Options that several commands take, and what they mean to a job. */
import { isAbsolute, resolve } from 'node:path';

import type { CorpusSpec, DeviceName, FieldMapping } from '../protocol/run.js';
import type { OptionTable, ParsedOptions } from './options.js';

export const mappingOptions = {
  'text-field': { type: 'text', placeholder: 'NAME', help: "field that holds the note's text" },
  'id-field': { type: 'text', placeholder: 'NAME', help: 'field that names a note' },
  'category-field': { type: 'text', placeholder: 'NAME', help: 'field with the category' },
  'label-field': { type: 'text', placeholder: 'NAME', help: 'field with a label to predict' },
  'group-field': {
    type: 'text',
    placeholder: 'NAME',
    help: 'field with the patient, kept together in a split',
  },
  'date-field': { type: 'text', placeholder: 'NAME', help: 'field with the date' },
  'split-field': { type: 'text', placeholder: 'NAME', help: 'field with train or test' },
} as const satisfies OptionTable;

export const corpusOptions = {
  corpus: {
    type: 'text',
    placeholder: 'SOURCE',
    required: true,
    help: 'folder of .txt and .md notes, or a .csv, .tsv or .jsonl file (also .gz)',
  },
  ...mappingOptions,
} as const satisfies OptionTable;

export const jsonOption = {
  json: { type: 'flag', help: 'print one JSON document on standard output' },
} as const satisfies OptionTable;

/** For models of a hub. */
export const agreeOption = {
  yes: { type: 'flag', help: 'agree to download a model that is named hub:owner/name' },
} as const satisfies OptionTable;

export const deviceOption = {
  device: {
    type: 'text',
    placeholder: 'DEVICE',
    choices: ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'],
    help: 'where to compute; auto takes the fastest that gives right answers',
  },
} as const satisfies OptionTable;

export const seedOption = {
  seed: { type: 'number', placeholder: 'N', help: 'seed of everything that is drawn (default 0)' },
} as const satisfies OptionTable;

export function corpusSpec(
  source: string,
  options: ParsedOptions<typeof mappingOptions>,
  cwd: string,
): CorpusSpec {
  const mapping: Partial<Record<keyof FieldMapping, string>> = {};
  for (const part of ['text', 'id', 'category', 'label', 'group', 'date', 'split'] as const) {
    const field = options[`${part}-field`];
    if (field !== null) mapping[part] = field;
  }
  return { source: absolute(source, cwd), mapping };
}

export function deviceOf(options: ParsedOptions<typeof deviceOption>): DeviceName {
  return (options.device ?? 'auto') as DeviceName;
}

export function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
