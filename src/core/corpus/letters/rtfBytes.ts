/** Bytes of an RTF text in the code page of their font. */
import iconv from 'iconv-lite';

/** Code pages by the numbers of `\fcharset`. */
const charsets: Readonly<Record<number, number>> = {
  0: 1252,
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
  255: 850,
};

/** @returns a name that iconv-lite knows, `symbol` for a font of signs, `null` for the document's own */
export function codePageOf(number: number, as: 'charset' | 'page' = 'charset'): string | null {
  if (as === 'charset' && number === 2) return 'symbol';
  const page = as === 'page' ? number : charsets[number];
  if (page === undefined) return null;
  if (page === 10000) return 'macroman';
  if (page === 65001) return 'utf-8';
  const name = `cp${page}`;
  return iconv.encodingExists(name) ? name : null;
}

const doubleByte = new Set(['cp932', 'cp936', 'cp949', 'cp950']);

/** Collects the bytes of characters that may take more than one. */
export interface ByteText {
  add(byte: number, codePage: string): void;
  /** Whether the last byte needs another to be a character. */
  isOpen(): boolean;
  /** The text of all bytes so far, which are forgotten. */
  take(): string;
}

export function createByteText(): ByteText {
  let bytes: number[] = [];
  let page = 'windows-1252';
  let text = '';
  let open = false;

  function decode(): void {
    if (bytes.length > 0) text += iconv.decode(Buffer.from(bytes), page);
    bytes = [];
    open = false;
  }

  return {
    add(byte, codePage) {
      if (codePage !== page) decode();
      page = codePage;
      bytes.push(byte);
      open = doubleByte.has(page) && !open && byte >= 0x81 && byte !== 0xff && byte !== 0xa0;
      // Half-width katakana take one byte.
      if (open && page === 'cp932' && byte >= 0xa1 && byte <= 0xdf) open = false;
    },
    isOpen: () => open,
    take() {
      decode();
      const taken = text;
      text = '';
      return taken;
    },
  };
}
