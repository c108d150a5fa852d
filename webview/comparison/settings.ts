/** Which settings of a run affect what its losses measure. */
import { holds } from '../../src/protocol/catalogue/setting.js';
import {
  batchSettings,
  compares,
  lossEntries,
  lossesOf,
  objectiveEntries,
} from '../../src/protocol/catalogue/training.js';
import type { LossName } from '../../src/protocol/catalogue/losses.js';
import type { ComparedRun } from '../../src/protocol/panels.js';

/** @param loss one of the run's losses; `null`: their weighted sum */
export function settingsBehind(run: ComparedRun, loss: string | null): readonly string[] {
  const losses = lossesOf(run.objective);
  const values = valuesOf(run);
  if (loss === null) {
    const behind = losses.flatMap((name) => ofLoss(run, name, values));
    return ['lossWeights', ...new Set([...ofObjective(run), ...behind])];
  }
  const name = losses.find((known) => known === loss);
  return name === undefined ? [] : ofLoss(run, name, values);
}

type Values = Readonly<Record<string, unknown>>;

function ofLoss(run: ComparedRun, loss: LossName, values: Values): readonly string[] {
  const { settings } = lossEntries[loss];
  const read = Object.keys(settings).filter((name) => holds(settings[name]?.when, values));
  if (compares(loss, values)) return [...ofObjective(run), ...read, ...batchSettings];
  // If any loss compares, what the objective draws affects only the losses that compare.
  const isCompared = lossesOf(run.objective).some((name) => compares(name, values));
  return isCompared ? read : [...ofObjective(run), ...read];
}

function ofObjective({ objective }: ComparedRun): string[] {
  return Object.keys(objectiveEntries[objective].settings);
}

/** The values arrive as JSON text. */
function valuesOf({ settings }: ComparedRun): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([name, text]) => [name, JSON.parse(text) as unknown]),
  );
}
