/**
 * Numbers pairs of small integers in the order of their first appearance: an open-addressing hash
 * table, so that no string has to be made for each pair of words of a text.
 */
export interface PairTable {
  size(): number;
  /** The pair's number; a new one if it has none. */
  add(first: number, second: number): number;
  /** The pair's number, or -1. */
  find(first: number, second: number): number;
  pair(id: number): readonly [first: number, second: number];
}

const firstCapacity = 1024;

export function pairTable(): PairTable {
  let count = 0;
  let firsts = new Int32Array(firstCapacity);
  let seconds = new Int32Array(firstCapacity);
  /** Number of a pair plus one, 0 where free; twice as many slots as pairs. */
  let slots = new Int32Array(2 * firstCapacity);

  /** The slot that holds the pair, or the free one where it belongs. */
  function slotOf(first: number, second: number): number {
    let slot = hash(first, second) & (slots.length - 1);
    for (;;) {
      const id = slots[slot]! - 1;
      if (id < 0 || (firsts[id] === first && seconds[id] === second)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  }

  function grow(): void {
    firsts = doubled(firsts);
    seconds = doubled(seconds);
    slots = new Int32Array(2 * slots.length);
    for (let id = 0; id < count; id++) slots[slotOf(firsts[id]!, seconds[id]!)] = id + 1;
  }

  return {
    size: () => count,
    add(first, second) {
      if (count === firsts.length) grow();
      const slot = slotOf(first, second);
      if (slots[slot] === 0) {
        firsts[count] = first;
        seconds[count] = second;
        slots[slot] = ++count;
      }
      return slots[slot]! - 1;
    },
    find: (first, second) => slots[slotOf(first, second)]! - 1,
    pair: (id) => [firsts[id]!, seconds[id]!],
  };
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** Mixes both numbers into all bits (the finaliser of MurmurHash3). */
function hash(first: number, second: number): number {
  let mixed = Math.imul(first, 0x9e3779b1) ^ second;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
