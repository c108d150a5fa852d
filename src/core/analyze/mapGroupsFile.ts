/**
 * Stores the groups and neighbours of a map beside its projection:
 *
 *     map-groups.bin   a line of JSON (format, the projection it belongs to, keywords), then int32: the group of each
 *                      note for each grouping [notes], and its neighbours [notes, k]
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapGroupingNames } from '../../protocol/catalogue/map.js';
import { fromSystemError, isAbsent } from '../base/errors.js';
import { writeFileAtomic } from '../base/files.js';
import { hashText } from '../base/hash.js';
import type { Store } from '../index/store.js';
import type { MapGroups } from './mapGroups.js';

const fileName = 'map-groups.bin';

interface Header {
  readonly format: 1;
  /** Hash of the keys of the projection's notes, in their order. */
  readonly notes: string;
  readonly modelHash: string;
  readonly count: number;
  readonly k: number;
  /** Of each grouping, of each group. */
  readonly keywords: readonly (readonly (readonly string[])[])[];
}

/** @param keys of the projection's notes, in that order */
export async function writeMapGroups(
  { folder, manifest }: Pick<Store, 'folder' | 'manifest'>,
  keys: readonly string[],
  { groupings, neighbours }: MapGroups,
): Promise<void> {
  const header: Header = {
    ...{ format: 1, notes: notesHash(keys), modelHash: manifest.modelHash, count: keys.length },
    k: neighbours.k,
    keywords: mapGroupingNames.map((name) => groupings[name].keywords),
  };
  const columns = [...mapGroupingNames.map((name) => groupings[name].labels), neighbours.notes];
  const bytes = Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'),
    ...columns.map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  ]);
  try {
    await writeFileAtomic(join(folder, fileName), bytes);
  } catch (error) {
    throw fromSystemError(error, `The index ${folder}`);
  }
}

/** `null` if there are none for this projection, as where an older version drew it. */
export async function readMapGroups(
  { folder, manifest }: Pick<Store, 'folder' | 'manifest'>,
  keys: readonly string[],
): Promise<MapGroups | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, fileName));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw fromSystemError(error, `The index ${folder}`);
  }
  const end = bytes.indexOf('\n');
  const header = parseHeader(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
  if (header === null) return null;
  const { count, k, keywords } = header;
  const isOther = header.notes !== notesHash(keys) || header.modelHash !== manifest.modelHash;
  const length = count * (mapGroupingNames.length + k);
  if (isOther || bytes.length !== end + 1 + 4 * length) return null;
  // A copy, because an Int32Array must start at a multiple of four.
  const values = new Int32Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
  const groups = (place: number) => ({
    labels: values.slice(place * count, (place + 1) * count),
    keywords: keywords[place] ?? [],
  });
  return {
    groupings: {
      density: groups(mapGroupingNames.indexOf('density')),
      communities: groups(mapGroupingNames.indexOf('communities')),
    },
    neighbours: { k, notes: values.slice(mapGroupingNames.length * count) },
  };
}

function notesHash(keys: readonly string[]): string {
  return hashText(keys.join('\n'));
}

function parseHeader(text: string): Header | null {
  try {
    const header = JSON.parse(text) as Partial<Header>;
    return header.format === 1 && Array.isArray(header.keywords) ? (header as Header) : null;
  } catch {
    return null;
  }
}
