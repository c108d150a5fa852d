/**
 * Entry of a throw-away child: `node probe.mjs PROVIDER|lancedb THREADS FOLDER`. Native code may crash
 * or hang in here without harm. Prints one JSON line.
 */
import { measureGemm } from '../core/graph/gemmProbe.js';
import { openVectorStore } from '../core/index/vectorStore.js';
import { embeddingError, trainingStepError } from './knownAnswer.js';
import type { ProbeAnswer, Provider } from './probeReport.js';

const [subject = '', threads = '1', folder = ''] = process.argv.slice(2);
const answer = await probe().catch((error: unknown): ProbeAnswer => {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, error: message.split('\n')[0] ?? message };
});
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));

async function probe(): Promise<ProbeAnswer> {
  if (subject === 'lancedb') {
    await (await openVectorStore(folder, { create: true, dimension: 8 })).close();
    return { ok: true, maxRelativeError: 0, gemmGflops: null };
  }
  const device = subject as Provider;
  const count = Number(threads);
  // Only the CPU trains; the others embed.
  const maxRelativeError =
    device === 'cpu' ? await trainingStepError(count) : await embeddingError(device, count);
  const gemmGflops = await measureGemm({ device, threads: count, now: () => performance.now() });
  return { ok: true, maxRelativeError, gemmGflops };
}
