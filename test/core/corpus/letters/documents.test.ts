import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/core/base/errors.js';
import type { LetterKind } from '../../../../src/core/corpus/letters/letterKinds.js';
import { readLetter } from '../../../../src/core/corpus/letters/readLetter.js';
import { docxOf, paragraph, pdfOf, zipOf } from './madeLetters.js';

const read = (kind: LetterKind, bytes: Buffer) =>
  readLetter(kind, bytes, { decode: (content) => content.toString('utf8') });

const row = (...cells: string[]): string =>
  `<w:tr>${cells.map((cell) => `<w:tc>${cell}</w:tc>`).join('')}</w:tr>`;
const table = (...rows: string[]): string => `<w:tbl>${rows.join('')}</w:tbl>`;
const run = (content: string, properties = ''): string =>
  `<w:r><w:rPr>${properties}</w:rPr>${content}</w:r>`;

/** Its parts are marked as encrypted. */
function encrypted(zip: Buffer): Buffer {
  const bytes = Buffer.from(zip);
  const entry = 'PK\u0001\u0002';
  for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 1)) bytes[at + 8] = 1;
  return bytes;
}

describe('A Word document', () => {
  it('is read with its header, tables and footer', async () => {
    const body =
      paragraph('Dear &amp; all') +
      table(row(paragraph('Na'), paragraph('K')), row(paragraph('140'), paragraph('4.1'))) +
      paragraph('') +
      paragraph('Yours');
    expect(await read('docx', docxOf(body, paragraph('Clinic'), paragraph('Page 1')))).toEqual({
      text: 'Clinic\nDear & all\nNa\tK\n140\t4.1\n\nYours\nPage 1',
      leftOut: {},
    });
  });

  it('keeps the lines of a table that lays out a page, and tables within tables', async () => {
    const address = table(row(paragraph('one') + paragraph('two'), paragraph('three')));
    const inner = table(row(paragraph('a') + table(row(paragraph('b'), paragraph('c'))), ''));
    expect((await read('docx', docxOf(address + inner))).text).toBe('one\ntwo\nthree\na\nb\tc');
  });

  it('reads tabs, breaks, hyphens, symbols and boxes, each once', async () => {
    const box =
      `<mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>${paragraph('box')}</w:txbxContent>` +
      `</w:drawing></mc:Choice><mc:Fallback>${paragraph('box')}</mc:Fallback></mc:AlternateContent>`;
    const body =
      '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>' +
      run('<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/>') +
      run('<w:sym w:font="Symbol" w:char="F062"/>') +
      `${run(box)}</w:p>`;
    expect((await read('docx', docxOf(body))).text).toBe('a\tb\nc-β\nbox');
  });

  it('is read with bytes behind its end, as some mail systems add them', async () => {
    const bytes = Buffer.concat([docxOf(paragraph('a')), Buffer.alloc(64)]);
    expect((await read('docx', bytes)).text).toBe('a');
  });

  it('counts what it leaves out', async () => {
    const body =
      '<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>' +
      run('<w:t>seen</w:t><w:footnoteReference w:id="2"/><w:commentReference w:id="0"/>') +
      run('<w:t>hidden</w:t>', '<w:vanish/>') +
      run('<w:t>shown</w:t>', '<w:vanish w:val="0"/>') +
      `<w:del>${run('<w:delText>deleted</w:delText>')}</w:del>` +
      `<w:ins>${run('<w:t> added</w:t>')}</w:ins>` +
      run('<w:drawing><a:blip r:embed="r9"/></w:drawing>') +
      run('<w:fldChar/><w:instrText>PAGE</w:instrText><w:object/>') +
      '</w:p>';
    expect(await read('docx', docxOf(body))).toEqual({
      text: 'seenshown added',
      leftOut: { image: 1, footnote: 1, comment: 1, deleted: 1, hidden: 1, object: 1 },
    });
  });

  it.for([
    ['cut off', docxOf(paragraph('a')).subarray(0, 300), 'is damaged or cut off'],
    ['protected as a ZIP file', encrypted(docxOf(paragraph('a'))), 'without a password'],
    ['another ZIP file', zipOf({ 'a.txt': 'a' }), 'is a ZIP file but no Word document'],
  ] as const)('says what to do if it is %s', async ([, bytes, message]) => {
    await expect(read('docx', Buffer.from(bytes))).rejects.toThrow(message);
    await expect(read('docx', Buffer.from(bytes))).rejects.toBeInstanceOf(UserError);
  });
});

describe('A PDF document', () => {
  it('is read in lines, with empty ones between paragraphs and pages', async () => {
    const pages = [
      [
        [50, 800, 'First line'],
        [300, 800, 'right'],
        [50, 786, 'second line caf\\351'],
        [50, 740, 'new paragraph'],
      ],
      [],
      [[50, 700, 'third page']],
    ] as const;
    const expected = {
      text: 'First line right\nsecond line café\n\nnew paragraph\n\nthird page',
      leftOut: { page: 1, image: 1 },
    };
    const bytes = pdfOf(pages, { image: true });
    expect(await read('pdf', bytes)).toEqual(expected);
    // Offsets into the text are of no use unless it comes out the same again.
    expect(await read('pdf', bytes)).toEqual(expected);
  });

  it.for([
    ['scanned', pdfOf([[], []], { image: true }), 'holds no text, only pictures of its pages'],
    ['encrypted', pdfOf([[[1, 1, 'a']]], { encrypted: true }), 'is protected by a password'],
    ['no PDF', Buffer.from('%PDF-1.4 and nothing else'), 'is damaged or cut off'],
  ] as const)('says what to do if it is %s', async ([, bytes, message]) => {
    await expect(read('pdf', bytes)).rejects.toThrow(message);
    await expect(read('pdf', bytes)).rejects.toBeInstanceOf(UserError);
  });
});
