/** Says which files of a folder were not read as notes: how many of each ending, and what to do. */
import path from 'node:path';
import type { ReportProblem } from './corpus.js';
import type { FolderFiles } from './folderFiles.js';

/** What to do with formats of documents that cannot be read. */
const advice: Readonly<Record<string, string>> = {
  ...each('.odt .ott .wpd .wps .pages .dot', 'save it as .docx'),
  ...each('.eml .msg', 'save it as .txt or .html'),
  ...each('.mht .mhtml', 'save it as .html'),
  ...each('.zip .7z .rar .tar .tgz', 'unpack it'),
};
const pictures = each(
  '.png .jpg .jpeg .tif .tiff .bmp .gif .webp .dcm',
  'put it through text recognition (OCR) if it is a scan',
);

function each(endings: string, what: string): Record<string, string> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, what]));
}

/** Files named at most, of those that stand beside notes. */
const mostNamed = 5;

export function reportLeftOut(files: FolderFiles, name: string, report: ReportProblem): void {
  const { tables, about, others } = files;
  const where = `${name}:1`;
  if (tables.length > 0) {
    const [them, one] = tables.length === 1 ? ['it', 'the table'] : ['one', 'tables'];
    report(
      where,
      `Not read, beside the notes: ${one} ${someOf(tables)}; to read ${them}, choose the file itself.`,
      'kept',
    );
  }
  if (about.length > 0) {
    report(where, `Not read, as they are about the data: ${someOf(about)}.`, 'kept');
  }
  for (const [ending, count] of countByEnding(others)) {
    const kind = ending === '' ? 'without an ending' : `ending in ${ending}`;
    const usual = 'give it the ending .txt if it is a note';
    const [file, was] = count === 1 ? ['file', 'was'] : ['files', 'were'];
    const hint = inNumber(advice[ending] ?? pictures[ending] ?? usual, count);
    report(
      where,
      `${count.toLocaleString('en')} ${file} ${kind} ${was} not read: ${hint}.`,
      advice[ending] === undefined ? 'kept' : 'skipped',
      count,
    );
  }
}

function inNumber(hint: string, count: number): string {
  return count === 1
    ? hint
    : hint.replace(/it is an? (\w+)/, 'they are $1s').replace(/\bit\b/, 'them');
}

/** The most frequent first. */
function countByEnding(files: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const ending = path.posix.extname(file).toLowerCase();
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** "a.csv, b.csv and 3 more" */
export function someOf(files: readonly string[]): string {
  const named = files.slice(0, mostNamed);
  const more = files.length - named.length;
  const parts = more === 0 ? named : [...named, `${more.toLocaleString('en')} more`];
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
}
