/**
 * Clusters near-duplicate notes: MinHash over word shingles (Broder, "On the resemblance and
 * containment of documents", 1997), with candidates found by banding and then verified.
 */
import { hashName } from '../base/random.js';

const shingleWords = 4;
const hashes = 64;
const bands = 16;
const rows = hashes / bands;
/** Estimated share of common shingles above which two notes are near-duplicates. */
const threshold = 0.6;

/** Cluster number of each text, in order of first appearance. */
export function nearDuplicateClusters(texts: readonly string[]): Int32Array {
  const parents = Int32Array.from(texts, (_, i) => i);
  const signatures = texts.map(signatureOf);
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<string, number>();
    signatures.forEach((signature, i) => {
      const key = signature.subarray(band * rows, (band + 1) * rows).join();
      const first = buckets.get(key);
      if (first === undefined) buckets.set(key, i);
      else if (agreement(signatures[first] as Uint32Array, signature) >= threshold) {
        unite(parents, first, i);
      }
    });
  }
  return numbered(parents);
}

/** Bytes of a text's sketch. */
export const sketchSize = hashes;

/**
 * The lowest byte of each of a text's MinHash values: the share of equal bytes of two sketches estimates
 * the share of shingles that their texts have in common (Li and König, "b-Bit minwise hashing", 2010).
 */
export function sketchOf(text: string): Uint8Array {
  return Uint8Array.from(signatureOf(text), (hash) => hash & 0xff);
}

function signatureOf(text: string): Uint32Array {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const signature = new Uint32Array(hashes).fill(0xffffffff);
  const last = Math.max(0, words.length - shingleWords);
  for (let start = 0; start <= last; start++) {
    const shingle = hashName(words.slice(start, start + shingleWords).join(' '));
    for (let i = 0; i < hashes; i++) {
      const value = scrambled(shingle, i);
      if (value < (signature[i] as number)) signature[i] = value;
    }
  }
  return signature;
}

/** The i-th hash of a hash: murmur3's finalizer over a shifted value. */
function scrambled(value: number, i: number): number {
  let hash = (value + Math.imul(i + 1, 0x9e3779b9)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function agreement(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let i = 0; i < hashes; i++) if (a[i] === b[i]) same++;
  return same / hashes;
}

function find(parents: Int32Array, start: number): number {
  let at = start;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at] as number] as number;
    at = parents[at] as number;
  }
  return at;
}

function unite(parents: Int32Array, a: number, b: number): void {
  const [rootA, rootB] = [find(parents, a), find(parents, b)];
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

function numbered(parents: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return parents.map((_, i) => {
    const root = find(parents, i);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
}
