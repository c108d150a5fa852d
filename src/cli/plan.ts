import { count } from '../core/base/wording.js';
import type { PretrainPlan } from '../protocol/pretraining.js';
import type { Terminal } from './command.js';
import { seconds } from './output.js';

/** Shows the size and cost of a run before its first step. */
export function sayPlan(plan: PretrainPlan, terminal: Terminal): void {
  const trained =
    plan.trainedParameters === plan.parameters
      ? `${count(plan.parameters)} parameters`
      : `${count(plan.trainedParameters)} of ${count(plan.parameters)} parameters`;
  const expected =
    plan.expectedSeconds === null ? '' : `, about ${seconds(plan.expectedSeconds)} in all`;
  terminal.say(
    `Plan: ${count(plan.steps)} steps, about ${count(plan.tokensPerStep)} tokens each, on ${plan.device} with ${plan.threads} threads, ${trained}${expected}.`,
  );
  if (plan.deviceReason !== undefined) terminal.say(plan.deviceReason);
  const { stages = [] } = plan;
  if (stages.length > 1) {
    const shown = stages.map(({ label, steps }) => `${label} ${count(steps)}`);
    terminal.say(`Stages, in steps: ${shown.join(', ')}.`);
  }
  terminal.say(
    `Memory: ${needed(plan.memoryBytes, plan.freeMemoryBytes)}. Disk: ${needed(plan.diskBytes, plan.freeDiskBytes)}.`,
  );
  if (plan.categories !== null) {
    const shown = plan.categories.map(({ name, documents }) => `${name} ${count(documents)}`);
    terminal.say(`Categories: ${shown.join(', ')}.`);
  }
  for (const sentence of plan.advice) terminal.say(sentence);
}

function needed(bytes: number, free: number | null): string {
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  return `about ${gigabytes(bytes)} of ${free === null ? 'an unknown amount' : gigabytes(free)} free`;
}
