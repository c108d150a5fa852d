/** The report of an analysis for people. */
import { basename } from 'node:path';
import { count, plural } from '../../core/base/wording.js';
import type { SpaceAnalysis } from '../../core/analyze/analyse.js';
import { cellName } from '../../core/analyze/space/cosine.js';
import { intervalOf } from '../../core/analyze/space/bootstrap.js';
import { mostMeasured } from '../../core/analyze/space/pairs.js';
import { usualRepeated } from '../../core/analyze/words/repeated.js';
import type { AnalysisReport, ReportedGroup, ReportedSpace } from '../../core/report/analysis.js';
import type { AnalyzeJob } from '../../protocol/analysis.js';
import { figuresOf, findingsOf } from './analysisResult.js';
import { groupingEntries, groupingNames } from '../../protocol/catalogue/analysis.js';
import type { Analysis, AnalyzedSpace } from './measureSpaces.js';

export function analysisPage(spec: AnalyzeJob, found: Analysis, madeAt: number): AnalysisReport {
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
    remarks: [...analysisRemarks(found), ...textRemark(spec)],
    spaces: spaces.map((space) => spaceOf(found, space)),
    repeated: found.repeated.passages.map((passage) => ({
      documents: passage.documents,
      groups: passage.groups,
      words: passage.words,
      text: spec.withText ? passageText(found, passage) : null,
    })),
  };
}

/** How the figures are to be read. */
export function analysisRemarks({ documents, names, shown, spaces }: Analysis): string[] {
  const sampled =
    documents.length > mostMeasured
      ? [
          `Uniformity, the silhouette by Euclidean distance and the distribution of cosines were measured for ${count(mostMeasured)} notes drawn at random against all ${count(documents.length)}; their intervals hold the error of that. Means of cosines are exact.`,
        ]
      : [];
  const hidden =
    shown.length < names.length
      ? [
          `Heat maps and pairs show the ${shown.length} most frequent of ${count(names.length)} categories; all other figures count every category.`,
        ]
      : [];
  const [first] = spaces;
  return [
    ...sampled,
    ...hidden,
    `Neighbours, clusters and communities are found once among all notes; intervals say how much the figures would vary with other notes, not with other clusters.`,
    `Dense clusters are found over the ${first?.analysis.lists.k ?? 0} nearest neighbours of each note: what no such list joins stays apart.`,
    `Keywords occur in three notes or more. Passages that recur are sentences or lines of ${usualRepeated.minWords} words or more in ${usualRepeated.minDocuments} notes or more.`,
  ];
}

function textRemark({ withText }: AnalyzeJob): string[] {
  return withText ? [] : ['The text of passages is shown with --with-text.'];
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
      title: groupingEntries[grouping],
      list: analysis[grouping].members.map((members, group) => ({
        size: members.size,
        keywords: keywords[grouping][group] ?? [],
        category: mainCategory(found, analysis[grouping].labels, group),
      })),
    })),
    graph: graphSentence(graph),
  };
}

export function graphSentence(graph: SpaceAnalysis['graph']): string {
  return `${plural(graph.edges, 'edge')}; a note has ${graph.degree.mean.toFixed(1)} on average, ${count(graph.degree.most)} at most. ${plural(graph.components, 'connected part')}, the largest of ${count(graph.largestComponent)} notes; ${plural(graph.isolated, 'note has', 'notes have')} no edge.`;
}

/** The most frequent one among the notes of a group. */
export function mainCategory(
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

/** Of a passage that recurs: text of a note, which is shown only when it is asked for. */
export function passageText(
  { documents }: Analysis,
  { first }: Analysis['repeated']['passages'][number],
): string {
  return documents[first.document]!.text.slice(first.start, first.end);
}
