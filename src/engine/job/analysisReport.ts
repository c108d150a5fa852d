/**
 * What an analysis leaves in its run folder: `report.json` with everything that was measured, `report.csv` (one row a
 * model and figure), `similarities.csv` (pairs of categories), `notes.csv` (one row a note, by its id and without its
 * text), `repeated.csv`, and `report.html`.
 */
import { basename, join } from 'node:path';
import type { SpaceAnalysis } from '../../core/analyze/analyse.js';
import { separationName } from '../../core/analyze/clusters/separation.js';
import {
  comparisonFindings,
  corpusFindings,
  mislabelFinding,
  modelFindings,
} from '../../core/analyze/findings.js';
import { possibleMislabels } from '../../core/analyze/graph/neighbourhoods.js';
import { intervalOf } from '../../core/analyze/space/bootstrap.js';
import type { Estimated } from '../../core/analyze/space/bootstrap.js';
import { cellName } from '../../core/analyze/space/cosine.js';
import { mostMeasured } from '../../core/analyze/space/pairs.js';
import { usualRepeated } from '../../core/analyze/words/repeated.js';
import { writeFileAtomic } from '../../core/base/files.js';
import { seenSentences } from '../../core/model/seenDocuments.js';
import { renderAnalysis } from '../../core/report/analysis.js';
import type { AnalysisReport, ReportedGroup, ReportedSpace } from '../../core/report/analysis.js';
import { csv } from '../../core/report/csv.js';
import type { CsvCell } from '../../core/report/csv.js';
import { analysisFigureNames } from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName } from '../../protocol/catalogue/analysis.js';
import type { AnalyzedFigure, AnalyzeJob, AnalyzeResult } from '../../protocol/run.js';
import { modelName } from '../bundledModel.js';
import type { Analysis, AnalyzedSpace, GroupingName } from './analyzeJob.js';

export const analysisFileNames = {
  report: 'report.json',
  table: 'report.csv',
  similarities: 'similarities.csv',
  notes: 'notes.csv',
  repeated: 'repeated.csv',
  page: 'report.html',
} as const;

const groupings = {
  kMeans: 'Clusters by k-means',
  density: 'Dense clusters',
  communities: 'Communities of the graph',
} as const satisfies Record<GroupingName, string>;
const groupingNames = Object.keys(groupings) as GroupingName[];

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
    comparisons: found.comparisons.flatMap(({ a, b, found: { differences } }) =>
      differences.map(({ name, difference, p, pHolm }) => ({
        ...{ a, b, figure: name, difference, p, pHolm },
      })),
    ),
    findings: findingsOf(found),
    settings: settingsOf(spec, found),
    leakage: found.seen,
  };
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

function findingsOf({
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

function figuresOf({
  figures,
}: SpaceAnalysis): Partial<Record<AnalysisFigureName, AnalyzedFigure>> {
  return Object.fromEntries(
    analysisFigureNames.flatMap((name) => {
      const figure = figures[name];
      return figure === undefined ? [] : [[name, intervalOf(figure)]];
    }),
  );
}

export async function writeAnalysisReport(
  folder: string,
  spec: AnalyzeJob,
  found: Analysis,
  madeAt: number,
): Promise<void> {
  const write = (name: keyof typeof analysisFileNames, content: string): Promise<void> =>
    writeFileAtomic(join(folder, analysisFileNames[name]), content);
  await write('report', `${JSON.stringify(reportOf(spec, found, madeAt), null, 1)}\n`);
  await write('table', csv(tableRows(found)));
  await write('similarities', csv(similarityRows(found)));
  await write('notes', csv(noteRows(found)));
  await write('repeated', csv(repeatedRows(spec, found)));
  await write('page', renderAnalysis(pageOf(spec, found, madeAt)));
}

/** Of each pair of the categories that are shown, the mean cosine and how far they are apart. */
function pairsOf({ shown, names }: Analysis, { figures }: SpaceAnalysis) {
  const interval = (figure: Estimated | undefined): AnalyzedFigure | null =>
    figure === undefined ? null : intervalOf(figure);
  return shown.flatMap((a, i) =>
    shown.slice(i).map((b) => ({
      first: names[a]!,
      second: names[b]!,
      cosine: interval(figures[cellName(a, b)]),
      separation: a === b ? null : interval(figures[separationName(a, b)]),
    })),
  );
}

function reportOf(spec: AnalyzeJob, found: Analysis, madeAt: number): object {
  const { documents, names, categories } = found;
  const idOf = (note: number): string => documents[note]!.id;
  const { models, ...result } = analysisResult(spec, found);
  return {
    format: 1,
    madeAt: new Date(madeAt).toISOString(),
    corpus: spec.corpus.source,
    ...result,
    categories: names.map((name, k) => ({
      name,
      documents: categories.filter((category) => category === k).length,
      keywords: found.categoryKeywords[k],
    })),
    models: found.spaces.map(({ model, name, analysis, keywords }, i) => ({
      ...{ name, ...models[i], model },
      pairs: pairsOf(found, analysis),
      histogram: {
        from: -1,
        to: 1,
        within: [...analysis.histogram.within],
        between: [...analysis.histogram.between],
      },
      graph: analysis.graph,
      groups: Object.fromEntries(
        groupingNames.map((grouping) => [
          grouping,
          analysis[grouping].members.map(({ size, typical, odd }, group) => ({
            size,
            keywords: keywords[grouping][group],
            typical: typical.map(idOf),
            odd: odd.map(idOf),
          })),
        ]),
      ),
      possibleMislabels: possibleMislabels(analysis.votes, categories).map((note) => ({
        id: idOf(note),
        category: names[categories[note]!],
        neighboursAre: names[analysis.votes.majority[note]!],
        share: analysis.votes.share[note],
      })),
    })),
    moved: found.comparisons.map(({ a, b, found: { overlap, moved, separations } }) => ({
      ...{ a, b, overlap },
      separations: separations.map(({ first, second, ...change }) => ({
        first: names[first],
        second: names[second],
        ...change,
      })),
      notes: moved.map(({ note, overlap: kept, from, to }) => ({
        id: idOf(note),
        overlap: kept,
        from: names[from] ?? null,
        to: names[to] ?? null,
      })),
    })),
    repeated: {
      share: found.repeated.share,
      passages: found.repeated.passages.map((passage) => ({
        documents: passage.documents,
        groups: passage.groups,
        words: passage.words,
        first: {
          id: idOf(passage.first.document),
          start: passage.first.start,
          end: passage.first.end,
        },
        text: spec.withText ? textOf(found, passage) : null,
      })),
    },
  };
}

function textOf(
  { documents }: Analysis,
  { first }: Analysis['repeated']['passages'][number],
): string {
  return documents[first.document]!.text.slice(first.start, first.end);
}

function tableRows({ spaces }: Analysis): CsvCell[][] {
  return [
    ['model', 'figure', 'value', 'low', 'high'],
    ...spaces.flatMap(({ model, analysis }) =>
      analysisFigureNames.flatMap((name): CsvCell[][] => {
        const figure = analysis.figures[name];
        if (figure === undefined) return [];
        const { value, low, high } = intervalOf(figure);
        return [[model, name, value, low, high]];
      }),
    ),
  ];
}

function similarityRows(found: Analysis): CsvCell[][] {
  return [
    ['model', 'first', 'second', 'cosine', 'low', 'high', 'separation', 'low', 'high'],
    ...found.spaces.flatMap(({ model, analysis }) =>
      pairsOf(found, analysis).map(({ first, second, cosine, separation }): CsvCell[] => [
        ...[model, first, second],
        ...[cosine?.value ?? null, cosine?.low ?? null, cosine?.high ?? null],
        ...[separation?.value ?? null, separation?.low ?? null, separation?.high ?? null],
      ]),
    ),
  ];
}

function noteRows({ documents, spaces, names, categories }: Analysis): CsvCell[][] {
  return [
    [
      ...['id', 'category', 'model', 'cluster', 'typicality', 'denseCluster', 'community'],
      ...['sameCategoryAmongNeighbours', 'neighboursAre', 'amongNearestOf'],
    ],
    ...spaces.flatMap(({ model, analysis }) => {
      const { kMeans, density, communities, votes, occurrences } = analysis;
      return documents.map(({ id }, note): CsvCell[] => [
        ...[id, names[categories[note]!] ?? null, model],
        ...[kMeans.labels[note]!, kMeans.typicality[note]!],
        density.labels[note]! < 0 ? null : density.labels[note]!,
        ...[communities.labels[note]!, votes.agreement[note]!],
        ...[names[votes.majority[note]!] ?? null, occurrences[note]!],
      ]);
    }),
  ];
}

function repeatedRows(spec: AnalyzeJob, found: Analysis): CsvCell[][] {
  return [
    ['documents', 'groups', 'words', 'firstId', 'start', 'end', ...(spec.withText ? ['text'] : [])],
    ...found.repeated.passages.map((passage): CsvCell[] => [
      ...[passage.documents, passage.groups, passage.words],
      ...[found.documents[passage.first.document]!.id, passage.first.start, passage.first.end],
      ...(spec.withText ? [textOf(found, passage)] : []),
    ]),
  ];
}

/** For people; `report.json` is for programs. */
function pageOf(spec: AnalyzeJob, found: Analysis, madeAt: number): AnalysisReport {
  const { documents, names, shown, hasGroups, resamples, spaces } = found;
  return {
    title: `Embedding space: ${basename(spec.corpus.source)}`,
    madeAt: new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }),
    documents: documents.length,
    categories: names.length,
    shown: shown.map((k) => names[k]!),
    resampled: hasGroups ? 'patients' : 'notes',
    resamples,
    findings: findingsOf(found),
    remarks: remarksOf(spec, found),
    spaces: spaces.map((space) => spaceOf(found, space)),
    repeated: found.repeated.passages.map((passage) => ({
      documents: passage.documents,
      groups: passage.groups,
      words: passage.words,
      text: spec.withText ? textOf(found, passage) : null,
    })),
  };
}

function remarksOf(spec: AnalyzeJob, { documents, names, shown, spaces }: Analysis): string[] {
  const sampled =
    documents.length > mostMeasured
      ? [
          `Uniformity, the silhouette by Euclidean distance and the distribution of cosines were measured for ${number(mostMeasured)} notes drawn at random against all ${number(documents.length)}; their intervals hold the error of that. Means of cosines are exact.`,
        ]
      : [];
  const hidden =
    shown.length < names.length
      ? [
          `Heat maps and pairs show the ${shown.length} most frequent of ${number(names.length)} categories; all other figures count every category.`,
        ]
      : [];
  const [first] = spaces;
  return [
    ...sampled,
    ...hidden,
    `Neighbours, clusters and communities are found once among all notes; intervals say how much the figures would vary with other notes, not with other clusters.`,
    `Dense clusters are found over the ${first?.analysis.lists.k ?? 0} nearest neighbours of each note: what no such list joins stays apart.`,
    `Keywords occur in three notes or more. Passages that recur are sentences or lines of ${usualRepeated.minWords} words or more in ${usualRepeated.minDocuments} notes or more${spec.withText ? '' : '; their text is shown with --with-text'}.`,
  ];
}

function spaceOf(found: Analysis, { name, analysis, keywords }: AnalyzedSpace): ReportedSpace {
  const { shown } = found;
  const { figures, histogram, graph } = analysis;
  const valueAt = (a: number, b: number): number | null => {
    const figure = figures[cellName(Math.min(a, b), Math.max(a, b))];
    return figure === undefined ? null : intervalOf(figure).value;
  };
  return {
    name,
    figures: figuresOf(analysis),
    similarities: shown.map((a) => shown.map((b) => valueAt(a, b))),
    histogram: { within: shares(histogram.within), between: shares(histogram.between) },
    groups: groupingNames.map((grouping) => ({
      title: groupings[grouping],
      list: analysis[grouping].members.map((members, group) => ({
        size: members.size,
        keywords: keywords[grouping][group] ?? [],
        category: mainCategory(found, analysis[grouping].labels, group),
      })),
    })),
    graph: `${number(graph.edges)} edges; a note has ${graph.degree.mean.toFixed(1)} on average, ${number(graph.degree.most)} at most. ${number(graph.components)} connected ${graph.components === 1 ? 'part' : 'parts'}, the largest of ${number(graph.largestComponent)} notes; ${number(graph.isolated)} notes have no edge.`,
  };
}

function mainCategory(
  { names, categories }: Analysis,
  labels: Int32Array,
  group: number,
): ReportedGroup['category'] {
  const counts = new Int32Array(names.length);
  let all = 0;
  labels.forEach((label, note) => {
    const category = categories[note]!;
    if (label !== group || category < 0) return;
    counts[category]!++;
    all++;
  });
  if (all === 0) return null;
  const best = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
  return { name: names[best] ?? '', share: counts[best]! / all };
}

function shares(counts: Float64Array): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Array.from(counts, (count) => (total === 0 ? 0 : count / total));
}

function number(value: number): string {
  return value.toLocaleString('en');
}
