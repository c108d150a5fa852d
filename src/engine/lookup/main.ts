/**
 * Entry point of the lookup engine: a child process of one window that answers requests over its IPC
 * channel (fork with `serialization: 'advanced'`). Exits with its parent, or when idle.
 */
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  NullLogger,
} from 'vscode-jsonrpc/node';

import { idleExitVariable } from '../../protocol/rpc.js';
import { bundledModel } from '../bundledFolder.js';
import { cacheFolder } from '../paths.js';
import { lookupThreads } from '../resources.js';
import { createHandlers } from './handlers.js';
import { serveLookups } from './server.js';

/** Idle time after which the process exits; the next request starts a new one. */
const idleExitMs = Number(process.env[idleExitVariable] ?? 10 * 60_000);

if (process.send === undefined) {
  process.stderr.write('The lookup engine is started by the editor, over an IPC channel.\n');
  process.exit(2);
}
const connection = createMessageConnection(
  new IPCMessageReader(process),
  new IPCMessageWriter(process),
  NullLogger,
);
process.on('disconnect', () => process.exit(0));
// The editor stops the engine by disconnecting; ignore a Ctrl-C in the editor's terminal.
process.on('SIGINT', () => undefined);

serveLookups({
  connection,
  handlers: createHandlers({
    cacheFolder: await cacheFolder(process.env),
    threads: lookupThreads(process.env),
    bundledModel,
  }),
  log: (line) => process.stderr.write(`${line}\n`),
  idleExitMs,
  onIdle: () => process.exit(0),
});
connection.listen();
