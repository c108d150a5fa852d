/** Reads HTML as text, as a browser would copy it: blocks on lines of their own, a table's row on one. */
import { Parser } from 'htmlparser2';
import { blockElements, gapElements, isElement, silentElements } from './htmlElements.js';
import { createLeftOut } from './letter.js';
import type { Letter } from './letter.js';
import { createTextLayout } from './textLayout.js';

/**
 * @param html of a whole document or a part of one. What looks like a tag of no known element, such as
 *   `<NAME>`, is text.
 * @param keepsLines whether line breaks in the source are the text's own, as where nothing but `<br>` or
 *   `&amp;` was put into a plain text
 */
export function readHtml(html: string, keepsLines = !hasBlocks(html)): Letter {
  const leftOut = createLeftOut();
  const layout = createTextLayout();
  /** Elements that are open and hide what they hold. */
  const hiding: string[] = [];
  let preformatted = 0;
  /** Offset after the last thing that was read. */
  let read = 0;

  function put(text: string): void {
    if (hiding.length > 0) return;
    if (keepsLines || preformatted > 0) {
      layout.text(text);
      return;
    }
    const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ');
    layout.text(layout.isAtBlank() ? collapsed.replace(/^ /, '') : collapsed);
  }

  function open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (hiding.length > 0 || isHidden(name, attributes)) {
      if (voidElements.has(name)) return;
      if (hiding.length === 0 && !silentElements.has(name)) leftOut.add('hidden');
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
    onopentag(name, attributes) {
      if (isElement(name)) open(name, attributes);
      else put(source());
    },
    onclosetag(name, isImplied) {
      if (isElement(name)) close(name);
      else if (!isImplied) put(source());
    },
    ontext(text) {
      read = parser.endIndex + 1;
      put(text.replaceAll('\u00a0', ' '));
    },
    oncomment: () => void source(),
    onprocessinginstruction: () => void source(),
  });
  /** What was just read, as it is written. */
  function source(): string {
    const start = Math.max(read, parser.startIndex);
    read = Math.max(read, parser.endIndex + 1);
    return html.slice(start, read);
  }
  parser.write(html);
  const rest = html.slice(Math.max(read, parser.endIndex + 1));
  parser.end();
  // A "<" near the end that begins no tag.
  if (rest.startsWith('<') && !/^<[/!?]/.test(rest)) put(rest);
  return { text: layout.whole(), leftOut: leftOut.counts };
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
  if (silentElements.has(name) || 'hidden' in attributes) return true;
  return /(display\s*:\s*none|mso-hide\s*:\s*all)/i.test(attributes['style'] ?? '');
}

function inputText(attributes: Readonly<Record<string, string>>): string {
  const type = (attributes['type'] ?? 'text').toLowerCase();
  if (type === 'checkbox' || type === 'radio') return 'checked' in attributes ? '[x] ' : '[ ] ';
  return type === 'text' || type === 'date' || type === 'number' ? (attributes['value'] ?? '') : '';
}
