/** Cuts an XML text into records, piece by piece: the elements at a path. */
import { recordsIn } from './recordPlaces.js';
import type { Layout } from './recordPlaces.js';
import { isRecord, ownText } from './nested.js';
import type { Nested, NestedRecord } from './nested.js';
import type { RecordSplitter, SplitRecord } from './splitRecord.js';
import { createXmlEvents } from './xmlEvents.js';
import type { XmlEvent } from './xmlEvents.js';
import type { XmlFaults } from './xmlMend.js';

const html =
  /<html[\s>]|<!doctype html|^\s*<(p|div|span|br|b|i|u|font|table|ul|ol|h[1-6]|body|head|meta|style|pre)[\s/>]/i;

/** Whether a text begins as XML does; HTML is another kind. */
export function looksLikeXml(head: string): boolean {
  const start = /^[\s\ufeff]*(<\?xml[\s?]|<!--|<!DOCTYPE\s|<[a-z_][\w.:-]*[\s/>])/i;
  return start.test(head) && !html.test(head.slice(0, 2000));
}

/** Where the records are: repeated elements that hold most of the text, or the outermost one. */
export function findXmlLayout(head: string, isWhole: boolean): Layout {
  const events = createXmlEvents({ count: 0, line: 0 });
  const builder = createBuilder();
  for (const event of events.push(head)) builder.add(event);
  if (isWhole) for (const event of events.end()) builder.add(event);
  const tree = builder.whole();
  const [root] = Object.keys(tree);
  if (root === undefined) return { path: [], inner: [], others: [] };
  // A document of BioC may be alone, and its passages are no notes.
  const isBioc = isRecord(tree[root]) && root === 'collection' && 'document' in tree[root];
  const found = isBioc
    ? { path: [root, 'document'], inner: [], others: [] }
    : recordsIn([tree], false);
  return found.path.length === 0 ? { ...found, path: [root] } : found;
}

export function createXmlSplitter(path: readonly string[], faults: XmlFaults): RecordSplitter {
  const events = createXmlEvents(faults);
  const above: string[] = [];
  let builder: Builder | null = null;
  let firstLine = 1;
  let lastLine = 1;

  function take(found: readonly XmlEvent[]): SplitRecord[] {
    const records: SplitRecord[] = [];
    for (const event of found) {
      if (event.kind !== 'text') lastLine = event.line;
      if (builder === null) {
        if (event.kind === 'close') above.pop();
        if (event.kind !== 'open') continue;
        above.push(event.name);
        if (!isPath(above, path)) continue;
        builder = createBuilder();
        firstLine = event.line;
      }
      builder.add(event);
      if (builder.depth() > 0) continue;
      const value = Object.values(builder.whole())[0] ?? null;
      records.push({ line: firstLine, lastLine, value: named(value), isCutOff: false });
      builder = null;
      above.pop();
    }
    return records;
  }

  return {
    push: (piece) => take(events.push(piece)),
    end() {
      const records = take(events.end());
      if (builder !== null) {
        records.push({ line: firstLine, lastLine, value: null, isCutOff: true });
      }
      return records;
    },
  };
}

/** The record's own text gets a name. */
function named(value: Nested): NestedRecord {
  if (!isRecord(value)) return { text: value };
  const { [ownText]: text, ...others } = value;
  return text === undefined ? value : { text, ...others };
}

function isPath(names: readonly string[], path: readonly string[]): boolean {
  return names.length === path.length && path.every((name, i) => name === names[i]);
}

interface Builder {
  add(event: XmlEvent): void;
  depth(): number;
  /** The outermost elements by name, as far as they were read. */
  whole(): NestedRecord;
}

/** An element that is being read. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Map<string, Nested[]>;
  /** All text in it in order, that of the elements within it included. */
  text: string;
  /** Whether text stands beside elements. */
  hasOwnText: boolean;
}

function createBuilder(): Builder {
  const outermost = elementOf('', {});
  const open: Element[] = [outermost];

  function close(): void {
    const element = open.pop();
    const parent = open.at(-1);
    if (element === undefined || parent === undefined) return;
    const value = valueOf(element);
    const siblings = parent.children.get(element.name);
    if (siblings === undefined) parent.children.set(element.name, [value]);
    else siblings.push(value);
    parent.text += element.text;
  }

  return {
    add(event) {
      const current = open.at(-1) ?? outermost;
      if (event.kind === 'open') open.push(elementOf(event.name, event.attributes));
      else if (event.kind === 'close') close();
      else {
        current.text += event.text;
        current.hasOwnText ||= event.text.trim() !== '';
      }
    },
    depth: () => open.length - 1,
    whole() {
      while (open.length > 1) close();
      return childrenOf(outermost);
    },
  };
}

function elementOf(name: string, attributes: Readonly<Record<string, string>>): Element {
  return { name, attributes, children: new Map(), text: '', hasOwnText: false };
}

function valueOf(element: Element): Nested {
  const { attributes, children, text, hasOwnText } = element;
  const names = Object.keys(attributes);
  if (names.length === 0 && children.size === 0) return text;
  // As BioC writes a field: `<infon key="type">title</infon>`.
  const { key } = attributes;
  if (key !== undefined && names.length === 1 && children.size === 0) return { [key]: text };
  const own = hasOwnText ? { [ownText]: text } : {};
  return { ...own, ...attributes, ...childrenOf(element) };
}

function childrenOf({ children }: Element): NestedRecord {
  return Object.fromEntries(
    [...children].map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? null) : values,
    ]),
  );
}
