/**
 * The transport between the extension and the lookup engine: JSON-RPC (vscode-jsonrpc) over the
 * child's IPC channel with `serialization: 'advanced'`, which preserves typed arrays.
 *
 * A failed request is a JSON-RPC error whose `message` is one sentence for the user.
 */
export const rpcErrorCodes = {
  /** A mistake by the caller: a missing store, an unknown note. */
  usage: -32001,
  /** An external failure: a full disk, a broken file. */
  failed: -32002,
  /** The caller cancelled the request. */
  cancelled: -32800,
} as const;

/** Environment variable: folder for derived files (ONNX of the bundled model, probes). */
export const cacheFolderVariable = 'NOTESPACE_CACHE';
/** Environment variable: maximum number of threads of a child process. */
export const threadsVariable = 'NOTESPACE_THREADS';
/** Environment variable: milliseconds without a request after which the lookup engine exits. */
export const idleExitVariable = 'NOTESPACE_IDLE_MS';
