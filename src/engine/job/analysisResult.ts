/** What an analysis comes to: figures, comparisons and findings. */
import type { SpaceAnalysis } from '../../core/analyze/analyse.js';
import {
  comparisonFindings,
  corpusFindings,
  mislabelFinding,
  modelFindings,
} from '../../core/analyze/findings.js';
import { possibleMislabels } from '../../core/analyze/graph/neighbourhoods.js';
import { intervalOf } from '../../core/analyze/space/bootstrap.js';
import { seenSentences } from '../../core/model/seenDocuments.js';
import { analysisFigureNames } from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import type {
  AnalyzeComparison,
  AnalyzedFigure,
  AnalyzeResult,
  AnalyzeJob,
} from '../../protocol/analysis.js';
import { modelName } from '../bundledModel.js';
import type { Analysis, ComparedSpaces } from './measureSpaces.js';

export function analysisResult(spec: AnalyzeJob, found: Analysis): AnalyzeResult {
  return {
    kind: 'analyze',
    documents: found.documents.length,
    models: found.spaces.map(({ model, analysis }) => ({
      model,
      figures: figuresOf(analysis),
      clusters: analysis.kMeans.members.length,
      denseClusters: analysis.density.members.length,
      communities: analysis.communities.members.length,
      edges: analysis.graph.edges,
      components: analysis.graph.components,
      mislabels: possibleMislabels(analysis.votes, found.categories).length,
    })),
    comparisons: differencesOf(found.comparisons),
    ...(spec.contrasts === undefined ? {} : { contrasts: differencesOf(found.contrasts) }),
    findings: findingsOf(found),
    settings: settingsOf(spec, found),
    leakage: found.seen,
  };
}

function differencesOf(compared: readonly ComparedSpaces[]): AnalyzeComparison[] {
  return compared.flatMap(({ a, b, found: { differences } }) =>
    differences.map(({ name, difference, p, pHolm }) => ({
      ...{ a, b, figure: name, difference, p, pHolm },
    })),
  );
}

function settingsOf(spec: AnalyzeJob, { spaces, resamples, hasGroups }: Analysis) {
  const [first] = spaces;
  return {
    seed: spec.seed,
    vectors: 'scaled to length 1',
    silhouetteMetric: 'euclidean',
    neighbours: first?.analysis.lists.k ?? 0,
    edges: spec.edges,
    edgeWeights: 'none',
    threshold: spec.threshold,
    clusters: first?.analysis.kMeans.members.length ?? 0,
    minClusterSize: first?.analysis.minClusterSize ?? 0,
    minSamples: first?.analysis.minSamples ?? 0,
    notesMeasuredInPairs: first?.analysis.measured ?? 0,
    resamples,
    resampled: hasGroups ? 'groups' : 'documents',
  };
}

export function findingsOf({
  spaces,
  comparisons,
  names,
  categories,
  repeated,
  seen,
}: Analysis): string[] {
  return [
    ...comparisons.flatMap(({ a, b, found }) =>
      comparisonFindings(modelName(a), modelName(b), found, names),
    ),
    ...spaces.flatMap(({ name, analysis }) => [
      ...modelFindings(name, analysis),
      ...mislabelFinding(name, possibleMislabels(analysis.votes, categories).length),
    ]),
    ...corpusFindings(repeated),
    ...(spaces.length > 1
      ? seenSentences(seen, 'notes', modelName)
      : seen.flatMap(({ model, documents }) =>
          documents === null || documents === 0
            ? []
            : `${modelName(model)} was trained on ${documents} of these notes: its space may suit them better than others.`,
        )),
  ];
}

export function figuresOf({
  figures,
}: SpaceAnalysis): Partial<Record<AnalysisFigureName, AnalyzedFigure>> {
  return Object.fromEntries(
    analysisFigureNames.flatMap((name) => {
      const figure = figures[name];
      return figure === undefined ? [] : [[name, intervalOf(figure)]];
    }),
  );
}
