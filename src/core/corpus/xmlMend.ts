/** Escapes what text in XML must not hold bare, piece by piece: a parser would take it for markup. */
/** Places where a text is not XML as it should be; they are read as well as can be. */
export interface XmlFaults {
  count: number;
  /** Of the first one. */
  line: number;
}

export interface XmlMender {
  /** @param line of the text at the end of what was returned before */
  push(piece: string, line: number): string;
  end(line: number): string;
}

/** A reference or the start of a tag may be cut in two; no longer one is meant as such. */
const longestMark = 40;

/** `&` that begins no reference, `<` that begins no tag, and where text is taken by the letter. */
const bare = /&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][\w.-]{0,30});)|<(?![a-z_:/!?])|<!\[CDATA\[/gi;
const literalStart = '<![CDATA[';
const literalEnd = ']]>';

export function createXmlMender(faults: XmlFaults): XmlMender {
  let rest = '';
  let isLiteral = false;

  function mend(piece: string, isWhole: boolean, line: number): string {
    const text = rest + piece;
    const limit = isWhole ? text.length : text.length - longestMark;
    let mended = '';
    let at = 0;
    while (at < limit) {
      if (isLiteral) {
        const end = text.indexOf(literalEnd, at);
        isLiteral = end < 0;
        const next = isLiteral ? limit : end + literalEnd.length;
        mended += text.slice(at, next);
        at = next;
        continue;
      }
      bare.lastIndex = at;
      const found = bare.exec(text);
      const stop = found === null ? limit : Math.min(found.index, limit);
      mended += text.slice(at, stop);
      at = stop;
      if (found === null || found.index >= limit) break;
      const [mark] = found;
      at += mark.length;
      if (mark === literalStart) {
        isLiteral = true;
        mended += mark;
        continue;
      }
      if (faults.count++ === 0) faults.line = line + mended.split('\n').length - 1;
      mended += mark === '&' ? '&amp;' : '&lt;';
    }
    rest = text.slice(at);
    return mended;
  }

  return {
    push: (piece, line) => mend(piece, false, line),
    end: (line) => mend('', true, line),
  };
}
