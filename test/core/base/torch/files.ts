/** Files of torch.save in memory: the golden ones, and ones made around any pickle. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inMemory } from '../../../../src/core/base/byteSource.js';
import { isFloat, readFloats } from '../../../../src/core/base/storedTensor.js';
import { openTorchFile } from '../../../../src/core/base/torch/torchFile.js';

export const golden = (name: string): string =>
  fileURLToPath(new URL(`../../../golden/torch/${name}`, import.meta.url));

export const goldenBytes = (name: string): Buffer => readFileSync(golden(name));

/** Reads everything that a model could ask for. */
export async function readAll(bytes: Uint8Array): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [name, tensor] of await openTorchFile(inMemory(bytes, 'A file'), 'x.bin')) {
    if (isFloat(tensor)) values.set(name, await readFloats(tensor));
  }
  return values;
}

/** The older format, with `pickle` as its state dict. */
export function legacyFile(pickle: Uint8Array): Buffer {
  const bytes = goldenBytes('values.legacy.bin');
  // Magic number, version and machine are each a pickle of its own.
  let end = 0;
  for (let i = 0; i < 3; i++) end = bytes.indexOf(Buffer.from([0x2e, 0x80]), end) + 1;
  return Buffer.concat([bytes.subarray(0, end), pickle, Buffer.from('80025d2e', 'hex')]);
}

export interface ZipPart {
  readonly name: string;
  readonly data: Uint8Array;
  /** Overrides what the directory says of it. */
  readonly claimed?: { readonly bytes?: number; readonly at?: number; readonly method?: number };
}

/** A zip file as torch.save makes it, without checksums, which nobody reads. */
export function zipFile(parts: readonly ZipPart[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, claimed = {} } of parts) {
    const title = Buffer.from(name);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt32LE(data.length, 22);
    header.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(claimed.method ?? 0, 10);
    entry.writeUInt32LE(claimed.bytes ?? data.length, 20);
    entry.writeUInt32LE(claimed.bytes ?? data.length, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(claimed.at ?? at, 42);
    local.push(header, title, Buffer.from(data));
    directory.push(entry, title);
    at += header.length + title.length + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, list, end]);
}

/** A zip file around a pickle alone. */
export function zipOf(pickle: Uint8Array, parts: readonly ZipPart[] = []): Buffer {
  return zipFile([{ name: 'archive/data.pkl', data: pickle }, ...parts]);
}
