/**
 * What an analysis leaves in its run folder: `report.json` with everything that was measured, `report.csv` (one row a
 * model and figure), `similarities.csv` (pairs of categories), `notes.csv` (one row a note, by its id and without its
 * text), `repeated.csv`, and `report.html`.
 */
import { join } from 'node:path';
import type { SpaceAnalysis } from '../../core/analyze/analyse.js';
import { separationName } from '../../core/analyze/clusters/separation.js';
import { possibleMislabels } from '../../core/analyze/graph/neighbourhoods.js';
import { intervalOf } from '../../core/analyze/space/bootstrap.js';
import type { Estimated } from '../../core/analyze/space/bootstrap.js';
import { cellName } from '../../core/analyze/space/cosine.js';
import { writeFileAtomic } from '../../core/base/files.js';
import { renderAnalysis } from '../../core/report/analysis.js';
import { csv } from '../../core/report/csv.js';
import type { CsvCell } from '../../core/report/csv.js';
import { analysisFigureNames, groupingNames } from '../../protocol/catalogue/analysis.js';
import { analysisReportName } from '../../protocol/analysis.js';
import type { AnalyzedFigure, AnalyzeJob } from '../../protocol/analysis.js';
import {
  analysisPage,
  analysisRemarks,
  graphSentence,
  mainCategory,
  passageText,
} from './analysisPage.js';
import { analysisResult } from './analysisResult.js';
import type { Analysis } from './measureSpaces.js';

const analysisFileNames = {
  report: analysisReportName,
  table: 'report.csv',
  similarities: 'similarities.csv',
  notes: 'notes.csv',
  repeated: 'repeated.csv',
  page: 'report.html',
} as const;

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
  await write('page', renderAnalysis(analysisPage(spec, found, madeAt)));
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
    remarks: analysisRemarks(found),
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
      graph: { ...analysis.graph, sentence: graphSentence(analysis.graph) },
      groups: Object.fromEntries(
        groupingNames.map((grouping) => [
          grouping,
          analysis[grouping].members.map(({ size, typical, odd }, group) => ({
            size,
            category: mainCategory(found, analysis[grouping].labels, group),
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
        text: spec.withText ? passageText(found, passage) : null,
      })),
    },
  };
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
      ...(spec.withText ? [passageText(found, passage)] : []),
    ]),
  ];
}
