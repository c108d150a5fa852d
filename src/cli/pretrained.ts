import { count } from '../core/base/wording.js';
import { runEnds } from '../protocol/catalogue/runEnds.js';
import type { PretrainResult } from '../protocol/pretraining.js';
import type { CommandContext } from './command.js';
import { printFacts, printJson } from './output.js';

/** What a pre-training has given. */
export function sayPretrained(
  { kind: _kind, ...result }: PretrainResult,
  json: boolean,
  terminal: CommandContext['terminal'],
): void {
  if (json) {
    printJson(terminal, result);
    return;
  }
  const { loss, heldOutLoss, ended, merge = null, baseWithHead = null } = result;
  printFacts(terminal, [
    ['model', result.model],
    ['steps', count(result.steps)],
    ['tokens', `${count(result.tokens)} (${count(result.tokensPerSecond)} a second)`],
    [
      'documents',
      `${count(result.documentsTrain)} trained on, ${count(result.documentsHeldOut)} held out`,
    ],
    ['loss', [loss.first, loss.last].map(lossText).join(' -> ')],
    ['held-out loss', `${heldOutLoss.before.toFixed(3)} -> ${heldOutLoss.after.toFixed(3)}`],
    ...(ended === undefined ? [] : [['ended', runEnds[ended]] as const]),
    ...(merge === null ? [] : [['share of the trained model', String(merge.ratio)] as const]),
    ...(baseWithHead === null ? [] : [['base with its new head', baseWithHead] as const]),
  ]);
}

/** A run of a single step has no last loss. */
function lossText(loss: number | null): string {
  return loss === null ? 'none' : loss.toFixed(3);
}
