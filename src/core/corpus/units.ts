import type { Document } from './document.js';
import { nearDuplicateClusters } from './nearDuplicates.js';

/**
 * Documents that must stay together in a split: a group, or near-duplicates among the documents without one. Keyed by a
 * name that, for documents sorted by id, does not depend on their order.
 */
export function unitsOf(documents: readonly Document[]): Map<string, Document[]> {
  const ungrouped = documents.filter(({ group }) => group === null);
  const clusters = nearDuplicateClusters(ungrouped.map(({ text }) => text));
  const clusterOf = new Map(ungrouped.map((document, i) => [document, clusters[i]]));
  const units = new Map<string, Document[]>();
  for (const document of documents) {
    const { group } = document;
    const name = group === null ? `cluster ${clusterOf.get(document) ?? ''}` : `group ${group}`;
    const members = units.get(name);
    if (members === undefined) units.set(name, [document]);
    else members.push(document);
  }
  return units;
}

/** A copy in the order of ids, on which a split may depend. */
export function byId(documents: readonly Document[]): Document[] {
  return [...documents].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
