import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a script of bench/peers, and reports if that fails. */
export function runPeer(python: string, script: string, args: readonly string[]): void {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const found = spawnSync(python, ['-c', 'import torch, transformers'], { stdio: 'ignore' });
  if (found.status !== 0) {
    console.log(
      `PyTorch was not compared: ${python} has no torch and transformers (name one with --python PATH).`,
    );
    return;
  }
  const { status } = spawnSync(python, [path, ...args], { stdio: 'inherit' });
  if (status !== 0) console.log(`PyTorch was not compared: ${script} failed.`);
}
