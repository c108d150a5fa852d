/**
 * Entry of a throw-away child: `node probe.mjs PROVIDER|lancedb THREADS FOLDER`. Native code may crash
 * or hang in here without harm. Prints its answer as a JSON line, and again when it knows more.
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
  // What does both gives right embeddings where it gives right gradients.
  const maxRelativeError = deviceEntries[device].uses.includes('train')
    ? await trainingStepError(count)
    : await embeddingError(device, count);
  // A slow device may be stopped while it is measured; that it works is then known.
  say({ ok: true, maxRelativeError, gemmGflops: null });
  const gemmGflops = await measureGemm({
    device,
    threads: count,
    now: () => performance.now(),
    // A GPU is not disturbed by other programs as a processor is, and may be an emulated one.
    probes: device === 'cpu' ? 10 : 2,
  });
  return { ok: true, maxRelativeError, gemmGflops };
}

function say(line: ProbeAnswer, then?: () => void): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, then);
}
