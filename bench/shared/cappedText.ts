/** A part of a published text: always the same notes. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { hashText } from '../../src/core/base/hash.js';

/**
 * @param source JSON Lines, gzipped
 * @param most the notes with the smallest hashes of their ids are kept
 */
export async function cappedText(source: string, most: number): Promise<string> {
  const lines = gunzipSync(await readFile(source))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  const hashOf = (line: string): string => {
    const { id } = JSON.parse(line) as { id: string };
    return hashText(id);
  };
  const chosen = lines
    .map((line) => ({ line, hash: hashOf(line) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, most);
  return `${chosen.map(({ line }) => line).join('\n')}\n`;
}
