import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../../src/core/corpus/dialect.js';
import { describeDialect } from '../../../src/protocol/catalogue/reading.js';
import type { Dialect, Reading } from '../../../src/protocol/catalogue/reading.js';

const line = (n: number): string => `Seen on day ${n}, settled; eats and sleeps well.`;

function table(row: (n: number) => string, head = '', foot = ''): string {
  return `${head}${Array.from({ length: 8 }, (_, n) => row(n + 1)).join('')}${foot}`;
}

function dialectOf(text: string, given: Reading = {}): Dialect {
  return detectDialect(text, true, ',', given);
}

describe('The dialect of a table', () => {
  const quoted = (d: string) => (n: number) => `${n}${d}"${line(n)}"${d}a${n % 2}\n`;

  it.each([',', ';', '\t', '|', '^', '~', '\u0001', '||'])('has the delimiter %j', (delimiter) => {
    const text = table(quoted(delimiter), `id${delimiter}text${delimiter}ward\n`);
    expect(dialectOf(text)).toMatchObject({ delimiter, quote: '"', header: true, columns: 3 });
  });

  it.each<[string, Partial<Dialect>, string]>([
    [
      'single quotes',
      { quote: "'" },
      table((n) => `${n},'${line(n)} It''s fine.',a\n`, 'id,text,ward\n'),
    ],
    [
      'backslash escapes',
      { quote: '"', escape: 'backslash' },
      table((n) => `${n},"He said \\"no\nmore\\". ${line(n)}",a\n`, 'id,text,ward\n'),
    ],
    [
      'no quoting at all',
      { delimiter: '\t', quote: null },
      table((n) => `${n}\t"Well" he says. ${line(n)}\ta\n`, 'id\ttext\tward\n'),
    ],
    [
      'a lone CR within values',
      { lineEnds: 'lf' },
      table((n) => `${n},Seen.\rWell.,a\n`, 'id,text,ward\n'),
    ],
    [
      'LF within values',
      { lineEnds: 'crlf' },
      table((n) => `${n},Seen.\nWell.,a\r\n`, 'id,text,ward\r\n'),
    ],
    ['CR alone', { lineEnds: 'any', columns: 2 }, table((n) => `${n},"${line(n)}"\r`, 'id,text\r')],
    [
      'unquoted values over several lines',
      { recordStart: 'number', quote: null },
      table(
        (n) => `${n},2024-01-0${n},Seen today.\nAll well; home.\n\nAgain soon.\n`,
        'id,day,text\n',
      ),
    ],
    [
      'row names',
      { rowNames: true, columns: 3 },
      table((n) => `"${n}" 1`.replace(' ', ',') + `,"${line(n)}"\n`, 'id,text\n'),
    ],
  ])('has %s', (_name, expected, text) => {
    expect(dialectOf(text)).toMatchObject(expected);
  });

  it.each<[string, number, string]>([
    ['titles', 3, 'Free text,,\nRun on Monday,,\n,,\nid,text,ward\n'],
    ['a short title', 2, 'Free text\n\nid,text,ward\n'],
    ['a comment', 1, '# exported on Monday\nid,text,ward\n'],
    ['a comment with commas', 1, '# exported, on Monday, by us\nid,text,ward\n'],
    ['a delimiter line', 1, 'sep=,\nid,text,ward\n'],
    ['column groups', 1, ',note,note\n,text,ward\n'],
    ['nothing', 0, 'id,text,ward\n'],
  ])('has its header below %s', (_name, skipRows, head) => {
    expect(dialectOf(table(quoted(','), head))).toMatchObject({ skipRows, header: true });
  });

  it.each([
    ['numbers', table(quoted(','))],
    ['prose', table((n) => `x,"${line(n)} And so on, as before."\n`)],
    ['a value that recurs', table((n) => `k${n},Note ${n},b\n`)],
  ])('has no header where the first row has %s', (_name, text) => {
    expect(dialectOf(text)).toMatchObject({ header: false, skipRows: 0 });
  });

  it('is overruled part by part', () => {
    const text = table(quoted(','), 'Title\nid,text,ward\n');
    expect(dialectOf(text, { header: false })).toMatchObject({ header: false, delimiter: ',' });
    expect(dialectOf(text, { skipRows: 0 })).toMatchObject({ skipRows: 0 });
    expect(dialectOf(text, { delimiter: ';' })).toMatchObject({ delimiter: ';' });
    expect(dialectOf(text, { quote: 'none' })).toMatchObject({ quote: null });
    expect(dialectOf(text, { escape: 'backslash' })).toMatchObject({ escape: 'backslash' });
  });

  it('is told in a few words', () => {
    expect(describeDialect(dialectOf(table(quoted('\t'), 'Title\nid\ttext\tward\n')))).toBe(
      'tab, double quotes (escaped by doubling), header in line 2, 3 columns',
    );
  });
});
