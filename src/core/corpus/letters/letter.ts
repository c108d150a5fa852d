/** A document of another format, read as text. */

/** What a letter's text leaves out, in the singular and the plural. */
export const leftOutNames = {
  image: ['image', 'images'],
  footnote: ['footnote', 'footnotes'],
  endnote: ['endnote', 'endnotes'],
  comment: ['comment', 'comments'],
  deleted: ['deletion that was tracked', 'deletions that were tracked'],
  hidden: ['piece of hidden text', 'pieces of hidden text'],
  object: ['embedded object', 'embedded objects'],
  field: ['filled-in form field', 'filled-in form fields'],
  page: ['page without text', 'pages without text'],
  font: ['font whose characters are unknown', 'fonts whose characters are unknown'],
  end: ['missing end', 'missing ends'],
} as const;

export type LeftOutKind = keyof typeof leftOutNames;
export type LeftOut = Readonly<Partial<Record<LeftOutKind, number>>>;

export interface Letter {
  readonly text: string;
  readonly leftOut: LeftOut;
}

export interface LeftOutCounts {
  add(kind: LeftOutKind, count?: number): void;
  readonly counts: LeftOut;
}

export function createLeftOut(): LeftOutCounts {
  const counts: Partial<Record<LeftOutKind, number>> = {};
  return {
    counts,
    add(kind, count = 1) {
      if (count > 0) counts[kind] = (counts[kind] ?? 0) + count;
    },
  };
}

/** "3 images and 1 footnote"; empty if nothing was left out. */
export function describeLeftOut(counts: LeftOut): string {
  const parts = Object.entries(leftOutNames).flatMap(([kind, [one, many]]) => {
    const count = counts[kind as LeftOutKind] ?? 0;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${count === 1 ? one : many}`];
  });
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
}

/** Lines without blanks at their ends, at most one of them empty in a row, none at either end. */
export function tidyLines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}
