/** Letters from the command line as it is shipped: from the bundle, pdf.js and all. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxOf, paragraph, pdfOf } from '../core/corpus/letters/madeLetters.js';
import { removeFolder, temporaryFolder, writeTinyModel } from '../engine/fixtures.js';
import { callsIn } from './calls.js';

let folder: string;
let { json, refusal } = callsIn('');

const letters: Readonly<Record<string, Buffer>> = {
  'a.docx': docxOf(paragraph('the heart was slow and the breath short'), paragraph('clinic')),
  'b.pdf': pdfOf([[[50, 700, 'a bone was broken in a fall on ice']]]),
  'c.rtf': Buffer.from(String.raw`{\rtf1 cough for weeks\par the lung sounds wet}`),
  'd.html': Buffer.from('<p>no pain</p><p>slept well, eats well</p>'),
};

beforeAll(async () => {
  folder = await temporaryFolder();
  ({ json, refusal } = callsIn(folder));
  await mkdir(join(folder, 'letters'));
  for (const [name, bytes] of Object.entries(letters)) {
    await writeFile(join(folder, 'letters', name), bytes);
    await writeFile(join(folder, name), bytes);
  }
});
afterAll(() => removeFolder(folder));

describe('A folder of letters', () => {
  it('is indexed, and a letter is read again as the same text', async () => {
    const model = await writeTinyModel(join(folder, 'model'));
    const store = join(folder, 'store');
    const index = ['index', '--corpus', join(folder, 'letters'), '--model', model];
    expect(await json(...index, '--store', store)).toMatchObject({ documents: 4, passages: 4 });
    for (const name of Object.keys(letters)) {
      const { results } = await json('similar', '--store', store, '--file', join(folder, name));
      expect((results as object[])[0]).toMatchObject({ id: name });
      expect((results as { similarity: number }[])[0]?.similarity).toBeCloseTo(1, 5);
    }
  });

  it('says what to do with a letter that cannot be read', async () => {
    const scan = join(folder, 'scan.pdf');
    await writeFile(scan, pdfOf([[]]));
    expect(await refusal(2, 'similar', '--store', join(folder, 'store'), '--file', scan)).toMatch(
      /scan\.pdf holds no text, only pictures of its pages \(a scan\)/,
    );
  });
});
