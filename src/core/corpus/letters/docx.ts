/**
 * Reads Word documents (Office Open XML, ECMA-376) as text: headers, body, footers. Written here
 * because `mammoth` leaves out headers and footers, in which letters have their date and address.
 */
import path from 'node:path';
import { Parser } from 'htmlparser2';
import { usageError } from '../../base/errors.js';
import { readWordXml } from './docxText.js';
import { createLeftOut, tidyLines } from './letter.js';
import type { Letter } from './letter.js';
import { openZip } from './zip.js';
import type { Zip } from './zip.js';

/** @throws a usage error that ends the sentence "NAME …" */
export function readDocx(bytes: Buffer): Letter {
  const zip = openZip(bytes);
  const damaged = 'is damaged or cut off: copy it again from its source.';
  if (zip === null) throw usageError(damaged);
  try {
    return read(zip);
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined) {
      throw usageError(damaged);
    }
    throw error;
  }
}

function read(zip: Zip): Letter {
  const root = relationsOf(zip, '').find(({ type }) => type === 'officeDocument');
  const main = root?.target ?? 'word/document.xml';
  const body = zip.read(main);
  if (body === null) {
    throw usageError('is a ZIP file but no Word document: unpack it, or save it as .docx.');
  }
  const leftOut = createLeftOut();
  const document = readWordXml(body.toString('utf8'), leftOut);
  const relations = relationsOf(zip, main);
  const part = (ids: readonly string[]): string[] => {
    const targets = relations.filter(({ id }) => ids.includes(id)).map(({ target }) => target);
    const texts = [...new Set(targets)].map((target) => {
      const xml = zip.read(target);
      return xml === null ? '' : readWordXml(xml.toString('utf8'), leftOut).text;
    });
    return [...new Set(texts)].filter((text) => text !== '');
  };
  const texts = [...part(document.headers), document.text, ...part(document.footers)];
  return { text: tidyLines(texts.join('\n')), leftOut: leftOut.counts };
}

interface Relation {
  readonly id: string;
  /** The last part of its address. */
  readonly type: string;
  /** Name of a member. */
  readonly target: string;
}

/** @param source name of the member that has the relations; empty for the package */
function relationsOf(zip: Zip, source: string): Relation[] {
  const folder = path.posix.dirname(source);
  const file = path.posix.join(folder, '_rels', `${path.posix.basename(source)}.rels`);
  const xml = zip.read(file)?.toString('utf8') ?? '';
  const found: Relation[] = [];
  const parser = new Parser(
    {
      onopentag(name, { Id: id = '', Type: type = '', Target: target = '' }) {
        if (name !== 'Relationship') return;
        const isAbsolute = target.startsWith('/');
        found.push({
          id,
          type: type.slice(type.lastIndexOf('/') + 1),
          target: isAbsolute ? target.slice(1) : path.posix.join(folder, target),
        });
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return found;
}
