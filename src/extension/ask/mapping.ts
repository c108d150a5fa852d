/** Shows which field plays which part, as guessed, and lets the user change it. */
import type { CorpusSummary } from '../../protocol/lookup.js';
import type { FieldMapping } from '../../protocol/run.js';
import { plural } from '../wording.js';
import { choose } from './choices.js';
import type { Choice } from './choices.js';

type Part = keyof FieldMapping;

const meanings: Readonly<Record<Part, string>> = {
  text: 'what the note says',
  id: 'names the note',
  category: 'kind of note: colours the map',
  label: 'what a model may be asked to tell',
  group: 'whom the note is about: one patient never lies on both sides of a split',
  date: 'when it was written',
  split: 'which notes are for training and which for testing',
};
const parts = Object.keys(meanings) as Part[];

/** The same object when the user agrees; a changed one, to be looked at again, when they do not. */
export async function confirmMapping(
  summary: CorpusSummary,
  mapping: Partial<FieldMapping>,
): Promise<Partial<FieldMapping>> {
  const title = `${plural(summary.documents, 'note')}: is this right?`;
  const part = await choose<Part | null>(title, [
    { label: '$(check) Yes, add this corpus', value: null },
    ...parts.map((part) => ({
      label: part,
      description: summary.mapping[part] ?? '(none)',
      detail: meanings[part],
      value: part,
    })),
  ]);
  if (part === null) return mapping;
  const fields: Choice<string | null>[] = summary.fields.map((field) => ({
    label: field,
    description: field === summary.mapping[part] ? 'now' : '',
    value: field,
  }));
  const field = await choose(`Field for the ${part}`, [
    { label: '(none)', value: null },
    ...fields,
  ]);
  return { ...mapping, [part]: field };
}
