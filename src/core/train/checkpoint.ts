/**
 * Checkpoints: the state needed to resume a run as if it had never stopped. Random numbers and the
 * position in the data are functions of seed and step, so the step alone is enough for both.
 *
 * A file is one line of JSON (the header), the float32 sections of the state (`backend/state.ts`:
 * the same on every device), and the SHA-256 of all that. It is written atomically, and the
 * checksum is verified before anything in it is used. Files of later versions also end with their
 * checksum.
 */
import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { failure, fromSystemError, systemCode, usageError } from '../base/errors.js';
import { makeFolder, writeFileAtomicWith } from '../base/files.js';
import type { RunEnd } from '../../protocol/catalogue/runEnds.js';
import type { Losses } from '../backend/backend.js';
import { mainName } from './stages.js';

/** Describes a run; a checkpoint with a different identity cannot be resumed. */
export type RunIdentity = Readonly<Record<string, unknown>>;

export interface TrainingProgress {
  /** Number of completed steps, of all stages. */
  step: number;
  /** Name of the current stage. */
  stage: string;
  /** Number of steps completed before it. */
  stageStart: number;
  /** The stages that have ended, in order. */
  finished: FinishedStage[];
  /** Tokens seen so far, excluding padding. */
  tokens: number;
  /** Time spent in steps so far. */
  milliseconds: number;
  /** Time spent in held-out losses so far; absent in checkpoints from before runs had a time limit. */
  measuringMilliseconds?: number;
  /** Training losses of the first and the latest ten steps of the stage. */
  firstLosses: number[];
  lastLosses: number[];
  /** Number of steps of the stage that had a loss. */
  lossCount: number;
  heldOutLossBefore: number;
  /** The best held-out loss so far, and how many measurements ago it was; for early stopping. */
  best: { step: number; loss: number; age: number } | null;
  /** Whether the held-out loss after this step has yet to be measured. */
  heldOutIsDue: boolean;
  /** Number of consecutive steps, up to this one, with a loss far too high; see `divergence`. */
  suspiciousSteps: number;
  /** Runs per micro-batch, increased when memory ran short. */
  split: number;
  /** Number of threads; another number changes rounding. */
  threads: number;
}

export interface FinishedStage {
  readonly name: string;
  /** Step of the checkpoint that holds what it trained; `null` if nothing needs that any more. */
  readonly checkpoint: number | null;
  readonly loss: FirstAndLast;
  /** Of the model that it gave, and its parts; `null` if not measured. */
  readonly heldOut: { readonly loss: number; readonly losses: Losses } | null;
  /** Share of validation notes with the right nearest neighbour; `null` if not measured. */
  readonly neighbours: number | null;
  /** Why it ended; absent in checkpoints from before this was kept. */
  readonly ended?: RunEnd;
}

/** Mean training losses of a stage's first and last steps, which share no step. */
export interface FirstAndLast {
  readonly first: number | null;
  readonly last: number | null;
}

/** Format 2 knew one stage, and no steps of a new head. */
const format = 3;
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
 * Saves the state, then deletes all but the latest `keep` checkpoints, that of the best step and the
 * outcomes of earlier stages that are still needed.
 * Checkpoints of later steps are always deleted: they are broken or of an abandoned continuation.
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
    const needed = [
      progress.best?.step ?? null,
      ...progress.finished.map(({ checkpoint }) => checkpoint),
    ].flatMap((step) => (step === null ? [] : [fileName(step)]));
    const names = await checkpointNames(folder);
    const saved = names.indexOf(fileName(progress.step));
    const kept = names.slice(saved, saved + keep);
    for (const name of names) {
      if (!needed.includes(name) && !kept.includes(name)) await rm(join(folder, name));
    }
  } catch (error) {
    throw fromSystemError(error, `The checkpoint folder ${folder}`);
  }
}

export async function hasCheckpoint(folder: string): Promise<boolean> {
  return (await checkpointNames(folder)).length > 0;
}

/** Identity of the run whose checkpoints they are; `null` where there is none to read. */
export async function latestIdentity(folder: string): Promise<RunIdentity | null> {
  for (const name of await checkpointNames(folder)) {
    let file: FileHandle | null = null;
    try {
      file = await open(join(folder, name), 'r');
      const found = await readHeader(file);
      if (found !== null) return found.header.identity;
    } catch {
      // Damaged or unreadable: restoring says so, and takes the one before.
    } finally {
      await file?.close();
    }
  }
  return null;
}

/** Total size of a folder's checkpoints. */
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
  return latestOf(folder, (path) => readIfSound(path, identity, sections));
}

/** Progress of the latest sound checkpoint, without its state; `null` where there is none. */
export async function latestProgress(
  folder: string,
  identity: RunIdentity,
): Promise<RestoredCheckpoint | null> {
  return latestOf(folder, (path) => readIfSound(path, identity, null));
}

async function latestOf(
  folder: string,
  read: (path: string) => Promise<TrainingProgress | null>,
): Promise<RestoredCheckpoint | null> {
  const broken: string[] = [];
  for (const name of await checkpointNames(folder)) {
    const progress = await read(join(folder, name));
    if (progress !== null) return { progress, broken };
    broken.push(name);
  }
  if (broken.length === 0) return null;
  throw failure(`No checkpoint in ${folder} is readable: start a new run.`);
}

/**
 * Reads the checkpoint of one step into `sections`; returns whether it exists and is sound. A read
 * error half-way leaves `sections` partly overwritten.
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

/** `null` for a checkpoint that is broken or on an unreadable part of the disk. */
async function readIfSound(
  path: string,
  identity: RunIdentity,
  sections: readonly Float32Array[] | null,
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
  sections: readonly Float32Array[] | null,
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
    if (sections === null) return header.progress;
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

/** Whether the checksum at `end` matches everything before it. */
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

/** Fills `target` from `position`; false if the file ends too early. */
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
  const header = JSON.parse(beginning.toString('utf8', 0, end)) as Header;
  return { header: header.format === 2 ? upgraded(header) : header, start: end + 1 };
}

/** A header of format 2. */
function upgraded({ format: old, identity, progress }: Header): Header {
  const settings = identity['training configuration'];
  const { headWarmupSteps: _, ...training } = isRecord(settings) ? settings : {};
  return {
    format: old,
    // Its steps have been taken, and it had another default.
    identity: { ...identity, 'training configuration': training },
    progress: {
      ...progress,
      stage: mainName,
      stageStart: 0,
      finished: [],
      lossCount: progress.step,
    },
  };
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
 * A setting missing from the checkpoint did not exist when it was written, and is ignored. Nested
 * values are compared as a whole: any change in `lossWeights` is a different value.
 */
function agrees(saved: unknown, current: unknown): boolean {
  if (!isRecord(saved) || !isRecord(current)) return isDeepStrictEqual(saved, current);
  return Object.keys(saved).every((name) => isDeepStrictEqual(saved[name], current[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
