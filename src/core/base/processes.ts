/** Which process this is, and whether another one on this machine still exists. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from './errors.js';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Linux PID namespace of `pid`: containers may share a host name. */
  readonly pidNamespace: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), pidNamespace: pidNamespace() };
}

/** Whether the process's pid can be looked up on this machine. */
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

/** Linux only; `null` elsewhere. */
function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
