/**
 * Which providers of ONNX Runtime can be trusted on this machine. Each is tried in its own throw-away
 * child process, with a time limit, against a known answer; the result is kept in the cache folder.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, hostname, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Cancelled, throwIfAborted, usageError } from '../core/base/errors.js';
import { writeFileAtomic } from '../core/base/files.js';
import { automatic, deviceNames, platformLabels } from '../protocol/catalogue/devices.js';
import type { Device, DeviceFor, DeviceName, DeviceUse } from '../protocol/catalogue/devices.js';
import { deviceEntries, devicesFor, devicesWith } from '../protocol/catalogue/deviceUses.js';
import type { RunProgress } from '../protocol/run.js';
import { toleratedError } from './probeReport.js';
import type { ProbeAnswer, ProviderReport } from './probeReport.js';

/** Longer than a slow driver takes to compile a training step, shorter than a person will wait. */
const probeTimeoutMs = 120_000;

export interface DeviceOptions {
  readonly cacheFolder: string;
  readonly threads: number;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
  /** Ignores the cache and probes again. */
  readonly fresh?: boolean;
}

/** Where embedding can run. */
export type EmbeddingDevice = DeviceFor<'embed'>;

/** The fallback: needs no probe, and wins unless another device is faster. */
const surest = 'cpu';

/** The device for embedding: the one asked for, or the fastest that gives correct results. */
export async function chooseDevice(
  asked: DeviceName,
  options: DeviceOptions,
): Promise<EmbeddingDevice> {
  if (asked === surest) return surest;
  if (asked === automatic.name) return fastest(options);
  const device = devicesWith('embed').find((name) => name === asked);
  if (device === undefined) throw refusedDevice('embed', asked);
  const report = await probeProvider(device, options);
  if (report.usable) return device;
  throw usageError(`${device} cannot be used: ${report.reason ?? 'it failed its test.'}`);
}

/** @throws UserError if the device does not support this use */
export function checkDevice(use: DeviceUse, asked: DeviceName): void {
  if (!devicesFor(use).some((name) => name === asked)) throw refusedDevice(use, asked);
}

/** A sentence about a device that does not support this use yet. */
function refusedDevice(use: DeviceUse, asked: DeviceName): Error {
  const subject = { embed: 'Notes are embedded', train: 'Models are trained' }[use];
  const list = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(devicesWith(use));
  return usageError(`${subject} on ${list}, not on ${asked}: choose one, or ${automatic.name}.`);
}

async function fastest(options: DeviceOptions): Promise<EmbeddingDevice> {
  let best: EmbeddingDevice = surest;
  let speed = 0;
  for (const device of devicesWith('embed')) {
    const { usable, gemmGflops } = await probeProvider(device, options);
    const isFaster = (gemmGflops ?? 0) > speed;
    if (device !== surest && !(usable && isFaster)) continue;
    best = device;
    speed = gemmGflops ?? 0;
  }
  return best;
}

export interface TrainingChoice {
  readonly device: DeviceFor<'train'>;
  /** Why this one, in one sentence; `null` if it was asked for. */
  readonly reason: string | null;
}

/**
 * The device for training: the one asked for, or the fastest that gives the right answer to a
 * training step. A device that is about as fast as the CPU is left alone: it also draws the screen.
 */
export async function chooseTrainingDevice(
  asked: DeviceName,
  options: DeviceOptions,
): Promise<TrainingChoice> {
  if (asked === surest) return { device: surest, reason: null };
  if (asked === automatic.name) return fastestToTrain(options);
  const device = devicesWith('train').find((name) => name === asked);
  if (device === undefined) throw refusedDevice('train', asked);
  const report = await probeProvider(device, options);
  if (report.usable) return { device, reason: null };
  throw usageError(`${device} cannot be used: ${report.reason ?? 'it failed its test.'}`);
}

/** How many times the CPU's speed makes another device worth its while. */
const worthwhile = 1.2;

async function fastestToTrain(options: DeviceOptions): Promise<TrainingChoice> {
  const others: ProviderReport[] = [];
  for (const name of devicesWith('train').filter((each) => each !== surest)) {
    const report = await probeProvider(name, options);
    if (report.usable) others.push(report);
  }
  const best = others.reduce<ProviderReport | null>(
    (a, b) => ((b.trainingGflops ?? 0) > (a?.trainingGflops ?? 0) ? b : a),
    null,
  );
  const label = deviceEntries[surest].label;
  if (best === null) {
    const reason =
      others.length === 0
        ? `Training runs on the ${label}: no other device works here.`
        : `Training runs on the ${label}: ${others.map(({ name }) => name).join(' and ')} did not end a few steps in time.`;
    return { device: surest, reason };
  }
  const { trainingGflops } = await probeProvider(surest, options);
  const times = (best.trainingGflops ?? 0) / (trainingGflops ?? Infinity);
  const device = devicesWith('train').find((name) => name === best.name);
  const speed = `${times.toPrecision(2)} times the ${label}'s speed`;
  if (device === undefined || !(times >= worthwhile)) {
    return { device: surest, reason: `Training runs on the ${label}: ${best.name} has ${speed}.` };
  }
  return { device, reason: `Training runs on ${device}: it gives right answers at ${speed}.` };
}

export async function probeProviders(options: DeviceOptions): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const [done, name] of deviceNames.entries()) {
    const total = deviceNames.length;
    options.onProgress?.({ phase: `Probing ${name}`, done, total, unit: 'providers' });
    reports.push(await probeProvider(name, options));
  }
  return reports;
}

export async function probeProvider(name: Device, options: DeviceOptions): Promise<ProviderReport> {
  const missing = absentHere(name);
  if (missing !== null) return unusable(name, missing);
  const answer = await remembered(name, options);
  if (!answer.ok) return unusable(name, plainReason(name, answer.error));
  const { maxRelativeError, gemmGflops, trainingGflops } = answer;
  const found = { name, maxRelativeError, gemmGflops, trainingGflops };
  if (!(maxRelativeError <= toleratedError)) {
    const reason = `${name} gives wrong answers on this machine: it is not used.`;
    return { ...found, usable: false, reason };
  }
  return { ...found, usable: true, reason: null };
}

/** Whether LanceDB runs here; without AVX2 it crashes. */
export async function vectorStoreWorks(options: DeviceOptions): Promise<boolean> {
  return (await remembered('lancedb', options)).ok;
}

function unusable(name: Device, reason: string): ProviderReport {
  const nothing = { maxRelativeError: null, gemmGflops: null, trainingGflops: null };
  return { name, usable: false, reason, ...nothing };
}

function absentHere(name: Device): string | null {
  const { label, platforms } = deviceEntries[name];
  if (platforms.length === 0 || platforms.some((known) => known === platform())) return null;
  const list = new Intl.ListFormat('en-GB').format(platforms.map((known) => platformLabels[known]));
  return `${label} exists on ${list} only.`;
}

function plainReason(name: Device, error: string): string {
  if (/adapter/i.test(error)) return 'No graphics adapter that WebGPU supports was found.';
  if (/shared library|not found|not available/i.test(error)) {
    return `The ${deviceEntries[name].label} libraries of ONNX Runtime are not installed.`;
  }
  return `${error.replace(/\.$/, '')}.`;
}

/** The cached answer, or that of a new probe. A crash counts as an answer. */
async function remembered(subject: string, options: DeviceOptions): Promise<ProbeAnswer> {
  const path = join(options.cacheFolder, `probe-${subject}-${machineKey(options.threads)}.json`);
  if (options.fresh !== true) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as ProbeAnswer;
    } catch {
      // not probed yet
    }
  }
  const answer = await askChild(subject, options);
  // LanceDB may fail temporarily, for example on a full disk; a crash will happen again.
  const passing = subject === 'lancedb' && !answer.ok && !answer.error.startsWith(diedOf);
  // If the cache is not writable, the next call probes again.
  if (!passing) await writeFileAtomic(path, JSON.stringify(answer)).catch(() => undefined);
  return answer;
}

/** Increment when the answers say something else. */
const probeVersion = 2;

/** Everything that an answer depends on. A home folder may be shared between machines. */
function machineKey(threads: number): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    version: string;
  };
  const driver = process.env['VK_DRIVER_FILES'] ?? '';
  const parts = [
    probeVersion,
    version,
    platform(),
    arch(),
    hostname(),
    cpus()[0]?.model,
    driver,
    threads,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

async function askChild(subject: string, { threads, signal }: DeviceOptions): Promise<ProbeAnswer> {
  throwIfAborted(signal);
  const folder = await mkdtemp(join(tmpdir(), 'notespace-probe-'));
  const script = fileURLToPath(new URL('./probe.mjs', import.meta.url));
  try {
    return await new Promise<ProbeAnswer>((resolve, reject) => {
      execFile(
        process.execPath,
        [script, subject, String(threads), folder],
        {
          timeout: probeTimeoutMs,
          killSignal: 'SIGKILL',
          cwd: folder,
          ...(signal === undefined ? {} : { signal }),
          env: { XDG_RUNTIME_DIR: folder, ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        },
        (error, stdout) => {
          // Ctrl-C in a terminal also kills the child, possibly before this process receives it.
          if (signal?.aborted === true || error?.signal === 'SIGINT') reject(new Cancelled());
          else resolve(parseAnswer(stdout) ?? { ok: false, error: deathOf(error) });
        },
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseAnswer(stdout: string): ProbeAnswer | null {
  const line = stdout.split('\n').findLast((text) => text.startsWith('{"ok"'));
  return line === undefined ? null : (JSON.parse(line) as ProbeAnswer);
}

const diedOf = 'Its probe died';

function deathOf(error: Error | null): string {
  const { killed = false, signal } = (error ?? {}) as { killed?: boolean; signal?: string };
  if (killed) return `It did not answer within ${probeTimeoutMs / 1000} seconds`;
  return signal === undefined ? 'Its probe ended without an answer' : `${diedOf} (${signal})`;
}
