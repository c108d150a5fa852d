/**
 * XML as n2c2, i2b2 and BioC have it, and as databases export tables: an element for each note, by
 * itself or many in one. Reads element by element.
 */
import type { Reading } from '../../protocol/catalogue/reading.js';
import { readBytes } from './bytes.js';
import type { Reader, ReportProblem, RowSource } from './corpus.js';
import type { RecordFormat } from './recordSource.js';
import { rowOfRecord } from './recordRow.js';
import { openRecords } from './recordSource.js';
import { splitRecords } from './splitRecord.js';
import type { SplitRecord } from './splitRecord.js';
import { isEncoding } from './textEncoding.js';
import { createXmlSplitter, findXmlLayout, looksLikeXml } from './xmlRecords.js';

export const xmlReader: Reader = {
  open: openXml,
  recognises: ({ text }) => looksLikeXml(text),
  async *rowsOf(text, name) {
    const element = /<([A-Za-z_][\w.:-]*)[\s/>]/.exec(text)?.[1] ?? '';
    const plain = element.slice(element.indexOf(':') + 1);
    const splitter = createXmlSplitter([plain], { count: 0, line: 0 });
    for (const { value } of [...splitter.push(text), ...splitter.end()]) {
      if (value !== null) yield await Promise.resolve(rowOfRecord(value, `${name}:1`, 1));
    }
  },
};

async function openXml(
  file: string,
  report: ReportProblem,
  signal?: AbortSignal,
  reading: Reading = {},
): Promise<RowSource> {
  const declared = reading.encoding ?? (await declaredEncoding(file, signal));
  const formatOf = (head: string, isWhole: boolean): RecordFormat => {
    const layout = findXmlLayout(head, isWhole);
    return {
      ...{ kind: 'xml', layout, noun: 'an XML element' },
      split: (text, name, reportFault) => elements(text, layout.path, name, reportFault),
    };
  };
  return openRecords(file, declared, formatOf, report, signal);
}

async function* elements(
  text: AsyncIterable<string>,
  names: readonly string[],
  name: string,
  report: ReportProblem,
): AsyncGenerator<SplitRecord> {
  const faults = { count: 0, line: 1 };
  yield* splitRecords(text, createXmlSplitter(names, faults));
  if (faults.count > 0) {
    const places =
      faults.count === 1 ? '1 place is' : `${faults.count.toLocaleString('en')} places are`;
    report(
      `${name}:${faults.line}`,
      `${places} not XML as it should be, such as a bare & or a tag that is not closed: see that the notes are whole.`,
      'kept',
    );
  }
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>`, unless the bytes say otherwise. */
async function declaredEncoding(file: string, signal?: AbortSignal): Promise<string | undefined> {
  for await (const bytes of readBytes(file, signal)) {
    const start = bytes.toString('latin1', 0, 200);
    const found = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
    return found !== undefined && isEncoding(found) && !/^utf-?(16|32)/i.test(found)
      ? found
      : undefined;
  }
  return undefined;
}
