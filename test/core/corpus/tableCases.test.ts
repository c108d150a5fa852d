/** Small tables as hospital systems export them, if they are there. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
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
  ...{ tsv_quote_none: 40, tsv_quote_open: 40, nullgroup_all: 60, rpdr_txt: 12 },
  ...{ enc_gbk: 5, enc_latin2: 5, enc_macroman: 5, enc_cp850: 5, enc_utf32: 5, enc_double: 5 },
};

const encodings: Readonly<Record<string, string>> = {
  enc_gbk: 'gb18030',
  enc_macroman: 'macroman',
  enc_cp850: 'cp850',
  enc_utf32: 'utf-32le',
};

describe('A table as it is exported', () => {
  it.for(Object.entries(cases))('%s: %i notes', async ([name, notes], context) => {
    const [file] = existsSync(path.join(folder, name))
      ? await readdir(path.join(folder, name))
      : [];
    if (file === undefined) skipOrFail(context, `${folder} does not hold ${name}`);
    const corpus = await openCorpus({ source: path.join(folder, name, file), mapping: {} });
    let read = 0;
    for await (const { id, text, row, category } of corpus.read()) {
      read++;
      expect(id).not.toMatch(/["'\r\n]/);
      expect(id.length).toBeLessThan(20);
      expect(text).not.toMatch(corpus.dialect?.quote === null ? /[\r\0]$/ : /^["'\r]|[\r\0]$/);
      expect(row).toBeGreaterThan(0);
      expect(category).not.toBe('NULL');
    }
    expect(read).toBe(notes);
    if (encodings[name] !== undefined) expect(corpus.encoding).toBe(encodings[name]);
  });
});
