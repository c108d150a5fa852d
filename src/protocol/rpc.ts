/**
 * How requests travel between the extension and the lookup engine: JSON-RPC (vscode-jsonrpc) over
 * the child's IPC channel with `serialization: 'advanced'`, so that typed arrays stay typed arrays.
 *
 * A failed request is a JSON-RPC error whose `message` is one sentence for the user.
 */
export const rpcErrorCodes = {
  /** The caller's mistake: a missing store, an unknown note. */
  usage: -32001,
  /** The world's: a full disk, a broken file. */
  failed: -32002,
  /** The caller took the request back. */
  cancelled: -32800,
} as const;

/** Environment variable that names the folder for derived files (ONNX of the bundled model, probes). */
export const cacheFolderVariable = 'NOTESPACE_CACHE';
/** Environment variable that limits the threads of a child process. */
export const threadsVariable = 'NOTESPACE_THREADS';
/** Environment variable: milliseconds without a request after which the lookup engine ends. */
export const idleExitVariable = 'NOTESPACE_IDLE_MS';
