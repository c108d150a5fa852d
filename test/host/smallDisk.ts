/** A real disk that is soon full: a file system in memory, where mounting is allowed. */
import { execFileSync } from 'node:child_process';

/** For `skipOrFail`, where `mountSmallDisk` says `false`. */
export const noSmallDisk = 'no small disk can be mounted here: that takes Linux, and root';

/** @param size as mount's own option, "8m" for one; `false` where mounting is not allowed */
export function mountSmallDisk(folder: string, size: string): boolean {
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
    return true;
  } catch {
    return false;
  }
}

export function remountSmallDisk(folder: string, mode: 'ro' | 'rw'): void {
  mount('-o', `remount,${mode}`, folder);
}

export function unmountSmallDisk(folder: string): void {
  execFileSync('umount', [folder]);
}

function mount(...options: readonly string[]): void {
  execFileSync('mount', options, { stdio: 'ignore' });
}
