/** Embeds the notes with each model, measures the spaces, and compares them. */
import { join } from 'node:path';
import { analyseSpace } from '../../core/analyze/analyse.js';
import type { SpaceAnalysis } from '../../core/analyze/analyse.js';
import { compareModels } from '../../core/analyze/compare.js';
import type { ModelComparison } from '../../core/analyze/compare.js';
import { resampleCount } from '../../core/analyze/space/bootstrap.js';
import { createSpace } from '../../core/analyze/space/space.js';
import { keywords } from '../../core/analyze/words/keywords.js';
import { repeatedPassages } from '../../core/analyze/words/repeated.js';
import type { Repeated } from '../../core/analyze/words/repeated.js';
import { hashText } from '../../core/base/hash.js';
import { randomResamples } from '../../core/base/resamples.js';
import type { Document } from '../../core/corpus/document.js';
import { groupNumbers } from '../../core/corpus/groupNumbers.js';
import { comparedModels } from '../../core/evaluate/comparisons.js';
import { fitTerms } from '../../core/evaluate/words/terms.js';
import { modelHash } from '../../core/model/modelFiles.js';
import type { SeenCount } from '../../core/model/seenDocuments.js';
import type { AnalyzeJob } from '../../protocol/analysis.js';
import type { GroupingName } from '../../protocol/catalogue/analysis.js';
import { modelName } from '../bundledModel.js';
import { chooseDevice } from '../devices.js';
import { modelBases } from './classification/modelBases.js';
import type { JobContext } from './context.js';
import { embedTexts } from './evaluationVectors.js';
import { keptPart } from './keptParts.js';

/** Categories of the heat map and of the pairs that are compared: the most frequent ones. */
const mostShown = 20;

export interface AnalyzedSpace {
  readonly model: string;
  readonly name: string;
  readonly analysis: SpaceAnalysis;
  readonly keywords: Readonly<Record<GroupingName, readonly (readonly string[])[]>>;
}

export interface ComparedSpaces {
  readonly a: string;
  readonly b: string;
  readonly found: ModelComparison;
}

export interface Analysis {
  /** Those that were measured. */
  readonly documents: readonly Document[];
  /** Sorted. */
  readonly names: readonly string[];
  /** [documents] */
  readonly categories: Int32Array;
  readonly shown: readonly number[];
  readonly hasGroups: boolean;
  readonly resamples: number;
  readonly spaces: readonly AnalyzedSpace[];
  /** Each model against its base, or against the first. */
  readonly comparisons: readonly ComparedSpaces[];
  /** Pairs that were asked for beside them. */
  readonly contrasts: readonly ComparedSpaces[];
  readonly categoryKeywords: readonly (readonly string[])[];
  readonly repeated: Repeated;
  readonly seen: readonly SeenCount[];
}

export async function measureSpaces(
  spec: AnalyzeJob,
  models: readonly string[],
  documents: readonly Document[],
  seen: readonly SeenCount[],
  context: JobContext,
): Promise<Analysis> {
  const { runFolder, cacheFolder, signal, pauseGate, threads, onProgress } = context;
  const device = await chooseDevice(spec.device, { cacheFolder, threads, onProgress, signal });
  const texts = documents.map(({ text }) => text);
  const written = documents.map(({ category }) => category);
  const { names, categories } = createSpace(new Float32Array(0), 0, written);
  const groups = groupNumbers(documents);
  const resamples = randomResamples(spec.seed, groups, resampleCount(documents.length));
  const shown = mostFrequent(categories, names.length);
  const settings = {
    seed: spec.seed,
    neighbours: spec.neighbours,
    edges: spec.edges,
    threshold: spec.threshold,
    clusters: spec.clusters,
  };
  const patients = documents.map(({ group }) => group);
  const basis = hashText(JSON.stringify({ texts, written, patients, settings, device }));
  const counted = countTerms(texts);
  const spaces: AnalyzedSpace[] = [];
  for (const model of models) {
    const name = modelName(model);
    const key = `${basis} ${await modelHash(model)}`;
    const folder = runFolder === null ? null : join(runFolder, 'parts');
    const analysis = await keptPart(folder, key, async () => {
      const { vectors, dimension } = await embedTexts(
        { folder: model, name },
        texts,
        { store: spec.store, device },
        context,
      );
      return analyseSpace(createSpace(vectors, dimension, written), {
        ...{ settings, groups, resamples, shown, threads, signal, pauseGate },
        onProgress: (step, done, total) =>
          onProgress({ phase: `${name}: ${step.toLowerCase()}`, done, total, unit: 'steps' }),
      });
    });
    const words = (labels: Int32Array, members: readonly unknown[]): string[][] =>
      keywords(counted, labels, members.length);
    spaces.push({
      ...{ model, name, analysis },
      keywords: {
        kMeans: words(analysis.kMeans.labels, analysis.kMeans.members),
        density: words(analysis.density.labels, analysis.density.members),
        communities: words(analysis.communities.labels, analysis.communities.members),
      },
    });
  }
  const bases = await modelBases(models);
  const compared = comparedModels(models, (model) => bases.get(model) ?? null);
  const compareAll = async (
    pairs: readonly (readonly [string, string | undefined])[],
  ): Promise<ComparedSpaces[]> => {
    const found: ComparedSpaces[] = [];
    for (const pair of pairs) {
      const [a, b] = pair.map((each) => spaces.find((space) => space.model === each));
      if (a === undefined || b === undefined) continue;
      const comparison = await compareModels(a.analysis, b.analysis, shown, resamples);
      found.push({ a: a.model, b: b.model, found: comparison });
    }
    return found;
  };
  const comparisons = await compareAll(
    compared.map(({ model, reference }) => [model, reference?.model]),
  );
  const contrasts = await compareAll((spec.contrasts ?? []).map(({ a, b }) => [a, b]));
  return {
    ...{ documents, names, categories, shown, spaces, comparisons, contrasts, seen },
    hasGroups: groups !== null,
    resamples: resamples.count,
    categoryKeywords: keywords(counted, categories, names.length),
    repeated: repeatedPassages(texts, patients),
  };
}

/** Words alone: pairs take much memory, and add little to a list of eight. */
function countTerms(texts: readonly string[]): ReturnType<typeof fitTerms> {
  return fitTerms(texts, { pairs: false, minDocuments: 2 });
}

function mostFrequent(categories: Int32Array, classes: number): number[] {
  const sizes = new Int32Array(classes);
  for (const category of categories) if (category >= 0) sizes[category]!++;
  return [...sizes.keys()]
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, mostShown)
    .sort((a, b) => a - b);
}
