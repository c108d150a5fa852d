/**
 * Entry point of a throw-away child process: `node probe.mjs PROVIDER|lancedb THREADS FOLDER`. Native
 * code may crash or hang here without harm. Prints its answer as a JSON line, then again with the speed.
 */
import { measureGemm } from '../core/graph/gemmProbe.js';
import { openVectorStore } from '../core/index/vectorStore.js';
import { embeddingError, trainingStepError } from './knownAnswer.js';
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
    return { ok: true, maxRelativeError: 0, gemmGflops: null };
  }
  const device = subject as Device;
  const count = Number(threads);
  // A device that trains correctly also embeds correctly.
  const maxRelativeError = deviceEntries[device].uses.includes('train')
    ? await trainingStepError(count)
    : await embeddingError(device, count);
  // A slow device may time out while its speed is measured; that it works has been reported by then.
  say({ ok: true, maxRelativeError, gemmGflops: null });
  const gemmGflops = await measureGemm({
    device,
    threads: count,
    now: () => performance.now(),
    // Fewer on a GPU: other programs disturb it less than a CPU, and it may be a slow emulation.
    probes: device === 'cpu' ? 10 : 2,
  });
  return { ok: true, maxRelativeError, gemmGflops };
}

function say(line: ProbeAnswer, then?: () => void): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, then);
}
