/**
 * SentencePiece's precompiled character map, as `tokenizers` applies it (spm_precompiled 0.1). The
 * library normalizes by NFKC instead, which treats control characters and ligatures differently.
 */

/**
 * @param base64 A number of bytes (uint32), a double-array trie of that size, then the
 *   replacements as UTF-8, each ended by 0.
 */
export function charsmapNormalizer(base64: string): (text: string) => string {
  const bytes = Buffer.from(base64, 'base64');
  const trieSize = bytes.readUInt32LE(0);
  const trie = Uint32Array.from({ length: trieSize >>> 2 }, (_, i) =>
    bytes.readUInt32LE(4 + 4 * i),
  );
  const replacements = bytes.subarray(4 + trieSize);
  const known = new Map<string, string | null>();

  /** Replacement of the shortest mapped beginning of `chunk`, or `null`. */
  function replacementOf(chunk: string): string | null {
    let found = known.get(chunk);
    if (found === undefined) {
      const at = shortestMatch(trie, encoder.encode(chunk));
      found = at === null ? null : replacements.toString('utf8', at, replacements.indexOf(0, at));
      if (known.size < 50_000) known.set(chunk, found);
    }
    return found;
  }

  return (text) => {
    let normalized = '';
    for (const cluster of graphemes(text)) {
      // The original tries clusters of less than six bytes as a whole.
      const whole = Buffer.byteLength(cluster) < 6 ? replacementOf(cluster) : null;
      if (whole !== null) normalized += whole;
      else for (const character of cluster) normalized += replacementOf(character) ?? character;
    }
    return normalized;
  };
}

const encoder = new TextEncoder();
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Most text, where each character is a cluster but for the line ends of Windows. */
const ascii = /^[\0-\x7f]*$/;
const asciiClusters = /\r\n|[^]/g;

function graphemes(text: string): Iterable<string> {
  if (ascii.test(text)) return text.match(asciiClusters) ?? [];
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Units of a Darts double array: label in the lowest 8 bits, then a leaf flag, offset and its scale. */
function shortestMatch(trie: Uint32Array, key: Uint8Array): number | null {
  let node = offsetOf(trie[0] ?? 0);
  for (const byte of key) {
    if (byte === 0) return null;
    node ^= byte;
    const unit = trie[node] ?? 0;
    if ((unit & 0x800000ff) >>> 0 !== byte) return null;
    node ^= offsetOf(unit);
    if ((unit >>> 8) & 1) return (trie[node] ?? 0) & 0x7fffffff;
  }
  return null;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
}
