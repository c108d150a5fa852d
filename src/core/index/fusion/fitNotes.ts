/**
 * What the semantic side of a hybrid search counts, told from the corpus itself: the share with which the
 * nearest of a sample of notes most often have a note's own category (or, without categories, its
 * label, or its patient).
 */
import { postingsOf } from '../terms/postings.js';
import { termRowsOf } from '../terms/termRows.js';
import { tfIdfScores } from '../terms/tfIdfScores.js';
import { fused, standardised } from './fuse.js';
import { centredRows, defaultShare, dot, shareGrid } from './sample.js';
import type { SampledNote } from './sample.js';

export interface NotesShare {
  /** In [0, 1]. */
  readonly share: number;
  /** What told; `null`: nothing did, and the share is the default. */
  readonly by: 'category' | 'label' | 'group' | null;
}

/** With fewer that have a fellow, chance would decide. */
const fewestTelling = 50;
/** Weights of the five nearest: those further down count for less, but steady the figure. */
const weights = [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5];
/** What a share loses for lying far from the middle, of one note: the more tell, the less chance decides. */
const pull = 0.6;

export function fitNotes(notes: readonly SampledNote[]): NotesShare {
  const by = (['category', 'label', 'group'] as const).find(
    (field) => withFellow(notes, field).length >= fewestTelling,
  );
  if (by === undefined) return { share: defaultShare, by: null };
  const scores = shareGrid.map(() => 0);
  const sides = sidesOf(notes);
  const telling = withFellow(notes, by);
  for (const query of telling) {
    const { semantic, keyword, isCounted } = sides(query, by);
    shareGrid.forEach((share, i) => {
      const found = nearest(fused(semantic, keyword, share), isCounted);
      found.forEach((note, rank) => {
        if (notes[note]![by] !== notes[query]![by]) return;
        // The nearest alone, and the five together, count alike.
        scores[i]! += weights[rank]! / weightSum + (rank === 0 ? 1 : 0);
      });
    });
  }
  let best = 0;
  const chance = pull / Math.sqrt(telling.length);
  const worth = (i: number): number =>
    scores[i]! / telling.length - chance * (shareGrid[i]! - 0.5) ** 2;
  shareGrid.forEach((_, i) => {
    if (worth(i) > worth(best)) best = i;
  });
  return { share: shareGrid[best]!, by };
}

const weightSum = weights.reduce((sum, weight) => sum + weight, 0);

type Telling = 'category' | 'label' | 'group';

/** Notes with a value that another note has too, one of another patient if the value is not the patient. */
function withFellow(notes: readonly SampledNote[], by: Telling): number[] {
  const groups = new Map<string, Set<string>>();
  const nameOf = ({ group, key }: SampledNote): string =>
    by === 'group' || group === null ? `note ${key}` : `group ${group}`;
  for (const note of notes) {
    const value = note[by];
    if (value === null) continue;
    const members = groups.get(value) ?? new Set();
    groups.set(value, members.add(nameOf(note)));
  }
  // Where all have one value, or each its own, nothing can be told.
  if (groups.size < 2) return [];
  return [...notes.keys()].filter((i) => (groups.get(notes[i]![by] ?? '')?.size ?? 0) > 1);
}

function sidesOf(notes: readonly SampledNote[]) {
  const { rows: centred } = centredRows(notes);
  const postings = postingsOf(termRowsOf(notes));
  return (query: number, by: Telling) => {
    const { group, text } = notes[query]!;
    const isCounted = (note: number): boolean =>
      note !== query && (by === 'group' || group === null || notes[note]!.group !== group);
    const own = centred[query]!;
    const semantic = Float64Array.from(centred, (vector) => dot(own, vector));
    const keyword = tfIdfScores(postings, text);
    return {
      semantic: standardised(semantic, isCounted),
      keyword: standardised(keyword, isCounted),
      isCounted,
    };
  };
}

/** The five best, best first. */
function nearest(scores: Float64Array, isCounted: (note: number) => boolean): number[] {
  const best: number[] = [];
  for (let note = 0; note < scores.length; note++) {
    if (!isCounted(note)) continue;
    const score = scores[note]!;
    if (best.length === weights.length && score <= scores[best.at(-1)!]!) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]!]! < score) at--;
    best.splice(at, 0, note);
    if (best.length > weights.length) best.pop();
  }
  return best;
}
