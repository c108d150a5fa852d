/** Reads PDF documents as text with pdf.js, which is loaded when the first is met. */
import { throwIfAborted, usageError } from '../../base/errors.js';
import { createLeftOut, tidyLines } from './letter.js';
import type { Letter } from './letter.js';
import { loadPdfjs } from './pdfjs.js';
import { countImages, pageText } from './pdfText.js';

/** @throws a usage error that ends the sentence "NAME …" */
export async function readPdf(bytes: Buffer, signal?: AbortSignal): Promise<Letter> {
  const { getDocument, VerbosityLevel, CMapReader, unknownFonts } = await loadPdfjs();
  const leftOut = createLeftOut();
  unknownFonts.clear();
  const loading = getDocument({
    // A copy, since pdf.js takes the memory for its own.
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    useWasm: false,
    CMapReaderFactory: CMapReader,
  });
  try {
    const document = await loading.promise;
    const pages: string[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      throwIfAborted(signal);
      const page = await document.getPage(number);
      const text = pageText(await page.getTextContent());
      if (text === '') leftOut.add('page');
      else pages.push(text);
      for (const { fieldValue, subtype } of (await page.getAnnotations()) as Annotation[]) {
        if (subtype === 'Widget' && isFilled(fieldValue)) leftOut.add('field');
        if (subtype === 'Text' || subtype === 'FreeText') leftOut.add('comment');
      }
      page.cleanup();
    }
    if (pages.length === 0) {
      throw usageError(
        'holds no text, only pictures of its pages (a scan): put it through text recognition (OCR) first.',
      );
    }
    leftOut.add('image', countImages(bytes));
    leftOut.add('font', unknownFonts.size);
    return { text: tidyLines(pages.join('\n\n')), leftOut: leftOut.counts };
  } catch (error) {
    throw explained(error);
  } finally {
    await loading.destroy();
  }
}

interface Annotation {
  readonly subtype?: string;
  readonly fieldValue?: unknown;
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value !== 'Off';
}

function explained(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') {
    return usageError('is protected by a password: save a copy without one.');
  }
  if (/^(InvalidPDF|Format|MissingData|UnknownError|XRefParse)/.test(name)) {
    return usageError('is damaged or cut off: copy it again from its source.');
  }
  return error;
}
