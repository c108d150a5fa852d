/** Streams the events of an XML text; names without their namespace's prefix. */
import { SaxesParser } from 'saxes';

export type XmlEvent =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly line: number;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string; readonly line: number };

export interface XmlFaults {
  /** Places where the text is not XML as it should be; read as well as can be. */
  count: number;
  line: number;
}

/** @param faults counts what is wrong instead of failing */
export async function* xmlEvents(
  pieces: AsyncIterable<string>,
  faults: XmlFaults,
): AsyncGenerator<XmlEvent> {
  let events: XmlEvent[] = [];
  // Several documents may stand in one file, each with an outermost element of its own.
  const parser = new SaxesParser({ fragment: true, position: true });
  parser.on('error', () => {
    if (faults.count++ === 0) faults.line = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const own = Object.fromEntries(
      Object.entries(attributes)
        .filter(([key]) => !/^xmlns(:|$)/.test(key))
        .map(([key, value]) => [plainName(key), value]),
    );
    events.push({ kind: 'open', name: plainName(name), attributes: own, line: parser.line });
  });
  const onText = (text: string): void => void events.push({ kind: 'text', text });
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', ({ name }) => {
    events.push({ kind: 'close', name: plainName(name), line: parser.line });
  });
  for await (const piece of pieces) {
    parser.write(piece);
    yield* events;
    events = [];
  }
  parser.close();
  yield* events;
}

function plainName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
