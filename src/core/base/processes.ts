/** Which process this is, and whether another one on this machine still exists. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from './errors.js';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The set of processes that `pid` is a number in: containers may share the name of a host. */
  readonly pidNamespace: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), pidNamespace: pidNamespace() };
}

/** Whether the process can be looked up here by its number. */
export function isOnThisMachine(other: ProcessIdentity): boolean {
  return other.host === hostname() && other.pidNamespace === pidNamespace();
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Only Linux has them. */
function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
