/** Small tables as hospital systems export them, if they are there. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import type { Document } from '../../../src/core/corpus/document.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { DateOrder } from '../../../src/protocol/catalogue/reading.js';
import { skipOrFail } from '../../host/skip.js';

const folder = fileURLToPath(new URL('../../../../shared/data/cases', import.meta.url));

/** How many notes a case has. */
const cases: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      ...['backslash_newline', 'comment_lines', 'cr_inside', 'cr_inside_unquoted', 'cr_only'],
      ...['delim_caret_nocomma', 'delim_ctrlA_nocomma', 'delim_hdr_commas', 'delim_pipe_txt'],
      ...['excel_semicolon', 'excel_sep_quoted', 'excel_unicode', 'footer_total', 'headerless'],
      ...['map_multiindex', 'mimic3', 'mixed_eol_header_crlf', 'mixed_eol_header_lf_textlast'],
      ...['nul', 'quotes_all_trailing_space', 'r_na', 'r_write_table', 'sep_utf16'],
      ...['single_quotes', 'space_after_comma', 'spark_backslash', 'sqlcmd', 'ssms_null'],
      ...['json_array', 'json_lines_named_json', 'json_array_pretty_jsonl', 'json_concat'],
      ...['json_trailing_commas', 'json_nan', 'json_bigint', 'jsonl_bom_mid', 'label_studio'],
      ...['label_studio_jsonl', 'prodigy', 'doccano', 'bioc', 'medcat_export', 'fhir'],
      ...[
        'excel_trunc',
        'excel_sci_ids',
        'json_nested_meta',
        'es_bulk',
        'json_text_list',
        'json_epoch',
      ],
      ...['ssms_textlast', 'ssms_unquoted_newline', 'title_rows', 'title_rows_short', 'gz_multi'],
    ].map((name) => [name, 20]),
  ),
  // The first of ten files.
  ...{ n2c2_xml: 1, n2c2_mixed: 1 },
  ...{ tsv_quote_none: 40, tsv_quote_open: 40, nullgroup_all: 60, rpdr_txt: 12 },
  ...{ enc_gbk: 5, enc_latin2: 5, enc_macroman: 5, enc_cp850: 5, enc_utf32: 5, enc_double: 5 },
};

/** What is found in a case by names and values: the mapping, the first date, what is said. */
const found: Readonly<Record<string, Found>> = {
  map_document_name: { mapping: { text: 'contents' } },
  map_epic: { mapping: { text: 'NOTE_TEXT', category: 'NOTE_TYPE_NAME', group: 'PAT_MRN_ID' } },
  map_mtsamples: { mapping: { text: 'transcription', category: 'medical_specialty' } },
  map_note_number: { mapping: { text: 'note_body' } },
  map_text_flag: { mapping: { text: 'report_body' } },
  summary_vs_body: { mapping: { text: 'body_of_note' } },
  two_text_cols: { says: '"objective", "assessment", "plan" hold text too' },
  line_per_row: { says: '--join-lines LINE', notes: 70 },
  dates_compact: { date: '2024-03-01T10:15:00' },
  dates_excel_serial: { date: '2024-02-29T10:15:01' },
  dates_oracle: { date: '2024-03-01T10:15:00' },
  dates_one_typo: { date: null, order: 'month-first', notes: 28 },
  json_epoch: { date: '2024-03-02', order: 'epoch-milliseconds' },
  nullgroup_all: { notes: 60, says: 'Missing in "patient_id": NULL (60)' },
  excel_trunc: { says: '5 notes are just 32,767 characters long' },
  excel_sci_ids: { mapping: { id: null }, says: 'which Excel has rounded' },
};

interface Found {
  readonly mapping?: Partial<FieldMapping>;
  readonly notes?: number;
  /** Of the first note. */
  readonly date?: string | null;
  readonly order?: DateOrder;
  readonly says?: string;
}

const encodings: Readonly<Record<string, string>> = {
  enc_gbk: 'gb18030',
  enc_macroman: 'macroman',
  enc_cp850: 'cp850',
  enc_utf32: 'utf-32le',
};

/** What the first note of a case holds. */
const firsts: Readonly<Record<string, Partial<Document>>> = {
  json_bigint: { id: '9007199254740990000' },
  doccano: { label: 'SIGN; DRUG' },
  prodigy: { label: 'SIGN' },
  label_studio: { label: 'Sign', category: 'ward' },
  json_nested_meta: { group: 'p0', category: 'ward' },
  bioc: { id: '1' },
  es_bulk: { id: '1' },
  fhir: { id: 'd1' },
};

async function fileOf(name: string, context: TestContext): Promise<string> {
  const [file] = existsSync(path.join(folder, name)) ? await readdir(path.join(folder, name)) : [];
  if (file === undefined) return skipOrFail(context, `${folder} does not hold ${name}`);
  return path.join(folder, name, file);
}

describe('A table as it is exported', () => {
  it.for(['parquet', 'xlsx'])(
    '%s: refused in one sentence, as it is cut off',
    async (name, context) => {
      const source = path.join(folder, name, `notes.${name}`);
      if (!existsSync(source)) skipOrFail(context, `${folder} does not hold ${name}`);
      await expect(openCorpus({ source, mapping: {} })).rejects.toThrow(/damaged/);
    },
  );

  it.for(Object.entries(cases))('%s: %i notes', async ([name, notes], context) => {
    const corpus = await openCorpus({ source: await fileOf(name, context), mapping: {} });
    let read = 0;
    for await (const document of corpus.read()) {
      const { id, text, row, category } = document;
      if (read++ === 0) expect(document).toMatchObject(firsts[name] ?? {});
      expect(id).not.toMatch(/["'\r\n]/);
      expect(id.length).toBeLessThan(20);
      const endings = text.match(/Review number \d+\./g);
      if (corpus.kind !== 'csv' && corpus.kind !== 'tsv') expect(endings).toHaveLength(1);
      expect(text).not.toMatch(corpus.dialect?.quote === null ? /[\r\0]$/ : /^["'\r]|[\r\0]$/);
      expect(row).toBeGreaterThan(0);
      expect(category).not.toBe('NULL');
    }
    expect(read).toBe(notes);
    const said = corpus.problems.map(({ what }) => what).join('\n');
    if (name === 'excel_trunc') expect(said).toContain('just 32,767 characters');
    if (name === 'excel_sci_ids') expect(said).toContain('Excel has rounded');
    if (encodings[name] !== undefined) expect(corpus.encoding).toBe(encodings[name]);
  });

  it.for(Object.entries(found))('%s: its fields', async ([name, expected], context) => {
    const corpus = await openCorpus({ source: await fileOf(name, context), mapping: {} });
    const documents: Document[] = [];
    for await (const document of corpus.read()) documents.push(document);
    expect(documents).toHaveLength(expected.notes ?? 20);
    expect(corpus.mapping).toMatchObject(expected.mapping ?? {});
    if (expected.date !== undefined) expect(documents[0]?.date).toBe(expected.date);
    if (expected.order !== undefined) expect(corpus.dateOrder).toBe(expected.order);
    const said = corpus.problems.map(({ what }) => what).join('\n');
    expect(said).toContain(expected.says ?? '');
  });

  it('line_per_row: a note of several rows, joined on request', async (context) => {
    const corpus = await openCorpus({
      source: await fileOf('line_per_row', context),
      mapping: {},
      reading: { joinLines: 'LINE' },
    });
    for await (const { text } of corpus.read()) expect(text).toMatch(/\nReview number \d+\.$/);
  });
});

/** Folders, and markup in columns: how many notes, and what must be said of them. */
const others: Readonly<Record<string, readonly [notes: number, said: RegExp | null]>> = {
  rtf_column: [20, /20 RTF texts were read as plain text/],
  html_column: [20, /20 HTML texts were read as plain text/],
  rtf_as_txt: [5, /5 RTF texts were read as plain text/],
  folder_txt_gz: [10, null],
  folder_mixed_ext: [7, /5 files ending in \.note were not read/],
  folder_per_patient: [36, /use --group-from-folder/],
  brat: [10, /10 files ending in \.ann were not read/],
  meta_no_ext: [5, null],
  meta_other: [5, /Not read, since this describes the notes already/],
  spark_parts: [30, /3 files are read as one/],
  n2c2_xml: [10, /10 files are read as one/],
  n2c2_mixed: [10, /Not read, as they are about the data: README\.txt/],
};

describe('A folder, or markup, as it is exported', () => {
  it.for(Object.entries(others))('%s', async ([name, [notes, said]], context) => {
    const source = path.join(folder, name);
    const files = existsSync(source) ? await readdir(source) : [];
    if (files.length === 0) skipOrFail(context, `${folder} does not hold ${name}`);
    const isTable = name.endsWith('_column');
    const corpus = await openCorpus({
      source: isTable ? path.join(source, files[0] ?? '') : source,
      mapping: {},
    });
    let read = 0;
    for await (const { text } of corpus.read()) {
      read++;
      expect(text).toMatch(/^\s*[A-Z]/);
      expect(text).not.toMatch(/\\|[<>{}]|&\w+;/);
      expect(text.match(/Review number/g)).toHaveLength(1);
    }
    expect(read).toBe(notes);
    const remarks = corpus.problems.map(({ what }) => what).join('\n');
    if (said !== null) expect(remarks).toMatch(said);
  });
});
