/** A Python process that answers tasks one after the other, so that rounds can alternate with ours. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface PeerAnswer {
  readonly seconds: number;
  /** Of all threads: what other programs take does not count. */
  readonly processorSeconds: number;
  readonly iterations: number;
  readonly probabilities: readonly number[];
}

export interface ScikitPeer {
  readonly versions: string;
  ask(task: string, options: Readonly<Record<string, unknown>>): Promise<PeerAnswer>;
  close(): void;
}

/** `null`, with the reason printed, where this Python has no scikit-learn. */
export async function scikitPeer(
  python: string,
  script: string,
  args: readonly string[],
): Promise<ScikitPeer | null> {
  const found = spawnSync(python, ['-c', 'import sklearn'], { stdio: 'ignore' });
  if (found.status !== 0) {
    console.log(
      `scikit-learn was not compared: ${python} does not have it (name a Python that does with --python PATH).`,
    );
    return null;
  }
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const child = spawn(python, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const answer: IteratorResult<string, unknown> = await lines.next();
    if (answer.done === true) throw new Error(`${script} ended early`);
    return JSON.parse(answer.value);
  };
  const { versions } = (await next()) as { versions: string };
  return {
    versions,
    async ask(task, options) {
      child.stdin.write(`${JSON.stringify({ task, options })}\n`);
      return (await next()) as PeerAnswer;
    },
    close: () => child.stdin.end(),
  };
}
