/**
 * A warning if the base model was trained on held-out notes; `null` if it was not, or does not say.
 */
export function seenByBase(seen: number | null, heldOut: number): string | null {
  if (seen === null || seen === 0) return null;
  return `The base model was trained on ${seen} of the ${heldOut} held-out notes: its loss on them is lower than on new notes.`;
}
