/** Tells RTF and HTML from plain text, within a column or a text file. */
import type { LetterKind } from './letterKinds.js';

const page = /^\s*(<\?xml[^>]*>\s*)?<(!doctype html|html|head|body)[\s>]/i;
const elements =
  'p|div|table|tr|td|ul|ol|li|span|font|h[1-6]|pre|blockquote|b|i|u|strong|em|center|sub|sup|a';
const opened = new RegExp(`<(${elements})(\\s[^<>]*)?>`, 'i');
const closed = new RegExp(`</(${elements})\\s*>`, 'i');
const atStart = /^\s*<(p|div|table|span|font|ul|ol|h[1-6]|style)(\s[^<>]*)?>/i;
const lineBreak = /<(br|hr)\s*\/?>/i;
const reference = /&(nbsp|lt|gt|amp|quot|apos|#\d{2,6}|#x[0-9a-f]{2,6});/i;

/**
 * @param onlyPages whether elements within a text are its own, as in Markdown
 * @returns `null` for plain text, angle brackets and ampersands of its own included
 */
export function markupOf(
  text: string,
  onlyPages = false,
): Extract<LetterKind, 'rtf' | 'html'> | null {
  if (text.includes('{\\rtf') && /^\s*\{\\rtf/.test(text)) return 'rtf';
  if (onlyPages) return page.test(text) ? 'html' : null;
  if (isFollowed(text, '&', /[a-z#]/i) && reference.test(text)) return 'html';
  if (!isFollowed(text, '<', /[a-z/!?]/i)) return null;
  const isHtml =
    page.test(text) ||
    atStart.test(text) ||
    lineBreak.test(text) ||
    (opened.test(text) && closed.test(text));
  return isHtml ? 'html' : null;
}

/** Most texts have such a sign for its own sake, and are spared the patterns. */
function isFollowed(text: string, sign: string, by: RegExp): boolean {
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (by.test(text.charAt(at + 1))) return true;
  }
  return false;
}
