/** What the neighbours of a note say of it: whether it may be mislabelled, and how far it moved between two models. */
import type { NeighbourLists } from './neighbourLists.js';

export interface NeighbourVotes {
  /** [notes]: share of its neighbours with a category that are of its own; NaN where there are none. */
  readonly agreement: Float64Array;
  /** [notes]: the most frequent category among its neighbours, the first of equally frequent ones; -1 for none. */
  readonly majority: Int32Array;
  /** [notes]: that category's share. */
  readonly share: Float64Array;
}

/** @param categories [notes], -1 for none */
export function neighbourVotes(
  { count, k, notes }: NeighbourLists,
  categories: Int32Array,
  classes: number,
): NeighbourVotes {
  const agreement = new Float64Array(count).fill(NaN);
  const majority = new Int32Array(count).fill(-1);
  const share = new Float64Array(count).fill(NaN);
  const votes = new Int32Array(classes);
  for (let note = 0; note < count; note++) {
    votes.fill(0);
    let all = 0;
    for (let at = note * k; at < (note + 1) * k; at++) {
      const category = categories[notes[at]!]!;
      if (category < 0) continue;
      votes[category]!++;
      all++;
    }
    if (all === 0) continue;
    let best = 0;
    for (let category = 1; category < classes; category++) {
      if (votes[category]! > votes[best]!) best = category;
    }
    majority[note] = best;
    share[note] = votes[best]! / all;
    const own = categories[note]!;
    if (own >= 0) agreement[note] = votes[own]! / all;
  }
  return { agreement, majority, share };
}

/** Share of a note's neighbours that must be of one other category before it is listed. */
export const doubtfulShare = 0.6;
/** And at most so many may be of its own. */
const mostOwn = 0.2;

/** Notes whose neighbours are of another category, those with the clearest majority first. */
export function possibleMislabels(
  { agreement, majority, share }: NeighbourVotes,
  categories: Int32Array,
): number[] {
  return [...categories.keys()]
    .filter((note) => {
      const own = categories[note]!;
      if (own < 0 || majority[note]! < 0 || majority[note] === own) return false;
      return share[note]! >= doubtfulShare && agreement[note]! <= mostOwn;
    })
    .sort((a, b) => share[b]! - share[a]! || agreement[a]! - agreement[b]! || a - b);
}

/** Share of each note's neighbours that it has in both models [notes]; the lists are of the same notes. */
export function neighbourOverlap(a: NeighbourLists, b: NeighbourLists): Float64Array {
  if (a.count !== b.count || a.k !== b.k) throw new RangeError('the lists are of other notes');
  const { count, k } = a;
  return Float64Array.from({ length: count }, (_, note) => {
    if (k === 0) return NaN;
    const own = new Set(a.notes.subarray(note * k, (note + 1) * k));
    let both = 0;
    for (const other of b.notes.subarray(note * k, (note + 1) * k)) if (own.has(other)) both++;
    return both / k;
  });
}
