/**
 * `npm test`: installs, builds and tests everything; `npm test -- unit engine` runs only those stages. Names
 * and skips what this machine lacks; where `CI` is set, a skip is a failure. The last line is
 * `N passed, N failed, N skipped`.
 */
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { defaultStages, runStages, stageNames } = await import('./stages.mjs');

const chosen = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = chosen.filter((name) => !stageNames.includes(name));
if (unknown.length > 0) {
  console.error(`There is no stage "${unknown[0]}"; there are ${stageNames.join(', ')}.`);
  process.exit(2);
}
const strict = (process.env.CI ?? '') !== '';
const total = await runStages(chosen.length > 0 ? chosen : defaultStages);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || (strict && total.skipped > 0) ? 1 : 0;
