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

/** `</ 5 and <b>` is text. */
export function isEndTag(written: string): boolean {
  return /^<\/[^\s<>]+\s*>$/.test(written);
}

/** Whether what a parser skips is a comment, a declaration or an instruction, and not "</ 5 or <? what". */
export function isComment(written: string): boolean {
  if (written.startsWith('<!--')) return true;
  return /^<[!?]\[?[a-z]/i.test(written) && !written.includes('<', 1);
}
