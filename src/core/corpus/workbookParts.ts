/** The parts of a workbook beside its cells: the sheets' names, shared strings, formats of dates. */
import { failure } from '../base/errors.js';
import type { DateKind } from './excelDates.js';
import { dateKindOf } from './excelDates.js';
import { xmlEvents } from './xmlEvents.js';
import type { XmlEvent } from './xmlEvents.js';
import type { ZipFile } from './zip.js';

export interface SheetPart {
  readonly name: string;
  readonly isHidden: boolean;
  /** Name of its file in the workbook. */
  readonly part: string;
}

export interface Workbook {
  readonly sheets: readonly SheetPart[];
  readonly since1904: boolean;
  /** What a cell's number means, by the number of its style. */
  readonly styles: readonly DateKind[];
  readonly strings: SharedStrings;
}

export interface SharedStrings {
  at(index: number): string;
}

const folder = 'xl/';

export async function readWorkbook(zip: ZipFile, signal?: AbortSignal): Promise<Workbook> {
  const parts = new Map<string, string>();
  for await (const event of eventsOf(zip, 'xl/_rels/workbook.xml.rels', signal)) {
    if (event.kind !== 'open' || event.name !== 'Relationship') continue;
    const { Id = '', Target = '', Type = '' } = event.attributes;
    if (Type.endsWith('/worksheet')) parts.set(Id, partName(Target));
  }
  const sheets: SheetPart[] = [];
  let since1904 = false;
  for await (const event of eventsOf(zip, 'xl/workbook.xml', signal)) {
    if (event.kind !== 'open') continue;
    const { attributes } = event;
    if (event.name === 'workbookPr') since1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
    const part = event.name === 'sheet' ? parts.get(attributes['id'] ?? '') : undefined;
    if (part === undefined) continue;
    const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
    sheets.push({ name: attributes['name'] ?? part, isHidden, part });
  }
  return {
    sheets,
    since1904,
    styles: await readStyles(zip, signal),
    strings: await readStrings(zip, signal),
  };
}

/** Events of a part; none if the workbook has no such part. */
export async function* eventsOf(
  zip: ZipFile,
  part: string,
  signal?: AbortSignal,
): AsyncGenerator<XmlEvent> {
  const found = zip.names.find((name) => name.toLowerCase() === part.toLowerCase());
  if (found === undefined) return;
  yield* xmlEvents(decoded(zip.read(found, signal)));
}

async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `${folder}${target}`;
}

async function readStyles(zip: ZipFile, signal?: AbortSignal): Promise<DateKind[]> {
  const formats = new Map<number, string>();
  const styles: DateKind[] = [];
  let isInCells = false;
  for await (const event of eventsOf(zip, 'xl/styles.xml', signal)) {
    if (event.kind === 'text') continue;
    if (event.name === 'cellXfs') isInCells = event.kind === 'open';
    if (event.kind !== 'open') continue;
    const id = Number(event.attributes['numFmtId'] ?? 0);
    if (event.name === 'numFmt') formats.set(id, event.attributes['formatCode'] ?? '');
    if (event.name === 'xf' && isInCells) styles.push(dateKindOf(id, formats.get(id)));
  }
  return styles;
}

/** A small file may unpack into any size. */
const mostBytes = 2 ** 31;

/**
 * All texts of the workbook, in UTF-8 outside of the heap: the sheets refer to them in any order.
 */
async function readStrings(zip: ZipFile, signal?: AbortSignal): Promise<SharedStrings> {
  let bytes = Buffer.alloc(1 << 16);
  let length = 0;
  const ends: number[] = [];
  const text = createTextOf('si');
  for await (const event of eventsOf(zip, 'xl/sharedStrings.xml', signal)) {
    const whole = text(event);
    if (whole === null) continue;
    const size = Buffer.byteLength(whole);
    if (length + size > mostBytes) {
      throw failure('The workbook holds more than 2 GB of text: export it as CSV to read it.');
    }
    if (length + size > bytes.length) {
      const larger = Buffer.alloc(Math.min(mostBytes, Math.max(2 * bytes.length, length + size)));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
    length += bytes.write(whole, length);
    ends.push(length);
  }
  return { at: (index) => bytes.toString('utf8', ends[index - 1] ?? 0, ends[index] ?? 0) };
}

/** Joins the runs of a formatted text, without how it is pronounced; gives it when the element closes. */
export function createTextOf(element: string): (event: XmlEvent) => string | null {
  let runs: string[] = [];
  let isText = false;
  let isPhonetic = false;
  return (event) => {
    if (event.kind === 'text') {
      if (isText && !isPhonetic) runs.push(event.text);
      return null;
    }
    const isOpen = event.kind === 'open';
    if (event.name === 't') isText = isOpen;
    if (event.name === 'rPh') isPhonetic = isOpen;
    if (event.name !== element) return null;
    const whole = runs.join('');
    runs = [];
    return isOpen ? null : unescaped(whole);
  };
}

/** Excel writes a control character as `_x000D_`. */
function unescaped(text: string): string {
  const plain = text.replace(/_x([0-9a-f]{4})_/gi, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return plain.replaceAll('\r\n', '\n');
}
