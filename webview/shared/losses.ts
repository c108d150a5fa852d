/** Names, order and colours of the losses. */
import { lossNames, type LossName } from '../../src/protocol/catalogue/losses.js';
import { lossEntries } from '../../src/protocol/catalogue/training.js';

function known(loss: string): LossName | undefined {
  return lossNames.find((name) => name === loss);
}

/** Falls back to the raw name: a run of a newer version may have other losses. */
export function lossName(loss: string): string {
  const name = known(loss);
  return name === undefined ? loss : lossEntries[name].label;
}

/** Known losses in catalogue order, others after them. */
export function sortedLosses(names: Iterable<string>): string[] {
  const rank = (loss: string): number => {
    const name = known(loss);
    return name === undefined ? lossNames.length : lossNames.indexOf(name);
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

/** The first two colours are for the total and the held-out loss. */
const takenColours = 2;

/** A colour per known loss; all unknown losses share the next one. */
export function lossColour(palette: readonly string[], loss: string): string {
  const name = known(loss);
  const at = name === undefined ? lossNames.length : lossNames.indexOf(name);
  return palette[(takenColours + at) % palette.length] ?? '';
}
