/**
 * Checkpoints: everything a run needs to go on as if it had never stopped. Random numbers and the place
 * in the data are functions of seed and step, so that the step alone stands for both.
 *
 * A file is one line of JSON (the header), then the sections of the state, float32 (`backend/state.ts`: the
 * same on every device), then the SHA-256 of all that. It is written whole or not at all, and nothing in
 * it is believed before its checksum is verified; files of later versions end with theirs, too.
 */
import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { failure, fromSystemError, systemCode, usageError } from '../base/errors.js';
import { makeFolder, writeFileAtomicWith } from '../base/files.js';

/** What describes a run; a checkpoint of a run that was described otherwise cannot be continued. */
export type RunIdentity = Readonly<Record<string, unknown>>;

export interface TrainingProgress {
  /** Complete steps. */
  step: number;
  /** Seen so far, without padding. */
  tokens: number;
  /** Spent in steps so far. */
  milliseconds: number;
  /** Mean training losses of the first and the latest ten steps. */
  firstLosses: number[];
  lastLosses: number[];
  heldOutLossBefore: number;
  /** The best held-out loss so far, and how many measurements ago that was; for early stopping. */
  best: { step: number; loss: number; age: number } | null;
  /** Whether the held-out loss after this step is still to be measured. */
  heldOutIsDue: boolean;
  /** Steps in a row, up to this one, whose loss was far too high; see `divergence`. */
  suspiciousSteps: number;
  /** Runs that each micro-batch is cut into, because memory was short. */
  split: number;
  /** That it was computed with: another number gives other roundings. */
  threads: number;
}

const format = 2;
const checksumBytes = 32;

interface Header {
  readonly format: number;
  readonly identity: RunIdentity;
  readonly progress: TrainingProgress;
}

const fileName = (step: number): string => `step-${String(step).padStart(9, '0')}.checkpoint`;
const fileNamePattern = /^step-\d{9,}\.checkpoint$/;

const bytesOf = (section: Float32Array): Uint8Array =>
  new Uint8Array(section.buffer, section.byteOffset, section.byteLength);

/**
 * Saves the state and deletes all but the latest `keep` checkpoints and that of the best step. Those of
 * later steps go first: they are broken, or of a course that the run does not take.
 */
export async function saveCheckpoint(
  folder: string,
  identity: RunIdentity,
  progress: TrainingProgress,
  sections: readonly Float32Array[],
  keep: number,
): Promise<void> {
  const header: Header = { format, identity, progress };
  try {
    await makeFolder(folder);
    await writeFileAtomicWith(join(folder, fileName(progress.step)), async (file) => {
      const hash = createHash('sha256');
      for (const part of [Buffer.from(`${JSON.stringify(header)}\n`), ...sections.map(bytesOf)]) {
        hash.update(part);
        await file.writeFile(part);
      }
      await file.writeFile(hash.digest());
    });
    const best = progress.best === null ? null : fileName(progress.best.step);
    const names = await checkpointNames(folder);
    const saved = names.indexOf(fileName(progress.step));
    const kept = names.slice(saved, saved + keep);
    for (const name of names) {
      if (name !== best && !kept.includes(name)) await rm(join(folder, name));
    }
  } catch (error) {
    throw fromSystemError(error, `The checkpoint folder ${folder}`);
  }
}

export async function hasCheckpoint(folder: string): Promise<boolean> {
  return (await checkpointNames(folder)).length > 0;
}

/** What the checkpoints of a folder take on its disk. */
export async function checkpointFolderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await checkpointNames(folder)) bytes += (await stat(join(folder, name))).size;
  return bytes;
}

export interface RestoredCheckpoint {
  readonly progress: TrainingProgress;
  /** Names of newer checkpoints that were broken. */
  readonly broken: readonly string[];
}

/** Reads the latest sound checkpoint into `sections`; `null` where there is none. */
export async function restoreCheckpoint(
  folder: string,
  identity: RunIdentity,
  sections: readonly Float32Array[],
): Promise<RestoredCheckpoint | null> {
  const broken: string[] = [];
  for (const name of await checkpointNames(folder)) {
    const progress = await readIfSound(join(folder, name), identity, sections);
    if (progress !== null) return { progress, broken };
    broken.push(name);
  }
  if (broken.length === 0) return null;
  throw failure(`No checkpoint in ${folder} is readable: start a new run.`);
}

/**
 * Reads the checkpoint of one step into `sections`; whether it was there and sound. A disk that fails
 * half-way leaves `sections` half overwritten.
 */
export async function restoreStep(
  folder: string,
  step: number,
  identity: RunIdentity,
  sections: readonly Float32Array[],
): Promise<boolean> {
  const name = fileName(step);
  if (!(await checkpointNames(folder)).includes(name)) return false;
  return (await readIfSound(join(folder, name), identity, sections)) !== null;
}

/** `null` for a checkpoint that is broken, or lies where the disk cannot be read. */
async function readIfSound(
  path: string,
  identity: RunIdentity,
  sections: readonly Float32Array[],
): Promise<TrainingProgress | null> {
  try {
    return await readCheckpoint(path, identity, sections);
  } catch (error) {
    if (systemCode(error) === 'EIO') return null;
    throw error;
  }
}

/** Latest first. */
async function checkpointNames(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => fileNamePattern.test(name));
    return names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).reverse();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readCheckpoint(
  path: string,
  identity: RunIdentity,
  sections: readonly Float32Array[],
): Promise<TrainingProgress | null> {
  const file = await open(path, 'r');
  try {
    const end = (await file.stat()).size - checksumBytes;
    if (!(await isWhole(file, end))) return null;
    const found = await readHeader(file);
    if (found === null) return null;
    const { header, start } = found;
    if (header.format > format) {
      throw usageError(`The checkpoint ${path} was made by a newer version: update Notespace.`);
    }
    refuseOtherRun(header.identity, identity);
    const held = sections.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (end - start !== held) return null;
    let position = start;
    for (const section of sections.map(bytesOf)) {
      if (!(await fill(file, section, position))) return null;
      position += section.length;
    }
    return header.progress;
  } finally {
    await file.close();
  }
}

/** Whether the checksum that stands at `end` is that of all before it. */
async function isWhole(file: FileHandle, end: number): Promise<boolean> {
  if (end < 0) return false;
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 22);
  for (let position = 0; position < end;) {
    const part = chunk.subarray(0, Math.min(chunk.length, end - position));
    if (!(await fill(file, part, position))) return false;
    hash.update(part);
    position += part.length;
  }
  const checksum = Buffer.alloc(checksumBytes);
  return (await fill(file, checksum, end)) && hash.digest().equals(checksum);
}

/** Fills `target` with what stands at `position`; false where the file ends before. */
async function fill(file: FileHandle, target: Uint8Array, position: number): Promise<boolean> {
  for (let done = 0; done < target.length;) {
    const length = Math.min(target.length - done, 1 << 26);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

async function readHeader(file: FileHandle): Promise<{ header: Header; start: number } | null> {
  const beginning = Buffer.alloc(1 << 16);
  const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
  const end = beginning.subarray(0, bytesRead).indexOf('\n');
  if (end < 0) return null;
  return { header: JSON.parse(beginning.toString('utf8', 0, end)) as Header, start: end + 1 };
}

function refuseOtherRun(saved: RunIdentity, current: RunIdentity): void {
  const now = JSON.parse(JSON.stringify(current)) as RunIdentity;
  const names = new Set([...Object.keys(saved), ...Object.keys(now)]);
  const changed = [...names].filter((name) => !agrees(saved[name], now[name]));
  if (changed.length === 0) return;
  throw usageError(
    `The run was started with another ${changed.join(', ')}: resume it as it was started, or start a new run.`,
  );
}

/**
 * A setting that a checkpoint does not name was not there when it was written, and changes nothing. Its
 * value counts as a whole: another loss that has a weight is another value of `lossWeights`.
 */
function agrees(saved: unknown, current: unknown): boolean {
  if (!isRecord(saved) || !isRecord(current)) return isDeepStrictEqual(saved, current);
  return Object.keys(saved).every((name) => isDeepStrictEqual(saved[name], current[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
