/** Which field is the text, the id, the category...: as the user said, or guessed from its name. */
import { usageError } from '../base/errors.js';
import type { Row, RowSource } from './corpus.js';
import type { FieldMapping } from './document.js';

export type Part = keyof FieldMapping;

/** In this order a field is given away: a name that could be two parts is the first one. */
export const parts: readonly Part[] = ['text', 'id', 'group', 'split', 'date', 'category', 'label'];

/** Usual names, likeliest first, in lower case without spaces, dashes and underscores. */
const usualNames: Readonly<Record<Part, readonly string[]>> = {
  text: words(
    'text notetext note clinicalnote clinicaltext notes narrative freetext body content transcription ' +
      'reporttext report incidentdescription eventdescription description whathappened details comment ' +
      'comments progressnote dischargesummary document letter message summary',
  ),
  id: words(
    'id noteid documentid docid rowid recordid reportid incidentid eventid reference incidentnumber uid uuid guid key',
  ),
  group: words(
    'group groupid patientid subjectid patient subject personid clientid patientno patientnumber ' +
      'hospitalnumber hospno mrn nhsnumber nhsno rionumber brcid pseudoid empi',
  ),
  split: words('split subset partition datasetsplit'),
  date: words(
    'date notedate documentdate chartdate charttime incidentdate eventdate reportdate entrydate ' +
      'admissiondate dischargedate contactdate createddate createdat recordedat datetime timestamp time',
  ),
  category: words(
    'category notecategory notetype documenttype doctype incidentcategory eventtype incidenttype ' +
      'referralteam team specialty speciality service department type class section',
  ),
  label: words(
    'label labels target triagelabel triage triagecategory degreeofharm harm severity acuity outcome ' +
      'diagnosis sentiment y',
  ),
};

function words(list: string): readonly string[] {
  return list.split(' ');
}

function plainName(field: string): string {
  return field.toLowerCase().replace(/[\s_\-.]+/g, '');
}

/** Completes the user's mapping; a mapped field that is not there is refused by name. */
export async function resolveMapping(
  source: RowSource,
  asked: Partial<FieldMapping>,
  signal?: AbortSignal,
): Promise<FieldMapping> {
  const mapping: Record<Part, string | null> = {
    text: null,
    id: null,
    category: null,
    label: null,
    group: null,
    date: null,
    split: null,
  };
  const taken = new Set<string>();
  for (const part of parts) {
    const name = asked[part];
    if (name === undefined || name === null) continue;
    mapping[part] = await findField(source, part, name, signal);
    taken.add(mapping[part]);
  }
  for (const part of parts) {
    if (asked[part] !== undefined) continue;
    const natural = source.natural[part];
    const guessed = guessByName(source.fields, part, taken) ?? natural ?? null;
    mapping[part] = guessed;
    if (guessed !== null) taken.add(guessed);
  }
  if (mapping.text === null && source.kind !== 'folder') {
    mapping.text = asked.text === null ? null : guessByLength(source, taken);
    if (mapping.text === null) {
      throw usageError(
        `No field looks like the text of a note: map the text to one of ${listed(source.fields)}.`,
      );
    }
  }
  return mapping;
}

async function findField(
  source: RowSource,
  part: Part,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  if (source.fields.includes(name)) return name;
  const alike = source.fields.filter((field) => plainName(field) === plainName(name));
  if (alike.length === 1 && alike[0] !== undefined) return alike[0];
  if (await source.hasField(name, signal)) return name;
  throw usageError(
    `The ${part} is mapped to "${name}", which the corpus does not have: choose one of ${listed(source.fields)}.`,
  );
}

function listed(fields: readonly string[]): string {
  if (fields.length === 0) return '(it has no fields)';
  const shown = fields.slice(0, 20).map((field) => `"${field}"`);
  return shown.join(', ') + (fields.length > 20 ? ` and ${fields.length - 20} more` : '');
}

function guessByName(
  fields: readonly string[],
  part: Part,
  taken: ReadonlySet<string>,
): string | null {
  for (const usual of usualNames[part]) {
    for (const field of fields) {
      if (!taken.has(field) && plainName(field) === usual) return field;
    }
  }
  return null;
}

/** The field with the longest values, if they are longer than codes and names are. */
function guessByLength(source: RowSource, taken: ReadonlySet<string>): string | null {
  let best: string | null = null;
  let longest = 20;
  for (const field of source.fields) {
    if (taken.has(field)) continue;
    const length = meanLength(source.sample, field);
    if (length > longest) {
      best = field;
      longest = length;
    }
  }
  return best;
}

function meanLength(rows: readonly Row[], field: string): number {
  let total = 0;
  for (const row of rows) total += row.value(field)?.length ?? 0;
  return rows.length === 0 ? 0 : total / rows.length;
}
