/** Writes the model folders of a pre-training run. */
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';

import type { Document } from '../../core/corpus/document.js';
import { exportOnnx } from '../../core/model/exportOnnx.js';
import { modelCard } from '../../core/model/modelCard.js';
import type { CardFacts } from '../../core/model/modelCard.js';
import type { Model } from '../../core/model/readModel.js';
import { createTrainingHashes } from '../../core/model/trainingHashes.js';
import { writeModel } from '../../core/model/writeModel.js';
import type { Tokenizer } from '../../core/tokens/tokenizer.js';
import type { TrainResult } from '../../core/train/trainer.js';
import { objectiveEntries } from '../../protocol/catalogue/training.js';
import type { MergeOutcome, PretrainJob } from '../../protocol/pretraining.js';

/** What all of a run's models share. */
export interface PretrainedSource {
  readonly spec: PretrainJob;
  readonly base: Model;
  readonly tokenizer: Tokenizer;
  readonly trainDocuments: readonly Document[];
}

type Parameters = ReadonlyMap<string, Float32Array>;

/** @param categoryField from the corpus's field mapping */
export async function writeTrainedModel(
  folder: string,
  source: PretrainedSource,
  { result, merge, categoryField }: TrainedModel,
): Promise<void> {
  const { spec, base } = source;
  const objective = objectiveEntries[spec.objective];
  const { parameters, steps, tokens, heldOutLoss } = result;
  await write(folder, source, parameters, {
    objective: objective.card,
    training: { steps, tokens },
    heldOutLoss,
    remarks: merge === null ? [] : [mergeSentence(merge)],
    categoryField: objective.needs.includes('category') ? categoryField : base.categoryField,
  });
}

export interface TrainedModel {
  readonly result: TrainResult;
  readonly merge: MergeOutcome | null;
  readonly categoryField: string | null;
}

/** The base model with its new head, to start later runs from. */
export async function writeBaseWithHead(
  folder: string,
  source: PretrainedSource,
  parameters: Parameters,
  training: { readonly steps: number; readonly tokens: number },
): Promise<void> {
  await write(folder, source, parameters, {
    objective: 'a new masked-language-model head alone; the encoder is that of the base',
    training,
    heldOutLoss: null,
    remarks: [],
    categoryField: source.base.categoryField,
  });
}

/** A model that is read once, to be scored. */
export async function writeCandidate(
  folder: string,
  { base, tokenizer }: PretrainedSource,
  parameters: Parameters,
): Promise<void> {
  const { config, sentence } = base;
  await writeModel(folder, {
    config,
    parameters,
    tokenizerFiles: tokenizer.files,
    card: '',
    dtype: 'F32',
    trainingHashes: null,
    sentence,
    onnx: exportOnnx(config, parameters, { lowering: 'cpu', sentence }),
  });
}

interface Written {
  readonly objective: string;
  readonly training: { readonly steps: number; readonly tokens: number };
  readonly heldOutLoss: CardFacts['heldOutLoss'];
  readonly remarks: readonly string[];
  readonly categoryField: string | null;
}

async function write(
  folder: string,
  { spec, base, tokenizer, trainDocuments }: PretrainedSource,
  parameters: Parameters,
  { objective, training, heldOutLoss, remarks, categoryField }: Written,
): Promise<void> {
  const { config, sentence } = base;
  const card = modelCard({
    name: basename(join(folder, '..')),
    license: 'other',
    config,
    parameters: [...parameters.values()].reduce((sum, { length }) => sum + length, 0),
    base: basename(spec.base),
    objective,
    corpus: 'notes of the person who trained it',
    training: { documents: trainDocuments.length, seed: spec.seed, ...training },
    heldOutLoss,
    sentence,
    command: null,
    remarks,
  });
  await writeModel(folder, {
    config,
    parameters,
    tokenizerFiles: tokenizer.files,
    card,
    dtype: 'F32',
    trainingHashes: createTrainingHashes(
      trainDocuments.map(({ text }) => text),
      randomBytes(16).toString('hex'),
      base.trainingHashes,
    ),
    categoryField,
    sentence,
    onnx: exportOnnx(config, parameters, { lowering: 'cpu', sentence }),
  });
}

/** What was merged and why, for the card and the run's notes. */
export function mergeSentence({ ratio, neighboursOf, candidates }: MergeOutcome): string {
  const shown = candidates.map((each) => {
    const neighbours =
      each.neighbours === null ? '' : `, nearest neighbours ${percent(each.neighbours)}`;
    return `${each.ratio} (held-out loss ${each.heldOutLoss.toFixed(3)}${neighbours})`;
  });
  const model =
    ratio === 1 && neighboursOf !== null
      ? 'The model is the trained one: no merge with its base was better'
      : `The model is a merge of the trained one with its base, at a share of ${ratio} of the trained one`;
  const meaning = {
    category: '; neighbours are right if they are of the same category',
    halves: '; neighbours are right if they are the other half of the same note',
  };
  const told = neighboursOf === null ? '' : meaning[neighboursOf];
  return `${model}; measured on held-out notes: ${shown.join(', ')}${told}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
