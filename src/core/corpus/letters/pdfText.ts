/** Lines of a page of a PDF document, and its pictures. */

/** What pdf.js says of a page: pieces of text, and marks between them. */
interface PageContent {
  readonly items: readonly (TextPiece | { readonly type: string })[];
}

interface TextPiece {
  readonly str: string;
  /** The last two are its place in points, from the left and from the bottom. */
  readonly transform: readonly unknown[];
  readonly height: number;
  readonly hasEOL: boolean;
}

/** Lines of a paragraph are nearer to each other, in heights of their letters. */
const paragraphGap = 1.9;

/** The text in the order of the file, a line for each that is seen, an empty one between paragraphs. */
export function pageText({ items }: PageContent): string {
  const lines: string[] = [];
  let line = '';
  let bottom: number | null = null;
  let last: number | null = null;
  let height = 0;
  for (const item of items) {
    if (!('str' in item)) continue;
    const y = Number(item.transform[5]);
    if (item.str.trim() !== '' && line.trim() === '') {
      if (last !== null && last - y > paragraphGap * Math.max(height, item.height)) lines.push('');
      bottom = y;
      height = item.height;
    }
    // A character that its font has no picture of.
    line += item.str.replaceAll('\0', '\ufffd');
    if (!item.hasEOL) continue;
    if (line.trim() !== '') last = bottom;
    lines.push(line.trimEnd());
    line = '';
  }
  lines.push(line.trimEnd());
  // Vertical space is told by places, not by the empty lines that some writers add.
  return lines.join('\n').trim();
}

/**
 * Pictures by their dictionaries, which lie open in every PDF file; masks of other pictures are not
 * counted.
 */
export function countImages(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  const images = text.match(/\/Subtype\s*\/Image\b/g)?.length ?? 0;
  const masks = new Set(text.match(/\/SMask\s+\d+\s+\d+\s+R\b/g) ?? []).size;
  return Math.max(0, images - masks);
}
