/** How often the lookup engine has died lately: one that keeps dying is not started again by itself. */

const recentMs = 5 * 60_000;
const mostDeaths = 3;

export interface EngineDeaths {
  /** Counts a death; whether it is the first one lately, which the user should hear of. */
  count(): boolean;
  /** There were too many: only the user may start the engine again. */
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
