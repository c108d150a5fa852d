/**
 * Clinical text that others published, for evaluations on notes that nobody wrote for this software.
 * It is not part of the repository: a folder beside it, or the one that NOTESPACE_DATA names, holds it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TargetField } from '../../src/protocol/catalogue/fieldRoles.js';

export interface RealText {
  readonly name: string;
  /** What is predicted, for a heading. */
  readonly predicted: string;
  readonly file: string;
  readonly target: TargetField;
}

export const realTexts: readonly RealText[] = [
  {
    name: 'aci-bench sections',
    predicted: 'the section of a visit note',
    file: 'aci_bench_sections.jsonl.gz',
    target: 'category',
  },
  {
    name: 'NHS feedback',
    predicted: 'the service that a patient comments on',
    file: 'nhs_fft_v6.jsonl.gz',
    target: 'category',
  },
  {
    name: 'NEISS fireworks',
    predicted: 'the injured part of the body',
    file: 'neiss_fireworks_ed.jsonl.gz',
    target: 'label',
  },
  {
    name: 'MAUDE',
    predicted: 'the outcome of a device incident',
    file: 'maude_device_incidents.jsonl.gz',
    target: 'category',
  },
  {
    name: 'A&E admission notes',
    predicted: 'the ICD-10 chapter of an emergency admission',
    file: 'synthetic_ae_admission_notes.jsonl.gz',
    target: 'category',
  },
];

export const realTextFolder =
  process.env['NOTESPACE_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** `null` where it is missing. */
export function realTextPath({ file }: RealText): string | null {
  const path = join(realTextFolder, file);
  return existsSync(path) ? path : null;
}
