/**
 * Which files are letters, and of which format. Without dependencies, so that the extension can use it
 * too.
 */
import { isNoteName } from '../noteNames.js';

export type LetterKind = 'docx' | 'rtf' | 'pdf' | 'html';

/** For a person: "3 Word documents were read as text". */
export const letterNames: Readonly<Record<LetterKind, readonly [string, string]>> = {
  docx: ['Word document', 'Word documents'],
  rtf: ['RTF text', 'RTF texts'],
  pdf: ['PDF document', 'PDF documents'],
  html: ['HTML text', 'HTML texts'],
};

/** Old Word files are here because many are RTF or HTML that was named so. */
const letterName = /\.(docx|docm|dotx|doc|rtf|pdf|html?|xhtml)$/i;

/** Whether a file of a folder is a note: a text or a letter, perhaps gzipped. */
export function isLetterOrNote(path: string): boolean {
  const plain = path.replace(/\.gz$/i, '');
  return isNoteName(plain) || letterName.test(plain);
}

/**
 * The format, by content first: a letter may be named like a text.
 *
 * @param head the first kilobyte or more
 * @returns `null` for a plain text, and for what no reader takes (an old Word file)
 */
export function letterKindOf(path: string, head: Uint8Array): LetterKind | null {
  const start = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  const text = start.replace(/^(\u00ef\u00bb\u00bf|\s)+/, '');
  if (text.startsWith('{\\rtf')) return 'rtf';
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith('PK\u0003\u0004')) return 'docx';
  const plain = path.replace(/\.gz$/i, '').toLowerCase();
  if (/\.x?html?$/.test(plain)) return 'html';
  if (/^(<\?xml[^>]*>\s*)?<(!doctype html|html|head|body)[\s>]/i.test(text)) return 'html';
  return null;
}

/** How a file of OLE begins: an old Word file, or a new one that is protected by a password. */
export function isCompoundFile(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString('hex') === 'd0cf11e0';
}
