import { printable } from './printable.js';

/**
 * Errors that a user can act on. The message is one sentence that says what to do, and never
 * contains note text. Anything else that is thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  /** `usage`: bad input (exit 2); `failed`: an external failure such as a full disk (exit 1). */
  readonly kind: 'usage' | 'failed';

  constructor(kind: 'usage' | 'failed', message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.name = 'UserError';
    this.kind = kind;
  }
}

/** Cancelled on request; completed work has been saved. */
export class Cancelled extends Error {
  constructor(message = 'Cancelled.') {
    super(message);
    this.name = 'Cancelled';
  }
}

/** An allocation failed; the caller may retry with less. */
export class OutOfMemory extends Error {
  constructor(options?: ErrorOptions) {
    super('There was not enough memory.', options);
    this.name = 'OutOfMemory';
  }
}

/** A device stopped working, and with it what its memory held. */
export class DeviceLost extends UserError {
  constructor(options?: ErrorOptions) {
    super('failed', 'The graphics device stopped working: try again, or choose the CPU.', options);
    this.name = 'DeviceLost';
  }
}

/**
 * Messages from ONNX Runtime, C++ (GCC's `std::bad_alloc`, Microsoft's "bad allocation"), thread
 * stacks and V8.
 */
const memoryMessages =
  /bad[_ ]alloc|(failed to|could not|cannot) allocate|allocation failed|out of memory/i;

/** Whether a native library or V8 reports that memory ran out. */
export function isMemoryError(error: unknown): boolean {
  return (
    error instanceof OutOfMemory || (error instanceof Error && memoryMessages.test(error.message))
  );
}

export function usageError(message: string, options?: ErrorOptions): UserError {
  return new UserError('usage', message, options);
}

export function failure(message: string, options?: ErrorOptions): UserError {
  return new UserError('failed', message, options);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled();
}

/** The system error code ("ENOENT"), if any. */
export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null | undefined)?.code;
}

/** Whether a path does not exist. */
export function isAbsent(error: unknown): boolean {
  return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}

const systemSentences: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and try again.',
  EDQUOT: 'Your disk quota is used up: free some space and try again.',
  EROFS: 'The file system is read-only: choose a folder that can be written.',
  EACCES: 'Permission was denied: choose a folder that you may read and write.',
  EPERM: 'Permission was denied: choose a folder that you may read and write.',
  ENOENT: 'The file or folder does not exist: check the path.',
  EEXIST: 'A file stands where a folder is needed: check the path.',
  ENOTDIR: 'A file stands where a folder is needed: check the path.',
  EISDIR: 'A folder stands where a file is needed: check the path.',
  EFBIG: 'A file became larger than it may: raise the limit or choose another disk.',
  ENAMETOOLONG: 'The path is too long: choose a shorter one.',
  EIO: 'The disk could not be read or written: check it.',
  EMFILE: 'Too many files are open: close other programs and try again.',
};

/**
 * One sentence for a failed system call on `what` ("the model folder /x"). Rethrows any other
 * error.
 */
export function fromSystemError(error: unknown, what: string): UserError {
  const code = systemCode(error);
  const sentence = code === undefined ? undefined : systemSentences[code];
  if (sentence === undefined) throw error;
  return new UserError('failed', `${what}: ${sentence}`, { cause: error });
}
