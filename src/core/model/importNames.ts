/** Names of imported models, at the source and locally. */
import { basename } from 'node:path';
import { usageError } from '../base/errors.js';

const nameShape = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/;

/** Parses `owner/name`, `owner/name@revision`, or the address of the model's page. */
export function parseHubName(text: string): { name: string; revision: string | null } {
  const bare = text
    .trim()
    .replace(/^hub:/, '')
    .replace(/^https?:\/\/[^/]+\//, '');
  const [, name, revision] = nameShape.exec(bare.replace(/\/+$/, '')) ?? [];
  if (name === undefined || name.includes('..')) {
    throw usageError('A model on a hub is named owner/name, such as FacebookAI/roberta-base.');
  }
  return { name, revision: revision ?? null };
}

/**
 * Folder name for a model of a hub at a revision, `null` for the main branch: one revision is never
 * taken for another. No revision holds a "+".
 */
export function importedRevision(name: string, revision: string | null): string {
  const folder = importedName(name);
  return revision === null ? folder : `${folder}@${revision.replaceAll('/', '+')}`;
}

/** Folder name for a model: that of its own folder, or `owner--name` for a hub's. */
export function importedName(source: string): string {
  const isHubName = /^[\w.-]+\/[\w.-]+$/.test(source);
  const plain = (isHubName ? source.replace('/', '--') : basename(source))
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_. -]+/gu, '-')
    .replace(/^[-. ]+|[-. ]+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'model' : plain;
}
