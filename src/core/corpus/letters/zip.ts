/** Reads members of a small ZIP file in memory; Node inflates them. */
import { inflateRawSync } from 'node:zlib';

/** No member of a letter is larger; a file that says so is made to fill the memory. */
const mostBytes = 256 * 1024 * 1024;

export interface Zip {
  readonly names: readonly string[];
  /** `null` if there is no such member; throws a `RangeError` if it is damaged. */
  read(name: string): Buffer | null;
}

interface Member {
  readonly method: number;
  readonly compressed: number;
  readonly offset: number;
}

/** @returns `null` if it is no ZIP file, or is cut off: its directory is at its end */
export function openZip(bytes: Buffer): Zip | null {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) return null;
  const members = new Map<string, Member>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return null;
    const nameLength = bytes.readUInt16LE(at + 28);
    members.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), {
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return {
    names: [...members.keys()],
    read(name) {
      const member = members.get(name);
      if (member === undefined) return null;
      const { method, compressed, offset } = member;
      const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
      const content = bytes.subarray(start, start + compressed);
      if (content.length < compressed) throw new RangeError('cut off');
      if (method === 0) return content;
      if (method === 8) return inflateRawSync(content, { maxOutputLength: mostBytes });
      throw new RangeError(`compression ${method}`);
    },
  };
}
