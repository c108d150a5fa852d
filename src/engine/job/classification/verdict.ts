/** What an evaluation comes to, in sentences: comparisons, words that give the answer away, warnings. */
import { plural } from '../../../core/base/wording.js';
import type { Assessment } from '../../../core/evaluate/classification/assess.js';
import { baselineNames } from '../../../core/evaluate/classification/words.js';
import type { VerdictNames } from '../../../core/evaluate/findings.js';
import { fallSentence, leadSentences } from '../../../core/evaluate/leakage/leads.js';
import type { WithAndWithout } from '../../../core/evaluate/leakage/leads.js';
import { seenSentences } from '../../../core/model/seenDocuments.js';
import { verdictSentences } from '../../../core/evaluate/verdict.js';
import { protocolEntries } from '../../../protocol/catalogue/evaluation.js';
import { modelName } from '../../bundledModel.js';
import type { Classification } from '../classify.js';
import { protocolOf } from './measured.js';
import { untrainedName } from './untrainedModel.js';

const names: VerdictNames = {
  nameOf: modelName,
  whenIn: (protocol) => protocolEntries[protocolOf(protocol)].target?.when ?? protocol,
};

export function verdictOf(found: Classification): string[] {
  const { whole, seen, sawTarget, copies, remarks } = found;
  const marked = [...sawTarget].flatMap(([model, how]) =>
    how === null
      ? []
      : how === 'same'
        ? `${modelName(model)} was trained on the very field that is predicted: its figures flatter it.`
        : `${modelName(model)} was trained on a field that tells the one that is predicted: its figures flatter it.`,
  );
  const copied =
    copies === 0
      ? []
      : [
          `${plural(copies, 'test note has a near-copy', 'test notes have near-copies')} among the training or validation notes: what is learned by heart counts as known there.`,
        ];
  return [
    ...verdictSentences(whole.assessment.comparisons, names),
    ...withoutWords(found),
    ...marked,
    ...copied,
    ...remarks,
    ...seenSentences(seen, 'test notes', modelName),
  ];
}

function withoutWords({ whole, without }: Classification): string[] {
  if (without === null) return [];
  const { removed, assessment } = without;
  const counts = { ...removed, words: removed.words.length };
  const fall = fallSentence(bothWays(whole.assessment, assessment), counts, names);
  return [
    ...(fall === null ? [] : [fall]),
    ...leadSentences(whole.assessment.comparisons, assessment.comparisons, names),
  ];
}

/** Main figures with all labels of what can learn; the majority reads nothing. */
function bothWays(whole: Assessment, without: Assessment): WithAndWithout[] {
  return whole.assessed.flatMap(({ setting, figures }) => {
    const { model, protocol, isMain, shots } = setting;
    const reads = model !== baselineNames.majority && model !== untrainedName;
    if (!isMain || shots !== 'all' || !reads) return [];
    const again = without.assessed.find(
      ({ setting: other }) =>
        other.isMain &&
        other.shots === shots &&
        other.model === model &&
        other.protocol === protocol,
    );
    if (figures.macroF1 === undefined || again?.figures.macroF1 === undefined) return [];
    const means = { whole: figures.macroF1.mean, without: again.figures.macroF1.mean };
    return [{ model, protocol, ...means }];
  });
}
