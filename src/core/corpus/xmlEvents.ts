/** Events of an XML text, piece by piece; names without their namespace's prefix. */
import { SaxesParser } from 'saxes';
import { createXmlMender } from './xmlMend.js';
import type { XmlFaults } from './xmlMend.js';

export type XmlEvent =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly line: number;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string; readonly line: number };

export interface XmlEvents {
  push(piece: string): XmlEvent[];
  end(): XmlEvent[];
}

export function createXmlEvents(faults: XmlFaults): XmlEvents {
  let events: XmlEvent[] = [];
  // Several documents may stand in one file, each with an outermost element of its own.
  const parser = new SaxesParser({ fragment: true, position: true });
  Object.assign(parser.ENTITIES, { nbsp: '\u00a0' });
  const mender = createXmlMender(faults);
  parser.on('error', ({ message }) => {
    if (!betweenDocuments.test(message) && faults.count++ === 0) faults.line = parser.line;
  });
  let start = 1;
  // With many attributes, a tag ends on a later line.
  parser.on('opentagstart', () => {
    // The character behind the name was read, which may be a line break.
    start = parser.column === 0 ? parser.line - 1 : parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const own = Object.fromEntries(
      Object.entries(attributes)
        .filter(([key]) => !/^xmlns(:|$)/.test(key))
        .map(([key, value]) => [plainName(key), value]),
    );
    events.push({ kind: 'open', name: plainName(name), attributes: own, line: start });
  });
  const onText = (text: string): void => void events.push({ kind: 'text', text });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', ({ name }) => {
    events.push({ kind: 'close', name: plainName(name), line: parser.line });
  });

  function taken(): XmlEvent[] {
    const found = events;
    events = [];
    return found;
  }

  return {
    push(piece) {
      parser.write(mender.push(piece, parser.line));
      return taken();
    },
    end() {
      parser.write(mender.end(parser.line)).close();
      return taken();
    },
  };
}

export async function* xmlEvents(pieces: AsyncIterable<string>): AsyncGenerator<XmlEvent> {
  const events = createXmlEvents({ count: 0, line: 0 });
  for await (const piece of pieces) yield* events.push(piece);
  yield* events.end();
}

/** A declaration may stand above each of several documents. */
const betweenDocuments = /XML declaration|doctype declaration|expected one of encoding/;

function plainName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
