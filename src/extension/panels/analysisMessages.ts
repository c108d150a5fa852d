/** Messages of the panel Analysis. */
import { basename } from 'node:path';
import type { AnalysisContent, AnalysisHostMessage } from '../../protocol/analysisPanel.js';
import { groupingNames } from '../../protocol/catalogue/analysis.js';
import type { GroupingName } from '../../protocol/catalogue/analysis.js';
import type { AnalysisFile } from '../runs/analysisFile.js';
import { modelName } from '../wording.js';
import type { Found, Named } from './runPanel.js';

type SpaceInFile = AnalysisFile['models'][number];
type Groups = Record<GroupingName, AnalysisContent['models'][number]['groups'][GroupingName]>;

export function contentOf(file: AnalysisFile, named: Named): Found<AnalysisContent> {
  const ids: string[] = [];
  const positions = new Map<string, number>();
  const noteAt = (id: string): number => {
    const known = positions.get(id);
    if (known !== undefined) return known;
    positions.set(id, ids.length);
    return ids.push(id) - 1;
  };
  const nameOf = (model: string): string => modelName(model, named.bundled);
  const { documents, findings, remarks, categories, settings, repeated } = file;
  const content = {
    type: 'report',
    corpus: named.corpus,
    ...{ documents, findings, remarks, categories },
    resampled: settings.resampled,
    resamples: settings.resamples,
    models: file.models.map((space) => ({
      name: nameOf(space.model),
      figures: space.figures,
      graph: space.graph.sentence,
      pairs: space.pairs,
      histogram: {
        within: shares(space.histogram.within),
        between: shares(space.histogram.between),
      },
      groups: groupsOf(space, noteAt),
      mislabels: space.possibleMislabels.map(({ id, ...rest }) => ({ ...rest, note: noteAt(id) })),
    })),
    comparisons: file.comparisons.map(({ a, b, ...rest }) => ({
      ...rest,
      a: nameOf(a),
      b: nameOf(b),
    })),
    changes: file.moved.map(({ a, b, overlap, separations, notes }) => ({
      ...{ overlap, separations, a: nameOf(a), b: nameOf(b) },
      moved: notes.map(({ id, ...rest }) => ({ ...rest, note: noteAt(id) })),
    })),
    repeated: {
      share: repeated.share,
      passages: repeated.passages.map(({ first, ...rest }) => ({
        ...rest,
        first: noteAt(first.id),
      })),
    },
    hideText: false,
  } satisfies Omit<AnalysisContent, 'notes'>;
  const notes = ids.map((id) => (named.isFolder ? basename(id) : id));
  return { content: { ...content, notes }, ids };
}

function groupsOf({ groups }: SpaceInFile, noteAt: (id: string) => number): Groups {
  const of = (name: GroupingName): Groups[GroupingName] =>
    groups[name].map(({ typical, odd, ...rest }) => ({
      ...rest,
      typical: typical.map(noteAt),
      odd: odd.map(noteAt),
    }));
  return { kMeans: of('kMeans'), density: of('density'), communities: of('communities') };
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** Names of notes may identify patients, and keywords are their words: while text is hidden neither is sent. */
export function withoutText(message: AnalysisHostMessage): AnalysisHostMessage {
  if (message.type !== 'report') return message;
  const { models, categories, repeated, notes } = message;
  return {
    ...message,
    categories: categories.map((category) => ({ ...category, keywords: [] })),
    models: models.map((space) => ({ ...space, groups: withoutWords(space.groups) })),
    repeated: {
      ...repeated,
      passages: repeated.passages.map((passage) => ({ ...passage, text: null })),
    },
    notes: notes.map(() => ''),
    hideText: true,
  };
}

function withoutWords(groups: Groups): Groups {
  const hidden = { ...groups };
  for (const name of groupingNames) {
    hidden[name] = groups[name].map((group) => ({ ...group, keywords: [] }));
  }
  return hidden;
}
