import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The first 128 bits of SHA-256 as 32 hexadecimal characters; identifies a text or a model. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
}

export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** Hashes a whole file as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Uint8Array);
  }
  return hash.digest('hex').slice(0, 32);
}
