/**
 * Gives each id a name of its own: `a`, then `a#2`, `a#3` and so on. A name that was found taken is not
 * tried again, so that the time grows with the number of ids, however many of them are equal.
 */
export function createUniqueIds(): (asked: string) => string {
  const taken = new Set<string>();
  /** The lowest number of each id that may be free. */
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
