/** Locations of the extension's own files, and the environment of its child processes. */
import { join } from 'node:path';
import { bundledFolderName } from '../engine/bundledModel.js';
import { cacheFolderVariable, threadsVariable } from '../protocol/rpc.js';

export interface Places {
  readonly lookupScript: string;
  readonly jobScript: string;
  readonly bundledModel: string;
  readonly samples: string;
  /** Derived files, which can be recreated. */
  readonly cache: string;
  /** Homes of workspaces that are read-only. */
  readonly fallback: string;
}

export function placesOf(extensionFolder: string, globalStorage: string): Places {
  return {
    lookupScript: join(extensionFolder, 'dist', 'lookup.mjs'),
    jobScript: join(extensionFolder, 'dist', 'job.mjs'),
    bundledModel: join(extensionFolder, 'models', bundledFolderName),
    samples: join(extensionFolder, 'samples'),
    cache: join(globalStorage, 'cache'),
    fallback: join(globalStorage, 'workspaces'),
  };
}

export interface ChildSettings {
  readonly cache: string;
  /** 0: choose automatically. */
  readonly threads: number;
  /** Proxy for downloads; empty: use the environment's. */
  readonly proxy: string;
  /** Hosts to reach without the proxy, if the environment names none. */
  readonly noProxy: readonly string[];
}

/** The environment without the editor's own variables (debuggers, sockets, tokens). */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  { cache, threads, proxy, noProxy }: ChildSettings,
): NodeJS.ProcessEnv {
  const child: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name !== 'NODE_OPTIONS' && !name.startsWith('VSCODE_')) child[name] = value;
  }
  child['ELECTRON_RUN_AS_NODE'] = '1';
  child[cacheFolderVariable] = cache;
  if (threads > 0) child[threadsVariable] = String(threads);
  if (proxy !== '') child['HTTPS_PROXY'] = child['HTTP_PROXY'] = proxy;
  const isExempt = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  if (isExempt === '' && noProxy.length > 0) child['NO_PROXY'] = noProxy.join(',');
  // Node's fetch honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY only with this variable.
  child['NODE_USE_ENV_PROXY'] = '1';
  return child;
}
