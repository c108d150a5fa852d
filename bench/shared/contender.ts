/** What a benchmark compares: each does some steps when told, so that all meet the same load. */
export interface Contender {
  readonly name: string;
  /** Does the next `count` steps. */
  advance(count: number): Promise<Turn>;
}

export interface Turn {
  /** One entry per step. */
  readonly milliseconds: readonly number[];
  readonly processorSeconds: number;
  /** Excludes padding. */
  readonly tokens: number;
  /** Of its process, so far. */
  readonly peakBytes: number;
}

/** Times steps of this process. */
export async function timedTurn(
  count: number,
  step: () => Promise<{ readonly tokens: number }>,
): Promise<Turn> {
  const milliseconds: number[] = [];
  let tokens = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    tokens += (await step()).tokens;
    milliseconds.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { milliseconds, processorSeconds: (user + system) / 1e6, tokens, peakBytes };
}

/** Sums of several turns. */
export function allTurns(turns: readonly Turn[]) {
  const sum = (of: (turn: Turn) => number): number => turns.reduce((a, turn) => a + of(turn), 0);
  return {
    seconds: sum(({ milliseconds }) => milliseconds.reduce((a, b) => a + b, 0)) / 1000,
    processorSeconds: sum((turn) => turn.processorSeconds),
    tokens: sum(({ tokens }) => tokens),
    peakBytes: Math.max(...turns.map(({ peakBytes }) => peakBytes)),
  };
}
