/** Messages of the Clusters panel. */
import type { ClusterMap } from '../../protocol/lookup.js';
import type { ClustersHostMessage } from '../../protocol/panels.js';
import { commandIds } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import { recordName } from '../notes/notes.js';

type Message = ClustersHostMessage;

export const drawing: Message = {
  type: 'empty',
  reason: 'The map is being drawn: it appears here when it is done.',
  action: null,
};

export const noCorpus: Message = {
  type: 'empty',
  reason: 'There is no corpus to draw.',
  action: { label: 'Add Corpus…', command: commandIds.addCorpus },
};

export function notDrawn(corpus: Corpus): Message {
  return {
    type: 'empty',
    reason: `There is no map of ${corpus.name} yet.`,
    action: { label: 'Draw It', command: commandIds.showClusters },
  };
}

export function pointsOf(map: ClusterMap, corpus: Corpus): Message {
  const names = map.ids.map((id, at) =>
    recordName({ id, key: map.keys[at] ?? '', file: map.files[at] ?? null }),
  );
  const { x, y, category, categories, warnings } = map;
  return {
    type: 'points',
    corpus: corpus.name,
    x,
    y,
    names,
    category,
    categories,
    warnings,
    hideText: false,
  };
}

/** Hidden text is never sent to the panel. */
export function withoutText(message: Message): Message {
  if (message.type !== 'points') return message;
  return { ...message, names: message.names.map(() => ''), hideText: true };
}
