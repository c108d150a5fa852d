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
import { openZipBytes } from '../zip.js';
import type { ZipFile } from '../zip.js';

/** No part of a letter is larger; a file that says so is made to fill the memory. */
const mostBytes = 256 * 1024 * 1024;

/** @throws a usage error that ends the sentence "NAME …" */
export async function readDocx(bytes: Buffer): Promise<Letter> {
  const zip = await openZipBytes(bytes);
  const root = (await relationsOf(zip, '')).find(({ type }) => type === 'officeDocument');
  const main = root?.target ?? 'word/document.xml';
  const body = await partOf(zip, main);
  if (body === null) {
    throw usageError('is a ZIP file but no Word document: unpack it, or save it as .docx.');
  }
  const leftOut = createLeftOut();
  const document = readWordXml(body, leftOut);
  const relations = await relationsOf(zip, main);
  const part = async (ids: readonly string[]): Promise<string[]> => {
    const targets = relations.filter(({ id }) => ids.includes(id)).map(({ target }) => target);
    const found = new Set<string>();
    for (const target of new Set(targets)) {
      found.add(readWordXml((await partOf(zip, target)) ?? '', leftOut).text);
    }
    return [...found].filter((text) => text !== '');
  };
  const texts = [
    ...(await part(document.headers)),
    document.text,
    ...(await part(document.footers)),
  ];
  return { text: tidyLines(texts.join('\n')), leftOut: leftOut.counts };
}

/** The text of a part; `null` if there is none of that name. */
async function partOf(zip: ZipFile, name: string): Promise<string | null> {
  if (!zip.names.includes(name)) return null;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of zip.read(name)) {
    length += piece.length;
    if (length > mostBytes)
      throw usageError('holds more than 256 MB of text: too much for a note.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

interface Relation {
  readonly id: string;
  /** The last part of its address. */
  readonly type: string;
  /** Name of a member. */
  readonly target: string;
}

/** @param source name of the member that has the relations; empty for the package */
async function relationsOf(zip: ZipFile, source: string): Promise<Relation[]> {
  const folder = path.posix.dirname(source);
  const file = path.posix.join(folder, '_rels', `${path.posix.basename(source)}.rels`);
  const xml = (await partOf(zip, file)) ?? '';
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
