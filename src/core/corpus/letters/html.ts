/** Reads HTML as text, as a browser would copy it: blocks on lines of their own, a table's row on one. */
import { Parser } from 'htmlparser2';
import {
  blockElements,
  gapElements,
  isElement,
  silentElements,
  unseenElements,
} from './htmlElements.js';
import { isComment, isTag, withEndTags, withSigns } from './htmlTags.js';
import { createLeftOut } from './letter.js';
import type { Letter } from './letter.js';
import { createTextLayout } from './textLayout.js';

/**
 * @param given of a whole document or a part of one. What looks like a tag of no known element, such as
 *   `<NAME>`, is text.
 * @param keepsLines whether line breaks in the source are the text's own, as where nothing but `<br>` or
 *   `&amp;` was put into a plain text
 */
export function readHtml(given: string, keepsLines = !hasBlocks(given)): Letter {
  const html = withEndTags(given);
  const leftOut = createLeftOut();
  const layout = createTextLayout();
  /** Elements that are open and hide what they hold. */
  const hiding: string[] = [];
  let preformatted = 0;
  /** Where the parser began, and the offset after the last thing that was read. */
  let base = 0;
  let read = 0;
  const isPage = /<(!doctype|html|head|body)[\s>]/i.test(html);
  const lastEnds = new Map<string, number>();

  /** Whether an element that hides what it holds has an end: else it would hide all the rest. */
  function hasEnd(name: string): boolean {
    let last = lastEnds.get(name);
    if (last === undefined) {
      last = html.toLowerCase().lastIndexOf(`</${name}`);
      lastEnds.set(name, last);
    }
    return last >= read;
  }

  function put(written: string): void {
    if (hiding.length > 0) return;
    const text = withSigns(written);
    if (keepsLines || preformatted > 0) {
      layout.text(text);
      return;
    }
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ');
    layout.text(layout.isAtBlank() ? collapsed.replace(/^ /, '') : collapsed);
  }

  function open(name: string, attributes: Readonly<Record<string, string>>, written: string): void {
    // A title that is no page's is a word in angle brackets.
    if (name === 'title' && !isPage) return;
    if (hiding.length > 0 || isHidden(name, attributes)) {
      if (voidElements.has(name)) return;
      if (hiding.length === 0 && !hasEnd(name)) {
        if (isPage) leftOut.add('end');
        else {
          put(written);
          return;
        }
      } else if (hiding.length === 0 && !silentElements.has(name)) leftOut.add('hidden');
      hiding.push(name);
      return;
    }
    if (name === 'br') layout.lineBreak();
    else if (name === 'table') layout.beginTable();
    else if (gapElements.has(name)) layout.gap();
    else if (blockElements.has(name)) layout.newLine();
    if (name === 'pre' || name === 'textarea') preformatted++;
    if (name === 'img' || name === 'svg' || name === 'canvas') {
      const alternative = attributes['alt']?.trim() ?? '';
      if (alternative === '') leftOut.add('image');
      else put(alternative);
    } else if (name === 'object' || name === 'embed' || name === 'iframe' || name === 'video') {
      leftOut.add('object');
    } else if (name === 'input') put(inputText(attributes));
  }

  function close(name: string): void {
    if (hiding.length > 0) {
      const at = hiding.lastIndexOf(name);
      if (at >= 0) hiding.length = at;
      return;
    }
    if (name === 'td' || name === 'th') layout.endCell();
    else if (name === 'tr') layout.endRow();
    else if (name === 'table') layout.endTable();
    else if (gapElements.has(name)) layout.gap();
    else if (blockElements.has(name)) layout.newLine();
    if (name === 'pre' || name === 'textarea') preformatted = Math.max(0, preformatted - 1);
  }

  const parser: Parser = new Parser({
    onopentag(name, attributes, isImplied) {
      const written = source();
      if (isElement(name) && (isImplied || isTag(written))) open(name, attributes, written);
      else put(written);
    },
    onclosetag(name, isImplied) {
      const written = isImplied ? '' : source();
      if (isElement(name)) close(name);
      else put(written);
    },
    ontext(text) {
      read = base + parser.endIndex + 1;
      put(text.replaceAll('\u00a0', ' '));
    },
    oncomment() {
      const written = source();
      const literal = /^<!\[CDATA\[([^]*?)(\]\]>)?$/.exec(written)?.[1];
      if (literal !== undefined) put(literal);
      else if (!isComment(written)) put(written);
      else if (hiding.length === 0 && holdsWords(written)) leftOut.add('comment');
    },
    onprocessinginstruction() {
      const written = source();
      if (!isComment(written)) put(written);
    },
  });
  /** What was just read, as it is written. */
  function source(): string {
    const start = Math.max(read, base + parser.startIndex);
    read = Math.max(read, base + parser.endIndex + 1);
    return html.slice(start, read);
  }
  parser.write(html);
  for (let turn = 0; ; turn++) {
    read += endTags.exec(html.slice(read))?.[0].length ?? 0;
    if (html[read] !== '<') {
      parser.end();
      break;
    }
    // What begins as a tag or a comment and never ends is text, and what follows may be markup.
    const next = turn < mostUnfinished ? html.indexOf('<', read + 1) : -1;
    const end = next < 0 ? html.length : next;
    put(html.slice(read, end));
    read = end;
    if (next < 0) break;
    base = end;
    parser.reset();
    parser.write(html.slice(base));
  }
  return { text: layout.whole(), leftOut: leftOut.counts };
}

/** Ends of nothing that is open, which the parser passes over. */
const endTags = /^(<\/[^<>]*>)*/;

/** Each is followed by reading all of the rest again. */
const mostUnfinished = 20;

/** Marks for browsers and of a clipboard are no words. */
function holdsWords(comment: string): boolean {
  return /\p{L}{2}/u.test(comment) && !/^<!--\s*(\[|(Start|End)Fragment)/i.test(comment);
}

const voidElements = new Set([
  'br',
  'hr',
  'img',
  'input',
  'meta',
  'link',
  'col',
  'wbr',
  'area',
  'base',
]);

/** Whether the text is laid out by elements, so that its own line breaks mean nothing. */
function hasBlocks(html: string): boolean {
  return /<(html|body|p|div|table|td|ul|ol|h[1-6])(\s[^<>]*)?>/i.test(html);
}

function isHidden(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (silentElements.has(name) || unseenElements.has(name) || 'hidden' in attributes) return true;
  return /(display\s*:\s*none|mso-hide\s*:\s*all)/i.test(attributes['style'] ?? '');
}

function inputText(attributes: Readonly<Record<string, string>>): string {
  const type = (attributes['type'] ?? 'text').toLowerCase();
  if (type === 'checkbox' || type === 'radio') return 'checked' in attributes ? '[x] ' : '[ ] ';
  return type === 'text' || type === 'date' || type === 'number' ? (attributes['value'] ?? '') : '';
}
