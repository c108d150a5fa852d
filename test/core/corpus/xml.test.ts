/** XML of shared tasks and of databases. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/corpus/corpus.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import { createXmlSplitter } from '../../../src/core/corpus/xmlRecords.js';
import type { FieldMapping } from '../../../src/protocol/catalogue/fieldRoles.js';
import type { Reading } from '../../../src/protocol/catalogue/reading.js';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xml-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  text: string | Buffer,
  mapping: Partial<FieldMapping> = {},
  reading: Reading = {},
): Promise<{ corpus: Corpus; documents: Document[]; problems: string[] }> {
  const source = path.join(folder, `notes${count++}.xml`);
  await writeFile(source, text);
  const corpus = await openCorpus({ source, mapping, reading });
  const documents: Document[] = [];
  for await (const document of corpus.read()) documents.push(document);
  const problems = corpus.problems.map(({ where, what }) => `${where.split(':')[1]} ${what}`);
  return { corpus, documents, problems };
}

const sentence = (i: number): string => `Note ${i}: walked to the shop and back, a little tired.`;

describe('XML', () => {
  it('of n2c2 is a note, with the labels of its tags', async () => {
    const { corpus, documents, problems } = await read(
      `<?xml version="1.0" encoding="UTF-8" ?>\n<root>\n<TEXT><![CDATA[\n\n${sentence(1)}\nTemp < 38 & rising.\n]]></TEXT>\n<TAGS>\n` +
        '<ASPIRIN met="met" />\n<NAME id="P0" start="16" end="26" text="Slept" TYPE="PATIENT" />\n' +
        '<DATE id="P1" start="30" end="36" text="Monday" TYPE="DATE" comment="" />\n</TAGS>\n</root>\n',
      { label: 'TAGS.ASPIRIN.met', category: 'TAGS.DATE' },
    );
    expect(corpus.kind).toBe('xml');
    expect(corpus.fields).toEqual(['TEXT', 'TAGS.ASPIRIN.met', 'TAGS.NAME.TYPE', 'TAGS.DATE.TYPE']);
    expect(documents).toMatchObject([
      { text: `\n\n${sentence(1)}\nTemp < 38 & rising.\n`, label: 'met', category: 'DATE', row: 2 },
    ]);
    expect(problems).toEqual([]);
  });

  it('of i2b2 is many notes, and text keeps what its tags mark', async () => {
    const { documents } = await read(
      `<ROOT>\n<RECORD ID="1"><TEXT>Seen on <PHI TYPE="DATE">Monday</PHI> by <PHI TYPE="DOCTOR">Dr A</PHI>, who was pleased.</TEXT></RECORD>\n` +
        `<RECORD ID="2"><TEXT>${sentence(2)}</TEXT></RECORD>\n</ROOT>`,
      { label: 'TEXT.PHI.TYPE' },
    );
    expect(documents).toMatchObject([
      { id: '1', text: 'Seen on Monday by Dr A, who was pleased.', label: 'DATE; DOCTOR', row: 2 },
      { id: '2', text: sentence(2), label: null, row: 3 },
    ]);
  });

  const passages = [1, 2]
    .map(
      (i) =>
        `<passage><infon key="type">part ${i}</infon><offset>${i}</offset><text>${sentence(i)}</text><annotation id="T1"><infon key="kind">SIGN</infon><location offset="0" length="4"/><text>Note</text></annotation></passage>`,
    )
    .join('');

  it.each([1, 3])('of BioC is a note a document, passages joined: %i', async (n) => {
    const all = Array.from(
      { length: n },
      (_, i) => `<document><id>d${i}</id>${passages}</document>`,
    );
    const { documents } = await read(
      `<?xml version='1.0'?><!DOCTYPE collection SYSTEM "BioC.dtd"><collection><source>ward</source>${all.join('')}</collection>`,
      { label: 'passage.annotation.infon.kind' },
    );
    expect(documents).toHaveLength(n);
    documents.forEach((document, i) => {
      expect(document).toMatchObject({
        ...{
          id: `d${i}`,
          text: `${sentence(1)}\n${sentence(2)}`,
          label: 'SIGN',
          row: n === 1 ? 1 : i + 1,
        },
      });
    });
  });

  it('of a database has a field for each element and attribute, in any namespace', async () => {
    const rows = [1, 2, 3].map(
      (i) => `<z:row xmlns:z="#x" patient_id="p${i % 2}"><z:note>${sentence(i)}</z:note></z:row>`,
    );
    const { documents } = await read(`<data>\n${rows.join('\n')}\n</data>`);
    expect(documents.map(({ group, text }) => [group, text])).toEqual([
      ['p1', sentence(1)],
      ['p0', sentence(2)],
      ['p1', sentence(3)],
    ]);
    const plain = await read(
      `<notes>${[1, 2].map((i) => `<n id="n${i}">${sentence(i)}</n>`).join('')}</notes>`,
    );
    expect(plain.documents).toMatchObject([
      { id: 'n1', text: sentence(1) },
      { id: 'n2', text: sentence(2) },
    ]);
  });

  it('is decoded as it declares', async () => {
    const text =
      '<?xml version="1.0" encoding="ISO-8859-2"?><root><TEXT>Za\u017c\u00f3\u0142ty brzuch, ból.</TEXT></root>';
    const bytes = Buffer.from(text.replace('ż', '\u00bf').replace('ł', '\u00b3'), 'latin1');
    const { corpus, documents } = await read(bytes);
    expect(corpus.encoding).toBe('iso-8859-2');
    expect(documents[0]?.text).toBe('Zażółty brzuch, ból.');
  });

  it('with faults is read as well as can be, and says where', async () => {
    const { documents, problems } = await read(
      `<notes>\n<n><id>1</id><text>${sentence(1)} R&R, 3 < 4.</text></n>\n<n><id>2</id><text>${sentence(2)}</text></n>\n</notes>`,
    );
    expect(documents.map(({ id, text }) => [id, text])).toEqual([
      ['1', `${sentence(1)} R&R, 3 < 4.`],
      ['2', sentence(2)],
    ]);
    expect(problems).toEqual([expect.stringMatching(/^2 2 places are not XML/)]);
  });

  it('that is cut off says so', async () => {
    const { documents, problems } = await read(
      `<notes>\n<n><text>${sentence(1)}</text></n>\n<n><text>${sentence(2)}</text></n>\n<n><text>${sentence(3)}`,
    );
    expect(documents).toHaveLength(2);
    expect(problems[0]).toBe('4 The file ends within a record, which was skipped.');
  });

  it('is the same in pieces of any size', () => {
    const text = '<a><b x="1">é<c/>f</b>\n<b>&amp;<![CDATA[<d>]]></b></a>';
    const split = (size: number): unknown[] => {
      const splitter = createXmlSplitter(['a', 'b'], { count: 0, line: 0 });
      const found = [];
      for (let at = 0; at < text.length; at += size) {
        found.push(...splitter.push(text.slice(at, at + size)));
      }
      return [...found, ...splitter.end()];
    };
    expect(split(99)).toMatchObject([
      { line: 1, value: { text: 'éf', x: '1' } },
      { line: 2, value: { text: '&<d>' } },
    ]);
    for (let size = 1; size < 9; size++) expect(split(size)).toEqual(split(99));
  });
});
