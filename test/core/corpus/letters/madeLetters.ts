/** Makes small letters: Word, PDF. Nothing in them is anyone's. */
import { deflateRawSync } from 'node:zlib';

/** A ZIP file, deflated; checksums are left out, which readers of letters do not need. */
export function zipOf(members: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(members)) {
    const bytes = deflateRawSync(Buffer.from(content));
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(8, 4);
    about.writeUInt32LE(bytes.length, 14);
    about.writeUInt32LE(Buffer.byteLength(content), 18);
    about.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), about, Buffer.from(name), bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    const entry = [Buffer.from('PK\u0001\u0002'), Buffer.alloc(2), about, rest, Buffer.from(name)];
    directory.push(Buffer.concat(entry));
    parts.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(directory.length, 10);
  const list = Buffer.concat(directory);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A Word document; `body`, `header` and `footer` are XML of its elements. */
export function docxOf(body: string, header = '', footer = ''): Buffer {
  const root = (name: string, content: string): string =>
    `<?xml version="1.0"?><w:${name} xmlns:w="${word}" xmlns:r="${office}">${content}</w:${name}>`;
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (content: string): string => `<Relationships>${content}</Relationships>`;
  const section =
    '<w:sectPr><w:headerReference w:type="default" r:id="h1"/>' +
    '<w:footerReference w:type="default" r:id="f1"/></w:sectPr>';
  return zipOf({
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'word/document.xml')),
    'word/_rels/document.xml.rels': relations(
      relation('h1', 'header', 'header1.xml') + relation('f1', 'footer', '/word/footer1.xml'),
    ),
    'word/document.xml': root('document', `<w:body>${body}${section}</w:body>`),
    'word/header1.xml': root('hdr', header),
    'word/footer1.xml': root('ftr', footer),
  });
}

export const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

/** A PDF document; each page is a list of lines with their place from the left and the bottom. */
export function pdfOf(
  pages: readonly (readonly (readonly [x: number, y: number, text: string])[])[],
  { encrypted = false, image = false } = {},
): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const stream = (dictionary: string, content: string): string =>
    `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;
  add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (const [i, lines] of pages.entries()) {
    const shown = lines.map(([x, y, text]) => `BT /F1 12 Tf ${x} ${y} Td (${text}) Tj ET`);
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + 2 * i} 0 R ` +
        '/Resources << /Font << /F1 3 0 R >> >> >>',
    );
    add(stream('', shown.join('\n')));
  }
  if (image) {
    const about =
      '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8';
    add(stream(about, 'x'));
  }
  const code = '00'.repeat(32);
  const encrypt = encrypted
    ? add(`<< /Filter /Standard /V 1 /R 2 /P -4 /O <${code}> /U <${code}> >>`)
    : null;
  let text = '%PDF-1.4\n';
  const offsets = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const start = text.length;
  const also = encrypt === null ? '' : ` /Encrypt ${encrypt} 0 R /ID [<00> <00>]`;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${also} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
