/** Counts recent crashes of the lookup engine: if it keeps crashing, it is not restarted automatically. */

const recentMs = 5 * 60_000;
const mostDeaths = 3;

export interface EngineDeaths {
  /** Records a crash; returns whether it is the first recent one, which the user is told about. */
  count(): boolean;
  /** Too many crashes: only a user command may start the engine again. */
  areTooMany(): boolean;
  forgive(): void;
}

export function countDeaths(now: () => number = Date.now): EngineDeaths {
  let deaths: readonly number[] = [];
  const recent = (): readonly number[] => deaths.filter((at) => now() - at < recentMs);
  return {
    count() {
      deaths = [...recent(), now()];
      return deaths.length === 1;
    },
    areTooMany: () => recent().length >= mostDeaths,
    forgive() {
      deaths = [];
    },
  };
}
