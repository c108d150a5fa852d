/** Finds encoded data within a text: base64 or hexadecimal digits of an image or a file. */

export interface Blobs {
  readonly text: string;
  /** Characters that were left out. */
  readonly characters: number;
}

/** Shorter data may be a checksum, a key or a name. */
const leastCharacters = 512;
/** Mail breaks its lines at 76 characters, others at 64 or 60. */
const leastLine = 60;

/** The text without data. Linear, and skips plain text a word at a time. */
export function withoutBlobs(text: string): Blobs {
  if (text.length < leastCharacters) return { text, characters: 0 };
  let kept = '';
  let from = 0;
  let at = 0;
  while (at + leastLine <= text.length) {
    const stop = lastOther(text, at, at + leastLine);
    if (stop >= at) {
      at = stop + 1;
      continue;
    }
    const end = endOfBlob(text, at);
    if (end - at >= leastCharacters && isData(text.slice(at, at + 4096))) {
      kept += text.slice(from, at).replace(/data:[\w/+.;=-]*,$/, '');
      from = end;
    }
    at = end;
  }
  if (from === 0) return { text, characters: 0 };
  kept += text.slice(from);
  return { text: kept, characters: text.length - kept.length };
}

/** Index of the last character in a range that no data has; less than `start` if there is none. */
function lastOther(text: string, start: number, end: number): number {
  let at = end - 1;
  while (at >= start && isDigit(text.charCodeAt(at))) at--;
  return at;
}

/** The end of data that begins at `start`, over line breaks between lines that are full of it. */
function endOfBlob(text: string, start: number): number {
  let at = start;
  for (;;) {
    const line = at;
    while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    while (text[at] === '=') at++;
    if (at - line < leastLine) return at;
    let next = at;
    while (text[next] === '\r' || text[next] === '\n') next++;
    // A last line may be short, but is no word of the text.
    const isOver = next === at || !isDigit(text.charCodeAt(next));
    if (isOver || !/^[A-Za-z0-9+/=_-]+\s*(\n|$)/.test(text.slice(next, next + 200))) return at;
    at = next;
  }
}

/** By code: whether a character is a digit of base64, in either alphabet, or hexadecimal. */
const digits = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w+/-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function isDigit(code: number): boolean {
  return digits[code] === 1;
}

/** Data is mixed: a long line of one letter, or a sequence of bases, is not. */
function isData(text: string): boolean {
  const hasNumbers = /\d/.test(text);
  return (
    hasNumbers &&
    ((/[A-Z]/.test(text) && /[a-z]/.test(text)) || /^[\dA-F\s]+$|^[\da-f\s]+$/.test(text))
  );
}
