import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'encodings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer, encoding?: string) {
  const source = path.join(folder, 'notes.csv');
  await writeFile(source, bytes);
  const corpus = await openCorpus({
    source,
    mapping: {},
    reading: encoding === undefined ? {} : { encoding },
  });
  const texts: string[] = [];
  for await (const { text } of corpus.read()) texts.push(text);
  return { corpus, texts, remarks: corpus.problems.map(({ what }) => what) };
}

const polish = 'Pacjentka skarży się na kaszel; gorączki nie było, śpi źle.';
const russian = 'Больная жалуется на кашель и слабость, температура в норме.';
const french = 'Fièvre à 38,5 °C hier ; œdème léger, le bébé a bien dormi.';
const japanese = '昨夜から咳が続いています。熱はありません。';
const chinese = '昨晚开始咳嗽，没有发热，食欲正常。';

const table = (text: string): string =>
  `id,text\n${Array.from({ length: 6 }, (_, n) => `${n},"${text} (${n})"\n`).join('')}`;

describe('The encoding of a file', () => {
  it.each([
    ['windows-1250', polish],
    ['iso-8859-2', polish],
    ['windows-1251', russian],
    ['windows-1252', french],
    ['cp850', french.replace('œ', 'oe')],
    ['macroman', french],
    ['cp932', japanese],
    ['gb18030', chinese],
  ])('is guessed and named: %s', async (encoding, text) => {
    const { corpus, texts, remarks } = await read(iconv.encode(table(text), encoding));
    expect(corpus.encoding).toBe(encoding);
    expect(texts[0]).toBe(`${text} (0)`);
    expect(remarks).toEqual([expect.stringContaining(`The encoding is a guess (${encoding})`)]);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])(
    'is known without a mark: %s',
    async (encoding) => {
      const { corpus, texts, remarks } = await read(iconv.encode(table('Café, am Fuß.'), encoding));
      expect([corpus.encoding, texts[0], remarks]).toEqual([encoding, 'Café, am Fuß. (0)', []]);
    },
  );

  it('is taken as given, and an unknown one is refused', async () => {
    const bytes = iconv.encode(table('naïve'), 'cp850');
    expect((await read(bytes, 'cp850')).texts[0]).toBe('naïve (0)');
    expect((await read(bytes, 'latin1')).texts[0]).not.toBe('naïve (0)');
    await expect(read(bytes, 'klingon')).rejects.toThrow(/There is no encoding "klingon"/);
  });

  it('says that a text was decoded twice, and leaves out NULs', async () => {
    const twice = iconv.decode(Buffer.from(table('Café')), 'windows-1252');
    const { remarks } = await read(Buffer.from(twice));
    expect(remarks).toEqual([expect.stringMatching(/^6 places look as if .* decoded twice/)]);
    const nul = await read(Buffer.from(table('No\0thing')));
    expect(nul.texts[0]).toBe('Nothing (0)');
    expect(nul.remarks).toEqual(['6 NUL characters in the file were left out.']);
  });
});
