/** A copy, because a slice would keep the whole piece of the file that it was cut from in memory. */
export function detached(value: string): string {
  // The engine copies short ones anyway.
  return value.length < 13 ? value : Buffer.from(value, 'utf16le').toString('utf16le');
}
