import { probeProviders } from '../engine/devices.js';
import { plainJobContext } from './jobContext.js';
import type { Device } from '../protocol/catalogue/devices.js';
import { deviceEntries } from '../protocol/catalogue/deviceUses.js';
import type { Command } from './command.js';
import { jsonOption } from './sharedOptions.js';
import { printJson, printTable } from './output.js';

export const doctorCommand: Command<typeof jsonOption> = {
  name: 'doctor',
  summary: 'Says which compute providers work here, and how fast they are',
  usage: '[options]',
  example: 'doctor --json',
  positionals: 0,
  options: jsonOption,
  async run({ json }, _positionals, context) {
    const { terminal } = context;
    const { cacheFolder, threads, signal, onProgress } = await plainJobContext(context);
    const reports = await probeProviders({ cacheFolder, threads, signal, onProgress, fresh: true });
    if (json) {
      const providers = reports.map(({ maxRelativeError, ...report }) => ({
        name: report.name,
        usable: report.usable,
        reason: report.reason,
        knownAnswer: { maxRelativeError },
        gemmGflops: report.gemmGflops,
        trainingGflops: report.trainingGflops,
      }));
      printJson(terminal, { providers });
      return;
    }
    const rows = reports.map(({ name, usable, reason, maxRelativeError, ...speeds }) => [
      name,
      usable ? 'works' : 'no',
      maxRelativeError === null ? '-' : maxRelativeError.toExponential(1),
      ...[speeds.gemmGflops, speeds.trainingGflops].map((speed) => speed?.toFixed(0) ?? '-'),
      reason ?? usesOf(name),
    ]);
    printTable(terminal, ['provider', 'usable', 'error', 'GFLOP/s', 'training', ''], rows);
  },
};

/** "trains and embeds" */
function usesOf(name: Device): string {
  const verbs = { train: 'trains', embed: 'embeds' };
  const { uses } = deviceEntries[name];
  if (uses.length === 0) return 'not used yet';
  return new Intl.ListFormat('en-GB').format(uses.map((use) => verbs[use]));
}
