/** What the losses of a recipe are called, and in which order and colour they are drawn. */
import { lossNames, type LossName } from '../../src/protocol/catalogue/losses.js';
import { lossEntries } from '../../src/protocol/catalogue/training.js';

function known(loss: string): LossName | undefined {
  return lossNames.find((name) => name === loss);
}

/** A run of a newer version may have others. */
export function lossName(loss: string): string {
  const name = known(loss);
  return name === undefined ? loss : lossEntries[name].label;
}

/** Known losses in the order of the catalogue, others after them. */
export function sortedLosses(names: Iterable<string>): string[] {
  const rank = (loss: string): number => {
    const name = known(loss);
    return name === undefined ? lossNames.length : lossNames.indexOf(name);
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

/** Total and held-out loss have the first two colours. */
const takenColours = 2;

/** Place in the palette; losses that are not known share the one after those that are. */
export function lossColour(palette: readonly string[], loss: string): string {
  const name = known(loss);
  const at = name === undefined ? lossNames.length : lossNames.indexOf(name);
  return palette[(takenColours + at) % palette.length] ?? '';
}
