/** Evaluates how well models predict a field of the notes: parts, runs, and what they come to. */
import { usageError } from '../../core/base/errors.js';
import { plural } from '../../core/base/wording.js';
import type { Backend } from '../../core/backend/backend.js';
import type { Corpus } from '../../core/corpus/corpus.js';
import type { Document } from '../../core/corpus/document.js';
import { groupNumbers } from '../../core/corpus/groupNumbers.js';
import { unitsOf } from '../../core/corpus/units.js';
import { copiesAcross } from '../../core/corpus/threeParts.js';
import type { ThreeParts } from '../../core/corpus/threeParts.js';
import { assess } from '../../core/evaluate/classification/assess.js';
import type { Assessment } from '../../core/evaluate/classification/assess.js';
import { materialOf } from '../../core/evaluate/classification/material.js';
import type { Material } from '../../core/evaluate/classification/material.js';
import type { ComparedModel } from '../../core/evaluate/comparisons.js';
import { removeWords } from '../../core/evaluate/leakage/removeWords.js';
import type { Candidate } from '../../core/evaluate/protocol.js';
import { sawTarget } from '../../core/evaluate/samples/sawTarget.js';
import type { SeenTarget } from '../../core/evaluate/samples/sawTarget.js';
import { withoutSeen } from '../../core/model/seenDocuments.js';
import type { SeenCount } from '../../core/model/seenDocuments.js';
import { readTarget, targetRemarks } from '../../core/evaluate/samples/target.js';
import type { Target } from '../../core/evaluate/samples/target.js';
import { readTrainingRecord } from '../../core/model/trainingRecord.js';
import type { TextsName } from '../../protocol/catalogue/evaluation.js';
import type { ClassificationSpec, EvaluateJob } from '../../protocol/evaluation.js';
import type { EmbeddingDevice } from '../devices.js';
import { proposedFor, wordsToRemove } from './classification/leakageWords.js';
import { runProtocols } from './classification/runs.js';
import { setupOf } from './classification/setup.js';
import { withUntrained } from './classification/untrainedModel.js';
import type { JobContext } from './context.js';
import { evaluationParts } from './evaluationParts.js';

/** What the runs on one version of the texts come to. */
export interface Measured {
  readonly texts: TextsName;
  readonly material: Material;
  readonly assessment: Assessment;
}

/** What the removal of words did to the labelled notes. */
export interface RemovedWords {
  readonly words: readonly string[];
  readonly notes: number;
  /** Notes in which a word was removed. */
  readonly changed: number;
  /** Notes that have no word left. */
  readonly empty: number;
}

export interface Classification {
  /** On whole texts. */
  readonly whole: Measured;
  /** The same again without the words that name the classes; `null` if there are none. */
  readonly without: (Measured & { readonly removed: RemovedWords }) | null;
  readonly parts: ThreeParts;
  readonly seen: readonly SeenCount[];
  /** By model: whether its training saw the target. */
  readonly sawTarget: ReadonlyMap<string, SeenTarget | null>;
  /** Test notes that have a near-copy among the others. */
  readonly copies: number;
  /** One sentence each. */
  readonly remarks: readonly string[];
}

export interface ClassifyOptions {
  readonly job: EvaluateJob & { readonly classification: ClassificationSpec };
  readonly corpus: Corpus;
  readonly documents: readonly Document[];
  readonly candidates: readonly Candidate[];
  readonly compared: readonly ComparedModel[];
  /** The device that trains. */
  readonly backend: Backend;
  /** The device that embeds. */
  readonly device: EmbeddingDevice;
}

export async function classify(
  options: ClassifyOptions,
  context: JobContext,
): Promise<Classification> {
  const { job, corpus, documents, candidates } = options;
  const { classification: spec } = job;
  const note = eachOnce(context.note);
  const { target, parts } = divide(documents, job);
  const records = await Promise.all(
    candidates.map(async ({ folder }) => ({
      model: folder,
      ...(await readTrainingRecord(folder)),
    })),
  );
  const { unseen, seen } = withoutSeen(parts.test, records);
  if (unseen.length === 0) {
    throw usageError('The models were trained on every test note: evaluate on another corpus.');
  }
  const tested = { ...parts, test: unseen };
  const whole = materialOf(tested, target, (of) => of.map(({ text }) => text));
  const without = materialWithout(wordsToRemove(spec, target, whole.train), tested, target);
  const remarks = [
    ...targetRemarks(target, whole.train, whole.test),
    ...wordRemarks(spec, without?.removed ?? null),
  ];
  for (const remark of remarks) note(remark);
  const unitOf = unitsByDocument([...whole.train.documents, ...whole.test.documents]);

  return withUntrained(candidates, context, async (untrained) => {
    const measured = async (texts: TextsName, material: Material): Promise<Measured> => {
      const given = { ...options, untrained, train: parts.train, material, unitOf };
      const setup = await setupOf(given, { ...context, note });
      const settings = await runProtocols(job, setup, untrained.folder);
      return { texts, material, assessment: await assessed(options, material, settings, context) };
    };
    return {
      whole: await measured('whole', whole),
      without: without && {
        ...(await measured('without-words', without.material)),
        removed: without.removed,
      },
      parts: tested,
      seen,
      sawTarget: new Map(
        records.map(({ model, categoryField }) => [
          model,
          sawTarget(categoryField, spec.target, corpus.mapping, documents),
        ]),
      ),
      copies: copiesAcross(tested),
      remarks,
    };
  });
}

/** The words that an evaluation would remove from these notes, for the user to edit. */
export function wordsNamingTarget(
  documents: readonly Document[],
  job: ClassifyOptions['job'],
): ReturnType<typeof proposedFor> {
  const { target, parts } = divide(documents, job);
  const { train } = materialOf(parts, target, (of) => of.map(({ text }) => text));
  return proposedFor(target, train);
}

function divide(
  documents: readonly Document[],
  { classification: { target: field, labels }, seed }: ClassifyOptions['job'],
): { readonly target: Target; readonly parts: ThreeParts } {
  const target = readTarget(documents, field, labels);
  return { target, parts: evaluationParts(documents, target, seed) };
}

function materialWithout(
  words: readonly string[],
  parts: ThreeParts,
  target: Target,
): { readonly material: Material; readonly removed: RemovedWords } | null {
  if (words.length === 0) return null;
  let [notes, changed, empty] = [0, 0, 0];
  const material = materialOf(parts, target, (documents) => {
    const left = removeWords(
      documents.map(({ text }) => text),
      words,
    );
    notes += documents.length;
    changed += left.changed;
    empty += left.empty;
    return left.texts;
  });
  return { material, removed: { words, notes, changed, empty } };
}

function wordRemarks(
  { withoutWords }: ClassificationSpec,
  removed: RemovedWords | null,
): readonly string[] {
  if (removed === null) {
    return withoutWords.length === 0
      ? []
      : ['No word that names a class occurs in the training notes, so none was removed.'];
  }
  const { changed, empty } = removed;
  if (changed === 0) return ['None of the words to remove occurs in any note.'];
  if (empty === 0) return [];
  return [
    `Without the words that name the classes, ${plural(empty, 'note has', 'notes have')} no word left.`,
  ];
}

function unitsByDocument(documents: readonly Document[]): ReadonlyMap<Document, string> {
  const unitOf = new Map<Document, string>();
  for (const [name, members] of unitsOf(documents)) {
    for (const each of members) unitOf.set(each, name);
  }
  return unitOf;
}

function assessed(
  { job, compared }: ClassifyOptions,
  material: Material,
  settings: Parameters<typeof assess>[0],
  { signal, onProgress }: JobContext,
): Promise<Assessment> {
  return assess(settings, {
    testSet: material.testSet,
    classNames: material.target.classes,
    groups: groupNumbers(material.test.documents),
    models: compared,
    contrasts: job.classification.contrasts,
    seed: job.seed,
    signal,
    onProgress: (done, total) =>
      onProgress({
        phase: 'Working out intervals',
        done: Math.round((100 * done) / total),
        total: 100,
        unit: '%',
      }),
  });
}

/** Every run of a model draws the same samples, and would say the same of them. */
function eachOnce(note: (sentence: string) => void): (sentence: string) => void {
  const said = new Set<string>();
  return (sentence) => {
    if (said.has(sentence)) return;
    said.add(sentence);
    note(sentence);
  };
}
