/** The text of a part of a Word document: its body, a header or a footer. */
import { Parser } from 'htmlparser2';
import type { LeftOutCounts, LeftOutKind } from './letter.js';
import { symbolText } from './symbols.js';
import { createTextLayout } from './textLayout.js';

export interface WordText {
  readonly text: string;
  /** Ids of relations, in the order of the document. */
  readonly headers: readonly string[];
  readonly footers: readonly string[];
}

/** Elements whose content is no text of the document, and what is counted for each. */
const skipped: Readonly<Record<string, LeftOutKind | null>> = {
  del: 'deleted',
  moveFrom: 'deleted',
  Fallback: null,
  instrText: null,
  delText: null,
  object: 'object',
  altChunk: 'object',
  pPrChange: null,
  rPrChange: null,
};

const counted: Readonly<Record<string, LeftOutKind>> = {
  blip: 'image',
  imagedata: 'image',
  chart: 'object',
  footnoteReference: 'footnote',
  endnoteReference: 'endnote',
  commentReference: 'comment',
};

/** Elements that stand for characters. */
const characters: Readonly<Record<string, string>> = {
  tab: '\t',
  ptab: '\t',
  noBreakHyphen: '-',
};

/** @param leftOut is added to */
export function readWordXml(xml: string, leftOut: LeftOutCounts): WordText {
  const layout = createTextLayout();
  const headers: string[] = [];
  const footers: string[] = [];
  /** Depth within an element that is skipped; 0 outside. */
  let skipping = 0;
  let properties = 0;
  let isHidden = false;
  let isText = false;

  function put(text: string): void {
    if (!isHidden) layout.text(text);
    else if (text.trim() !== '') leftOut.add('hidden');
  }

  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const name = local(tag);
        const what = skipped[name];
        if (skipping > 0 || what !== undefined) {
          if (skipping++ === 0 && what !== undefined && what !== null) leftOut.add(what);
          return;
        }
        if (name === 'rPr' || name === 'pPr') properties++;
        // A tab within properties is a tab stop.
        if (properties > 0) {
          const value = attributes['w:val'];
          if (name === 'vanish' && value !== '0' && value !== 'false') isHidden = true;
          return;
        }
        if (name === 'r') isHidden = false;
        else if (name === 't') isText = true;
        else if (name === 'tbl') layout.beginTable();
        else if (name === 'br' || name === 'cr') layout.lineBreak();
        else if (name === 'sym') {
          const code = Number.parseInt(attributes['w:char'] ?? '', 16);
          if (!Number.isNaN(code)) put(symbolText(code & 0xff));
        } else if (name === 'txbxContent') layout.newLine();
        const character = characters[name];
        if (character !== undefined) put(character);
        const kind = counted[name];
        if (kind !== undefined) leftOut.add(kind);
      },
      onclosetag(tag) {
        const name = local(tag);
        if (skipping > 0) {
          skipping--;
          return;
        }
        if (name === 'headerReference' || name === 'footerReference') return;
        if (name === 'rPr' || name === 'pPr') {
          properties--;
          // The mark of a paragraph may be hidden without its text.
          if (name === 'pPr') isHidden = false;
        }
        if (properties > 0) return;
        if (name === 't') isText = false;
        else if (name === 'r') isHidden = false;
        else if (name === 'p') layout.lineBreak();
        else if (name === 'tc') layout.endCell();
        else if (name === 'tr') layout.endRow();
        else if (name === 'tbl') layout.endTable();
      },
      ontext(text) {
        if (isText && skipping === 0) put(text);
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  for (const [, kind, attributes = ''] of xml.matchAll(
    /<(?:\w+:)?(header|footer)Reference\s([^>]*)>/g,
  )) {
    const id = /\bid="([^"]*)"/.exec(attributes)?.[1];
    if (id !== undefined) (kind === 'header' ? headers : footers).push(id);
  }
  return { text: layout.whole(), headers, footers };
}

function local(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}
