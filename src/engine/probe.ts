/**
 * Entry point of a throw-away child process: `node probe.mjs PROVIDER|lancedb THREADS FOLDER`. Native
 * code may crash or hang here without harm. Prints its answer as a JSON line, then again with the speed.
 */
import { measureGemm } from '../core/graph/gemmProbe.js';
import { openVectorStore } from '../core/index/vectorStore.js';
import { trainingBackend } from '../core/backend/registry.js';
import { embeddingError, trainingStepError } from './knownAnswer.js';
import { deviceStepError } from './knownDeviceStep.js';
import { measureTraining } from './trainingSpeed.js';
import type { Device } from '../protocol/catalogue/devices.js';
import { deviceEntries } from '../protocol/catalogue/deviceUses.js';
import type { ProbeAnswer } from './probeReport.js';

const [subject = '', threads = '1', folder = ''] = process.argv.slice(2);
const answer = await probe().catch((error: unknown): ProbeAnswer => {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, error: message.split('\n')[0] ?? message };
});
say(answer, () => process.exit(0));

async function probe(): Promise<ProbeAnswer> {
  if (subject === 'lancedb') {
    await (await openVectorStore(folder, { create: true, dimension: 8 })).close();
    return { ok: true, maxRelativeError: 0, gemmGflops: null, trainingGflops: null };
  }
  const device = subject as Device;
  const count = Number(threads);
  const trains = deviceEntries[device].uses.includes('train');
  const maxRelativeError = await knownError(device, count, trains);
  // A slow device may time out while its speed is measured; that it works has been reported by then.
  say({ ok: true, maxRelativeError, gemmGflops: null, trainingGflops: null });
  const now = (): number => performance.now();
  const gemmGflops = await measureGemm({
    device,
    threads: count,
    now,
    // Fewer on a GPU: other programs disturb it less than a CPU, and it may be a slow emulation.
    probes: device === 'cpu' ? 10 : 2,
  });
  say({ ok: true, maxRelativeError, gemmGflops, trainingGflops: null });
  const trainingGflops = trains
    ? await measureTraining(trainingBackend(device), { threads: count, now })
    : null;
  return { ok: true, maxRelativeError, gemmGflops, trainingGflops };
}

async function knownError(device: Device, threads: number, trains: boolean): Promise<number> {
  if (!trains) return embeddingError(device, threads);
  // What trains correctly on the CPU also embeds correctly there: the ops are the same.
  if (device === 'cpu') return trainingStepError(threads);
  return Math.max(await deviceStepError(), await embeddingError(device, threads));
}

function say(line: ProbeAnswer, then?: () => void): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, then);
}
