import type { ReaderName } from '../../protocol/catalogue/readers.js';
import type { Reader } from './corpus.js';
import { folderReader } from './folder.js';
import { jsonlReader, jsonReader } from './json.js';
import { parquetReader } from './parquet.js';
import { csvReader, tsvReader } from './table.js';
import { xlsxReader } from './xlsx.js';
import { xmlReader } from './xml.js';

/** Every reader, by its name in the catalogue. */
export const readers: Readonly<Record<ReaderName, Reader>> = {
  folder: folderReader,
  csv: csvReader,
  tsv: tsvReader,
  jsonl: jsonlReader,
  json: jsonReader,
  parquet: parquetReader,
  xlsx: xlsxReader,
  xml: xmlReader,
};
