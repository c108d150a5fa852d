const encoder = new TextEncoder();

/** Ids of the bytes of `text` by their tokens, such as <0x0A>; `null` if one of them is missing. */
export function toByteTokens(text: string, ids: ReadonlyMap<string, number>): number[] | null {
  const found: number[] = [];
  for (const byte of encoder.encode(text)) {
    const id = ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return null;
    found.push(id);
  }
  return found;
}
