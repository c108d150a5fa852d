/** Messages of the Clusters panel. */
import { count, plural } from '../../core/base/wording.js';
import type { ClusterMap } from '../../protocol/map.js';
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
  const { x, y, columns, warnings } = map;
  return {
    type: 'points',
    corpus: corpus.name,
    x,
    y,
    names,
    columns,
    warnings,
    hideText: false,
  };
}

/** Hidden text is never sent to the panel. */
export function withoutText(message: Message): Message {
  if (message.type !== 'points') return message;
  const columns = message.columns.map((column) =>
    column.kind === 'values' && column.plainValues !== null
      ? { ...column, values: column.plainValues }
      : column,
  );
  return { ...message, columns, names: message.names.map(() => ''), hideText: true };
}

/** @param most that were asked for */
export function foundText(found: number, most: number, all: number): string {
  if (found === 0) return 'No note holds any of these words.';
  if (found < most) return `${plural(found, 'note')} of ${count(all)} lit.`;
  return `The ${plural(found, 'nearest note', 'nearest notes')} of ${count(all)} lit.`;
}
