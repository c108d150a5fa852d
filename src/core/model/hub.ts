/**
 * Models on a hub (Hugging Face's or a mirror). Callers must have the user's consent: nothing else
 * in the core uses the network. `fetch` is passed in.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadFile, HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { Cancelled, failure, systemCode, throwIfAborted, UserError } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import { checkFileNames, modelFilesAmong } from './importFiles.js';
import { parseHubName } from './importNames.js';

export interface Hub {
  /** Without a trailing slash. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** `null` for small files, for which a hub has none. */
  readonly sha256: string | null;
}

export interface HubModel {
  /** `owner/name` */
  readonly name: string;
  /** Commit hash. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

/** Lists what would be downloaded; throws at once if the model cannot be used. */
export async function inspectHubModel(text: string, hub: Hub): Promise<HubModel> {
  const { name, revision } = parseHubName(text);
  const access = accessTo(hub);
  return asking(name, hub, async () => {
    const { sha } = await modelInfo({
      name,
      additionalFields: ['sha'],
      ...(revision === null ? {} : { revision }),
      ...access,
    });
    const found: HubFile[] = [];
    const names = new Set<string>();
    for await (const file of listFiles({ repo: name, recursive: true, revision: sha, ...access })) {
      names.add(file.path);
      if (file.type !== 'file') continue;
      const sha256 = file.lfs?.oid ?? null;
      found.push({ path: file.path, bytes: file.lfs?.size ?? file.size, sha256 });
    }
    checkFileNames(name, names);
    const wanted = new Set(modelFilesAmong(names));
    return { name, revision: sha, files: found.filter(({ path }) => wanted.has(path)) };
  });
}

/**
 * Small files first, so that an unsupported configuration is found before the weights are
 * downloaded.
 */
export function downloadOrder(model: HubModel): readonly HubFile[] {
  return [...model.files].sort((a, b) => a.bytes - b.bytes);
}

/**
 * Downloads into `folder/path`, resuming an earlier download of the same revision. Discards a file
 * whose checksum differs from the hub's.
 */
export async function downloadHubFile(
  model: HubModel,
  file: HubFile,
  folder: string,
  { hub, onBytes }: { readonly hub: Hub; readonly onBytes: (done: number) => void },
): Promise<void> {
  const path = join(folder, file.path);
  await makeFolder(dirname(path));
  const had = Math.min(await sizeOf(path), file.bytes);
  const hash = createHash('sha256');
  if (had > 0) await hashStart(hash, path, had);
  onBytes(had);
  if (had < file.bytes) {
    const output = await open(path, had === 0 ? 'w' : 'r+');
    try {
      await asking(model.name, hub, () =>
        receive({ model, file, had, hub, onBytes, output, hash }),
      );
      await output.sync();
    } finally {
      await output.close();
    }
  }
  if ((await sizeOf(path)) !== file.bytes || !fits(file, hash)) {
    await rm(path, { force: true });
    throw failure(`${file.path} of ${model.name} arrived damaged: import the model again.`);
  }
}

interface Transfer {
  readonly model: HubModel;
  readonly file: HubFile;
  /** Bytes already downloaded. */
  readonly had: number;
  readonly hub: Hub;
  readonly onBytes: (done: number) => void;
  readonly output: FileHandle;
  readonly hash: Hash;
}

async function receive(transfer: Transfer): Promise<void> {
  const { model, file, had, hub, onBytes, output, hash } = transfer;
  const { name: repo, revision } = model;
  // Xet, the hub's other storage, needs further hosts; every hub also serves files directly.
  const blob = await downloadFile({
    repo,
    revision,
    path: file.path,
    xet: false,
    ...accessTo(hub),
  });
  if (blob === null) throw failure(`${file.path} of ${repo} is gone from the hub: try again.`);
  let done = had;
  const rest = had === 0 ? blob : blob.slice(had);
  for await (const chunk of rest.stream() as unknown as AsyncIterable<Uint8Array>) {
    throwIfAborted(hub.signal);
    await output.write(chunk, 0, chunk.length, done);
    hash.update(chunk);
    done += chunk.length;
    onBytes(done);
  }
}

function fits({ sha256 }: HubFile, hash: Hash): boolean {
  return sha256 === null || hash.digest('hex') === sha256;
}

async function hashStart(hash: Hash, path: string, bytes: number): Promise<void> {
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) {
    hash.update(chunk as Uint8Array);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Sends only the request: no token, no cookie. */
function accessTo({ url, fetch, signal }: Hub): { hubUrl: string; fetch: typeof globalThis.fetch } {
  return { hubUrl: url, fetch: (input, init) => fetch(input, { ...init, signal }) };
}

/** Turns hub errors into one sentence. */
async function asking<T>(name: string, hub: Hub, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (hub.signal.aborted) throw new Cancelled();
    if (error instanceof UserError) throw error;
    throw failure(sentenceFor(error, name, new URL(hub.url).host), { cause: error });
  }
}

function sentenceFor(error: unknown, name: string, host: string): string {
  if (!(error instanceof HubApiError)) {
    return systemCode(error) === 'ENOSPC'
      ? 'The disk is full: free some space and import the model again.'
      : `${host} could not be reached, or the connection broke: go online and try again, or import the model from a folder that was copied here.`;
  }
  // A hub answers alike for a missing model and for one that needs an account.
  return [401, 403, 404].includes(error.statusCode)
    ? `${host} has no public model ${name}: check its name, or download it by hand if it needs an account, and import the folder.`
    : `${host} answered with error ${error.statusCode}: try again later, or import the model from a folder.`;
}
