/** Finds where in a JSON text the records are. */
import { isBlank, parseJson } from './jsonParse.js';
import { isRecord } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';
import { isByColumn, recordsIn } from './recordPlaces.js';
import type { Layout } from './recordPlaces.js';

export interface JsonLayout extends Layout {
  /** One record a line, so that a broken line costs that line alone. */
  readonly isLines: boolean;
  /** Whether the text has its values by column, so that no record stands together. */
  readonly isByColumn: boolean;
}

/** Whether a text begins as records in JSON do. */
export function looksLikeJson(head: string): boolean {
  return /^[\s\ufeff\u001e]*(\[\s*)?\{\s*("|\}\s*[,\]{]?)/.test(head);
}

/** @param isWhole whether the text ends where the head ends */
export function findLayout(head: string, isWhole: boolean): JsonLayout {
  const first = start(head);
  const lines = head.split('\n');
  if (!isWhole) lines.pop();
  const full = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (head[first] === '{' && isOneALine(full)) {
    const records = full.slice(0, sampleRecords).flatMap((line) => recordIn(line) ?? []);
    const layout = recordsIn(records);
    // A single line may be an object that the records stand in.
    return { isLines: layout.path.length === 0, isByColumn: isByColumn(records), ...layout };
  }
  const trees = head[first] === undefined ? [] : valuesIn(head, isWhole);
  return { isLines: false, isByColumn: isByColumn(trees), ...recordsIn(trees) };
}

const sampleRecords = 200;

/** Most lines are objects by themselves, though some may be broken. */
function isOneALine(lines: readonly string[]): boolean {
  const some = lines.slice(0, 50);
  const objects = some.filter((line) => recordIn(line) !== null).length;
  return some.length > 1 ? objects > some.length / 2 : objects === 1;
}

/** The object that a line is, but for a comma at its end; `null` otherwise. */
export function recordIn(line: string): NestedRecord | null {
  const parsed = parseJson(line);
  if (parsed === null || !isRecord(parsed.value)) return null;
  return /^[\s,\ufeff]*$/.test(line.slice(parsed.end)) ? parsed.value : null;
}

function start(text: string, from = 0): number {
  let at = from;
  while (at < text.length && (isBlank(text.charCodeAt(at)) || text[at] === ',')) at++;
  return at;
}

/** The outermost values, the last one as far as it is there. */
function valuesIn(head: string, isWhole: boolean): Nested[] {
  const values: Nested[] = [];
  for (let next = start(head); next < head.length && values.length < sampleRecords;) {
    const parsed = parseJson(head, next, !isWhole);
    if (parsed === null) {
      // Perhaps only a record in the middle is broken: read what stands above it.
      const part = parseJson(head.slice(next, upToFlaw(head, next)), 0, true);
      if (part !== null) values.push(part.value);
      break;
    }
    values.push(parsed.value);
    next = start(head, parsed.end);
  }
  return values;
}

/** The longest beginning that can be read, to within a few characters. */
function upToFlaw(text: string, from: number): number {
  let good = from;
  let bad = text.length;
  while (bad - good > 16) {
    const middle = (good + bad) >> 1;
    if (parseJson(text.slice(from, middle), 0, true) === null) bad = middle;
    else good = middle;
  }
  return good;
}
