/**
 * Reads mutated files of torch.save: bytes flipped, cut, doubled and moved, opcodes put in, numbers
 * made extreme, pickles of other files spliced in. By hand, for more of them:
 *
 *     npm run run-ts -- test/core/base/torch/fuzzMany.ts 100000
 */
import { createRandom } from '../../../../src/core/base/random.js';
import type { Random } from '../../../../src/core/base/random.js';
import { failure, UserError } from '../../../../src/core/base/errors.js';
import evil from '../../../golden/torch/evil.json' with { type: 'json' };
import { inMemory } from '../../../../src/core/base/byteSource.js';
import { dataPosition, readZipDirectory } from '../../../../src/core/base/zipDirectory.js';
import { goldenBytes, legacyFile, readAll, zipOf } from './files.js';
import type { ZipPart } from './files.js';

export interface FuzzResult {
  readonly files: number;
  /** Read to the end in spite of the change. */
  readonly read: number;
  /** Refused in a sentence. */
  readonly refused: number;
  /** What should not happen: any other error, and a sentence of more than a line. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
  /** Largest growth of the process's memory. */
  readonly grownBytes: number;
}

export async function fuzz(files: number, seed: number): Promise<FuzzResult> {
  const whole = ['values.zip.bin', 'values.protocol4.bin', 'values.legacy.bin'].map(goldenBytes);
  const evilPickles = Object.values(evil).map((hex) => Buffer.from(hex, 'hex'));
  const seeds = [...whole, ...evilPickles.flatMap((pickle) => [zipOf(pickle), legacyFile(pickle)])];
  const inner = await Promise.all(whole.slice(0, 2).map(partsOf));
  const pickles = inner.map(([pickle]) => Buffer.from(pickle!.data));
  /** A mutated file, or a whole one around a mutated pickle. */
  const next = (): Buffer => {
    if (random.integer(2) === 0) {
      const kind = random.integer(inner.length);
      const [, ...rest] = inner[kind]!;
      return zipOf(mutate(pickles[kind]!, [...pickles, ...evilPickles], random), rest);
    }
    return mutate(random.pick(random.integer(4) === 0 ? seeds : whole), seeds, random);
  };
  const random = createRandom(seed);
  const before = process.memoryUsage.rss();
  const faults: string[] = [];
  let [read, refused, slowestMs, grownBytes] = [0, 0, 0, 0];
  for (let i = 0; i < files; i++) {
    const bytes = next();
    const start = performance.now();
    try {
      for (const { length } of (await readAll(bytes)).values()) {
        if (length * 4 > 16 * bytes.length) faults.push(`file ${i}: more values than bytes`);
      }
      read++;
    } catch (error) {
      refused++;
      if (!(error instanceof UserError) || /[\n\r]/.test(error.message)) {
        faults.push(`file ${i}: ${String(error)}`);
      }
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (i % 100 === 0) grownBytes = Math.max(grownBytes, process.memoryUsage.rss() - before);
  }
  return { files, read, refused, faults, slowestMs, grownBytes };
}

/** The entries of a file of torch.save, its pickle first. */
async function partsOf(bytes: Buffer): Promise<ZipPart[]> {
  const source = inMemory(bytes, 'A file');
  const directory = await readZipDirectory(source, failure);
  const parts = directory.map(async (entry): Promise<ZipPart> => {
    const at = await dataPosition(source, entry, failure);
    const inArchive = entry.name.replace(/^[^/]*/, 'archive');
    return { name: inArchive, data: bytes.subarray(at, at + entry.bytes) };
  });
  const all = await Promise.all(parts);
  const isPickle = ({ name }: ZipPart): boolean => name === 'archive/data.pkl';
  return [...all.filter(isPickle), ...all.filter((part) => !isPickle(part))];
}

const opcodes = Buffer.from(
  '()BCGJKMNQRTUX]abcehjqrstu}.\x80\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95',
  'latin1',
);
const extremes = ['00000000', 'ffffffff', 'ffffff7f', '00000080', '01000000', 'ffff0000'];
const names = ['cos\nsystem\n', 'cbuiltins\neval\n', 'ccollections\nOrderedDict\n'];

function mutate(file: Uint8Array, seeds: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(file);
  const changes = 1 + random.integer(4);
  for (let i = 0; i < changes; i++) {
    if (bytes.length === 0) return bytes;
    bytes = mutations[random.integer(mutations.length)]!(bytes, seeds, random);
  }
  return bytes;
}

type Mutation = (bytes: Buffer, seeds: readonly Buffer[], random: Random) => Buffer;

const mutations: readonly Mutation[] = [
  (bytes, _seeds, random) => {
    const at = random.integer(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.integer(8)), at);
    return bytes;
  },
  (bytes, _seeds, random) => {
    bytes[random.integer(bytes.length)] = random.integer(256);
    return bytes;
  },
  (bytes, _seeds, random) => {
    bytes[random.integer(bytes.length)] = random.pick([...opcodes]);
    return bytes;
  },
  (bytes, _seeds, random) => {
    Buffer.from(random.pick(extremes), 'hex').copy(bytes, random.integer(bytes.length));
    return bytes;
  },
  (bytes, _seeds, random) => bytes.subarray(0, random.integer(bytes.length)),
  (bytes, _seeds, random) => {
    const { from, to } = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, _seeds, random) => {
    const { from, to } = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, _seeds, random) => insert(bytes, Buffer.from(random.pick(names)), random),
  (bytes, _seeds, random) => {
    const some = Array.from({ length: 1 + random.integer(8) }, () => random.pick([...opcodes]));
    return insert(bytes, Buffer.from(some), random);
  },
  (bytes, seeds, random) => {
    const other = random.pick(seeds);
    const { from, to } = range(other, random);
    return insert(bytes, other.subarray(from, to), random);
  },
];

function insert(bytes: Buffer, more: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

function range(bytes: Buffer, random: Random): { from: number; to: number } {
  const from = random.integer(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + random.integer(64)) };
}
