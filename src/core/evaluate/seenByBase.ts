/**
 * What is to be said where training starts from a model that knows held-out notes already; `null`
 * where it knows none, or does not say what it knows.
 */
export function seenByBase(seen: number | null, heldOut: number): string | null {
  if (seen === null || seen === 0) return null;
  return `The base model was trained on ${seen} of the ${heldOut} held-out notes: its loss on them is lower than on new notes.`;
}
