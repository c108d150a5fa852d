/**
 * Makes ids unique: `a`, then `a#2`, `a#3` and so on. Never retries a suffix that is already taken,
 * so the time is linear in the number of ids, however many are equal.
 */
export function createUniqueIds(): (asked: string) => string {
  const taken = new Set<string>();
  /** For each id, the lowest suffix that may be free. */
  const next = new Map<string, number>();

  return (asked) => {
    let id = asked;
    if (taken.has(asked)) {
      let number = next.get(asked) ?? 2;
      while (taken.has(`${asked}#${number}`)) number++;
      next.set(asked, number + 1);
      id = `${asked}#${number}`;
    }
    taken.add(id);
    return id;
  };
}
