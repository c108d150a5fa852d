/** Control words of RTF that stand for characters, or begin something that is not the document's text. */
import type { LeftOutKind } from './letter.js';

/** Line breaks, tabs, dashes and quotes. A table's cell ends with a tab, its row with a line break. */
export const characterWords: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  softline: '\n',
  sect: '\n',
  page: '\n',
  column: '\n',
  row: '\n',
  nestrow: '\n',
  cell: '\t',
  nestcell: '\t',
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
};

type Destination = LeftOutKind | 'skip' | 'text' | 'unicode' | 'top' | 'bottom' | 'fonts';

/**
 * Where a group's text belongs that begins with this word: `skip` and the kinds of what is left out
 * are no text; `text` undoes `\\*`, with which most unknown groups begin.
 */
export const destinations: Readonly<Record<string, Destination>> = {
  fonttbl: 'fonts',
  ud: 'unicode',
  pict: 'image',
  footnote: 'footnote',
  annotation: 'comment',
  ...all('top', ['header', 'headerl', 'headerr', 'headerf']),
  ...all('bottom', ['footer', 'footerl', 'footerr', 'footerf']),
  ...all('text', ['shpinst', 'shptxt', 'shppict', 'shpgrp', 'fldrslt', 'result', 'pntext']),
  ...all('text', ['listtext', 'nesttableprops']),
  ...all('skip', ['colortbl', 'stylesheet', 'info', 'fldinst', 'nonshppict', 'shprslt', 'sp']),
  ...all('skip', ['xe', 'tc', 'rxe', 'txe', 'listtable', 'listoverridetable', 'revtbl', 'upr']),
  ...all('skip', ['rsidtbl', 'themedata', 'objdata', 'objclass', 'objname', 'filetbl', 'private']),
  ...all('skip', ['datafield', 'nonesttables']),
};

function all(destination: Destination, words: readonly string[]): Record<string, Destination> {
  return Object.fromEntries(words.map((word) => [word, destination]));
}
