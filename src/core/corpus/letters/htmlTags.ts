/** Tells markup from text that merely has angle brackets, by how it is written. */

const named = /[^\s"'<>/=]+\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)/g;
/** Attributes without a value. */
const bare = new Set(
  (
    'allowfullscreen async autofocus border checked compact contenteditable controls default defer disabled ' +
    'download hidden inert ismap itemscope loop multiple muted nohref noresize noshade nowrap open readonly ' +
    'required reversed selected'
  ).split(' '),
);

/** Whether what begins as a tag has attributes: `<b said>` and `<a 0.05 and <b>` are text. */
export function isTag(written: string): boolean {
  const rest = written.replace(/^<[^\s/>]*/, '').replace(/\/?>$/, '');
  if (rest.trim() === '') return true;
  const words = rest.replace(named, ' ').split(/[\s/]+/);
  return words.every(
    (word) => word === '' || bare.has(word.toLowerCase()) || /^[\w:]+-[\w:-]+$/.test(word),
  );
}

/** Stands for a sign that begins no markup; no text has it, since Unicode keeps it for such use. */
const sign = '\uFDD0';

/**
 * The source in which "</" begins the end of an element and nothing else. A parser passes over all up to the
 * next ">", so "</ 5 and <b>" would lose words.
 */
export function withEndTags(html: string): string {
  return html.replace(/<\/(?:([a-z][^\s<>]*)\s*>)?/gi, (_, name: string | undefined) =>
    name === undefined ? `${sign}/` : `</${name}>`,
  );
}

/** Text out of such a source, as it was written. */
export function withSigns(text: string): string {
  return text.includes(sign) ? text.replaceAll(sign, '<') : text;
}

/** Of a document's type, or Office's conditions. */
const declaration =
  /^<!(doctype\s+\w+(\s+(public|system))?(\s*("[^"<>]*"|'[^'<>]*'))*\s*|\[(if\b[^\]<>]*|endif)\](--)?)>$/i;

/** Whether what a parser skips is a comment, a declaration or an instruction, and not "</ 5 or <? what". */
export function isComment(written: string): boolean {
  if (written.startsWith('<!--')) return true;
  if (/^<\?[a-z]/i.test(written)) return isTag(written.replace(/\?>$/, '>'));
  return declaration.test(written);
}
