/** Downloads the files of a model of a hub, going on where an earlier attempt stopped. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadFile } from '@huggingface/hub';
import { failure, systemCode, throwIfAborted } from '../base/errors.js';
import { makeFolder } from '../base/files.js';
import { accessTo, asking } from './hubAccess.js';
import type { Hub, HubFile, HubDownload } from './hubAccess.js';

/**
 * Small files first, so that an unsupported configuration is found before the weights are
 * downloaded.
 */
export function downloadOrder(model: HubDownload): readonly HubFile[] {
  return [...model.files].sort((a, b) => a.bytes - b.bytes);
}

/**
 * Downloads into `folder/path`, resuming an earlier download of the same revision. Discards a file
 * whose checksum differs from the hub's.
 */
export async function downloadHubFile(
  model: HubDownload,
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
  readonly model: HubDownload;
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
