/**
 * Checkpoints: everything a run needs to go on as if it had never stopped. Random numbers and the place
 * in the data are functions of seed and step, so that the step alone stands for both.
 *
 * A file is one line of JSON (the header) and then, for each region of the parameter memory, its values
 * and two moments, float32. It is written whole or not at all, and its checksum is verified on reading.
 */
import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, fromSystemError, usageError } from '../base/errors.js';
import { makeFolder, systemCode, writeFileAtomicWith } from '../base/files.js';
import type { OptimizerRegion } from './parameterMemory.js';

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

interface Header {
  readonly format: 1;
  readonly identity: RunIdentity;
  readonly progress: TrainingProgress;
  readonly bytes: number;
  readonly sha256: string;
}

const fileName = (step: number): string => `step-${String(step).padStart(9, '0')}.checkpoint`;
const fileNamePattern = /^step-\d{9,}\.checkpoint$/;

const sections = (regions: readonly OptimizerRegion[]): Uint8Array[] =>
  regions
    .flatMap(({ values, moment1, moment2 }) => [values, moment1, moment2])
    .map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

export function checkpointBytes(regions: readonly OptimizerRegion[]): number {
  return sections(regions).reduce((sum, section) => sum + section.length, 0);
}

/**
 * Saves the state and deletes all but the latest `keep` checkpoints and that of the best step. Those of
 * later steps go first: they are broken, or of a course that the run does not take.
 */
export async function saveCheckpoint(
  folder: string,
  identity: RunIdentity,
  progress: TrainingProgress,
  regions: readonly OptimizerRegion[],
  keep: number,
): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify([identity, progress]));
  for (const section of sections(regions)) hash.update(section);
  const bytes = checkpointBytes(regions);
  const header: Header = { format: 1, identity, progress, bytes, sha256: hash.digest('hex') };
  try {
    await makeFolder(folder);
    await writeFileAtomicWith(join(folder, fileName(progress.step)), async (file) => {
      await file.writeFile(`${JSON.stringify(header)}\n`);
      for (const section of sections(regions)) await file.writeFile(section);
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

/** Reads the latest sound checkpoint into `regions`; `null` where there is none. */
export async function restoreCheckpoint(
  folder: string,
  identity: RunIdentity,
  regions: readonly OptimizerRegion[],
): Promise<RestoredCheckpoint | null> {
  const broken: string[] = [];
  for (const name of await checkpointNames(folder)) {
    const progress = await readIfSound(join(folder, name), identity, regions);
    if (progress !== null) return { progress, broken };
    broken.push(name);
  }
  if (broken.length === 0) return null;
  throw failure(`No checkpoint in ${folder} is readable: start a new run.`);
}

/**
 * Reads the checkpoint of one step into `regions`; whether it was there and sound. A broken one leaves
 * `regions` half overwritten.
 */
export async function restoreStep(
  folder: string,
  step: number,
  identity: RunIdentity,
  regions: readonly OptimizerRegion[],
): Promise<boolean> {
  const name = fileName(step);
  if (!(await checkpointNames(folder)).includes(name)) return false;
  return (await readIfSound(join(folder, name), identity, regions)) !== null;
}

/** `null` for a checkpoint that is broken, or lies where the disk cannot be read. */
async function readIfSound(
  path: string,
  identity: RunIdentity,
  regions: readonly OptimizerRegion[],
): Promise<TrainingProgress | null> {
  try {
    return await readCheckpoint(path, identity, regions);
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readCheckpoint(
  path: string,
  identity: RunIdentity,
  regions: readonly OptimizerRegion[],
): Promise<TrainingProgress | null> {
  const file = await open(path, 'r');
  try {
    const found = await readHeader(file);
    if (found === null) return null;
    const { format, identity: saved, progress, bytes, sha256 } = found.header;
    if ((format as number) > 1) {
      throw usageError(`The checkpoint ${path} was made by a newer version: update Notespace.`);
    }
    const { size } = await file.stat();
    if (size !== found.end + bytes) return null;
    refuseOtherRun(saved, identity);
    if (bytes !== checkpointBytes(regions)) return null;
    const hash = createHash('sha256').update(JSON.stringify([saved, progress]));
    let position = found.end;
    for (const section of sections(regions)) {
      for (let done = 0; done < section.length;) {
        const length = Math.min(section.length - done, 1 << 26);
        const { bytesRead } = await file.read(section, done, length, position);
        if (bytesRead === 0) return null;
        hash.update(section.subarray(done, done + bytesRead));
        done += bytesRead;
        position += bytesRead;
      }
    }
    return hash.digest('hex') === sha256 ? progress : null;
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle): Promise<{ header: Header; end: number } | null> {
  const start = Buffer.alloc(1 << 16);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  const end = start.subarray(0, bytesRead).indexOf('\n');
  if (end < 0) return null;
  try {
    const header = JSON.parse(start.toString('utf8', 0, end)) as Header;
    return { header, end: end + 1 };
  } catch {
    return null;
  }
}

function refuseOtherRun(saved: RunIdentity, current: RunIdentity): void {
  const names = new Set([...Object.keys(saved), ...Object.keys(current)]);
  const changed = [...names].filter(
    (name) => JSON.stringify(saved[name]) !== JSON.stringify(current[name]),
  );
  if (changed.length === 0) return;
  throw usageError(
    `The run was started with another ${changed.join(', ')}: resume it as it was started, or start a new run.`,
  );
}
