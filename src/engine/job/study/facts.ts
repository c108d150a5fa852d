/** What a study's plan depends on: notes, models, and the speed of this machine. */
import { trainingBackend } from '../../../core/backend/registry.js';
import { usageError } from '../../../core/base/errors.js';
import { hashText } from '../../../core/base/hash.js';
import type { Document } from '../../../core/corpus/document.js';
import { hasOwnSplit, splitDocuments } from '../../../core/corpus/split.js';
import { longestSequence } from '../../../core/encoder/positions.js';
import { readTarget } from '../../../core/evaluate/samples/target.js';
import { modelHash } from '../../../core/model/modelFiles.js';
import { readModelConfig } from '../../../core/model/readModelConfig.js';
import { readTokenizer } from '../../../core/model/readTokenizer.js';
import type { GroupFacts, StudyFacts } from '../../../core/study/plan.js';
import { automatic } from '../../../protocol/catalogue/devices.js';
import type { FieldMapping } from '../../../protocol/catalogue/fieldRoles.js';
import type { StudyData } from '../../../core/study/study.js';
import type { StudyJob } from '../../../protocol/study.js';
import { bundledModel } from '../../bundledFolder.js';
import { bundledName, installedModel, modelName } from '../../bundledModel.js';
import type { JobContext } from '../context.js';
import { loadDocuments } from '../documents.js';
import type { ReadingContext } from '../documents.js';

/** As many tell how long the others are. */
const sampledNotes = 200;
/** Of models that are evaluated as they are. */
const furtherGroup = 'others';

export async function studyFacts(
  job: StudyJob,
  context: ReadingContext & Pick<JobContext, 'threads'>,
): Promise<StudyFacts> {
  if (job.bases.length + job.models.length === 0) throw usageError('Name a base model to study.');
  const { corpus, documents } = await loadDocuments(job.corpus, context);
  const data = dataOf(job, documents, corpus.mapping);
  const other =
    job.forgettingCorpus === null ? null : await loadDocuments(job.forgettingCorpus, context);
  const forgetting = other && {
    fingerprint: fingerprintOf(other.documents),
    documents: other.documents.length,
  };
  const every = Math.max(1, Math.floor(documents.length / sampledNotes));
  const sample = documents.filter((_, i) => i % every === 0).map(({ text }) => text);
  const groups: GroupFacts[] = [];
  const names = new Set<string>([furtherGroup]);
  for (const base of new Set(job.bases)) {
    const models = [await sizeOf(base, sample)];
    groups.push({ name: newName(base, names), base, models });
  }
  const further = job.models.filter((model) => !job.bases.includes(model));
  if (further.length > 0) {
    const models = [];
    for (const model of new Set(further)) models.push(await sizeOf(model, sample));
    groups.push({ name: furtherGroup, base: null, models });
  }
  const { threads } = context;
  const backend = trainingBackend(automatic.name);
  const gigaflops = await backend.measurePeak({ threads, now: () => performance.now() });
  return { data, groups, forgetting, gigaflops };
}

/** Folder of a model as a job names it. */
export function folderOf(model: string): Promise<string> {
  return installedModel(model, bundledModel);
}

function dataOf(job: StudyJob, documents: readonly Document[], mapping: FieldMapping): StudyData {
  const known = documents.flatMap(({ category }) => category ?? []);
  const categories = new Set(known).size;
  const classes = job.targets.map((field) => readTarget(documents, field, 'auto').classes.length);
  const ownSplit = hasOwnSplit(documents);
  const { train, heldOut } = splitDocuments(documents, {
    seed: job.seed,
    fractions: { heldOut: 0.3 },
  });
  const [target = 'category'] = job.targets;
  return {
    documents: documents.length,
    train: train.length,
    heldOut: heldOut.length,
    categories,
    fingerprint: fingerprintOf(documents),
    hasOwnSplit: ownSplit,
    hasGroups: documents.some(({ group }) => group !== null),
    classes,
    clusterField: categories > 1 ? null : target === 'label' ? mapping.label : target,
  };
}

/** Of everything that an outcome may depend on, wherever the notes lie. */
function fingerprintOf(documents: readonly Document[]): string {
  const values = documents.map(({ file: _, row: __, ...value }) => value);
  return hashText(JSON.stringify(values));
}

async function sizeOf(
  model: string,
  sample: readonly string[],
): Promise<GroupFacts['models'][number]> {
  const folder = await folderOf(model);
  const { config } = await readModelConfig(folder);
  const tokenizer = await readTokenizer(folder, config);
  const tokens = sample.reduce((sum, text) => sum + tokenizer.countTokens(text), 0);
  return {
    hash: await modelHash(folder),
    layers: config.hiddenLayers,
    hiddenSize: config.hiddenSize,
    intermediateSize: config.intermediateSize,
    vocabularySize: config.vocabularySize,
    window: longestSequence(config),
    tokensPerNote: 2 + tokens / Math.max(1, sample.length),
  };
}

/** Usable in a folder's name, and unlike the others. */
function newName(base: string, names: Set<string>): string {
  const plain = (base === bundledName ? base : modelName(base)).replace(/[^\w.-]+/g, '_');
  let name = plain;
  for (let number = 2; names.has(name); number++) name = `${plain}-${number}`;
  names.add(name);
  return name;
}
