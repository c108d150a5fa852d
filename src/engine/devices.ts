/**
 * Which providers of ONNX Runtime can be trusted here. Each one is tried alone in a throw-away child
 * with a time limit, against a known answer; what came out is kept in the cache folder.
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
import type { DeviceName, RunProgress } from '../protocol/run.js';
import { providers, toleratedError } from './probeReport.js';
import type { ProbeAnswer, Provider, ProviderReport } from './probeReport.js';

/** Longer than a slow machine needs to start a GPU driver, shorter than a person waits. */
const probeTimeoutMs = 60_000;

export interface DeviceOptions {
  readonly cacheFolder: string;
  readonly threads: number;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
  /** Probes again what is in the cache. */
  readonly fresh?: boolean;
}

/** Where embedding can run. */
export type EmbeddingDevice = 'cpu' | 'webgpu';

/** The device that a job runs on: the one that was asked for, or the fastest right one. */
export async function chooseDevice(
  asked: DeviceName,
  options: DeviceOptions,
): Promise<EmbeddingDevice> {
  if (asked === 'cpu') return 'cpu';
  if (asked !== 'auto' && asked !== 'webgpu') {
    throw usageError(`Notes are embedded on cpu or webgpu, not on ${asked}: choose one, or auto.`);
  }
  if (asked === 'webgpu') {
    const report = await probeProvider('webgpu', options);
    if (report.usable) return 'webgpu';
    throw usageError(`webgpu cannot be used: ${report.reason ?? 'it failed its test.'}`);
  }
  const [cpu, webgpu] = [
    await probeProvider('cpu', options),
    await probeProvider('webgpu', options),
  ];
  const faster = (webgpu.gemmGflops ?? 0) > (cpu.gemmGflops ?? 0);
  return webgpu.usable && faster ? 'webgpu' : 'cpu';
}

export async function probeProviders(options: DeviceOptions): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const [done, name] of providers.entries()) {
    const total = providers.length;
    options.onProgress?.({ phase: `Probing ${name}`, done, total, unit: 'providers' });
    reports.push(await probeProvider(name, options));
  }
  return reports;
}

export async function probeProvider(
  name: Provider,
  options: DeviceOptions,
): Promise<ProviderReport> {
  const missing = absentHere(name);
  if (missing !== null) return unusable(name, missing);
  const answer = await remembered(name, options);
  if (!answer.ok) return unusable(name, plainReason(name, answer.error));
  const { maxRelativeError, gemmGflops } = answer;
  if (!(maxRelativeError <= toleratedError)) {
    const reason = `${name} gives wrong answers on this machine: it is not used.`;
    return { name, usable: false, reason, maxRelativeError, gemmGflops };
  }
  return { name, usable: true, reason: null, maxRelativeError, gemmGflops };
}

/** Whether LanceDB runs here; it needs AVX2, and dies without. */
export async function vectorStoreWorks(options: DeviceOptions): Promise<boolean> {
  return (await remembered('lancedb', options)).ok;
}

function unusable(name: Provider, reason: string): ProviderReport {
  return { name, usable: false, reason, maxRelativeError: null, gemmGflops: null };
}

function absentHere(name: Provider): string | null {
  if (name === 'dml' && platform() !== 'win32') return 'DirectML exists on Windows only.';
  if (name === 'coreml' && platform() !== 'darwin') return 'Core ML exists on macOS only.';
  if (name === 'cuda' && platform() === 'darwin') return 'CUDA does not exist on macOS.';
  return null;
}

function plainReason(name: Provider, error: string): string {
  if (/adapter/i.test(error)) return 'No graphics adapter that WebGPU supports was found.';
  if (name === 'cuda' && /shared library|not found|not available/i.test(error)) {
    return 'The CUDA libraries of ONNX Runtime are not installed.';
  }
  return `${error.replace(/\.$/, '')}.`;
}

/** The answer of the cache, or of a probe now. A crash is an answer too. */
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
  // LanceDB may fail for a passing reason, such as a full disk; a crash will come again.
  const passing = subject === 'lancedb' && !answer.ok && !answer.error.startsWith(diedOf);
  // The next call probes again where the cache cannot be written.
  if (!passing) await writeFileAtomic(path, JSON.stringify(answer)).catch(() => undefined);
  return answer;
}

/** What an answer depends on. A home folder may be shared between machines. */
function machineKey(threads: number): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    version: string;
  };
  const driver = process.env['VK_DRIVER_FILES'] ?? '';
  const parts = [version, platform(), arch(), hostname(), cpus()[0]?.model, driver, threads];
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
          // Ctrl-C in a terminal also ends the child, perhaps before we hear of it.
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
