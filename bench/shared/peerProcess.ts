/** A Python script of bench/peers that answers each line on its input with one on its output. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender, Turn } from './contender.js';

export interface PeerProcess {
  /** Sends a request as JSON; gives the answer. Throws what the script wrote last if it ends. */
  ask(request: object): Promise<unknown>;
  /** Kills the script. */
  end(): Promise<void>;
}

/** Whether this Python has what the scripts need. */
export function hasPeers(python: string): boolean {
  return spawnSync(python, ['-c', 'import torch, transformers'], { stdio: 'ignore' }).status === 0;
}

export function startPeer(python: string, script: string, args: readonly string[]): PeerProcess {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const child = spawn(python, [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined);
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await lines.next();
      if (line.done !== true) return JSON.parse(line.value) as unknown;
      await ended;
      throw new Error(`${script} ended: ${said}`);
    },
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** @param row what the script calls it; absent if it has only one */
export function peerContender(name: string, peer: PeerProcess, row?: string): Contender {
  return {
    name,
    advance: async (steps) => (await peer.ask({ steps, row })) as Turn,
  };
}
