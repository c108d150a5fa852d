import { afterEach, beforeEach, expect, it } from 'vitest';
import { usageError } from '../../src/core/base/errors.js';
import { openNote } from '../../src/extension/commands/openNote.js';
import { createNoteComparison } from '../../src/extension/lookup/compareNotes.js';
import { createMarks } from '../../src/extension/notes/marks.js';
import { noteUri } from '../../src/extension/notes/notes.js';
import type { Services } from '../../src/extension/services.js';
import { host, window } from '../host/fakeVscode.js';
import type { FakeEditor, Range } from '../host/fakeVscode.js';
import { fakeServices, settled } from './fixtures/services.js';
import type { FakeServices } from './fixtures/services.js';

const asked = 'Old. Chest pain at rest. Well.';
const found = 'Seen again. Pain in the chest.';
const result = {
  key: 'found',
  why: {
    terms: [
      { term: 'chest', weight: 0.6 },
      { term: 'pain', weight: 0.4 },
    ],
    pairs: [
      { query: { start: 5, end: 24 }, note: { start: 12, end: 30 }, by: 'meaning', likeness: 0.9 },
    ],
  },
};

let fake: FakeServices;
let services: Services;
beforeEach(() => {
  host.reset();
  fake = fakeServices('ward');
  services = { ...fake.services, marks: createMarks() };
  host.texts.set('file:/notes/ward/asked.txt', asked);
  host.texts.set(noteUri(fake.corpora[0]!, 'found').toString(), found);
});
afterEach(() => services.marks.dispose());

/** The stretches of text that are marked, by kind: passages, then words. */
function markedIn({ decorations, document }: FakeEditor): string[][] {
  const textOf = ({ start, end }: Range): string =>
    document.getText().slice(start.character, end.character);
  return decorations.slice(-2).map((ranges) => ranges.map(textOf));
}

async function compare(): Promise<readonly FakeEditor[]> {
  const note = {
    ...{ corpus: fake.corpora[0]!, id: 'asked.txt', key: null },
    ...{ file: '/notes/ward/asked.txt', title: 'asked.txt' },
  };
  const compared = createNoteComparison(services).compare(note, result as never);
  expect(fake.asked.at(-1)?.params).toMatchObject({ note: { id: 'asked.txt' } });
  await fake.asked.at(-1)?.answer({ key: 'asked', text: asked, file: note.file });
  await settled();
  expect(fake.asked.at(-1)?.params).toMatchObject({ note: { key: 'found' } });
  await fake.asked.at(-1)?.answer({ key: 'found', text: found, file: null });
  await compared;
  return window.visibleTextEditors;
}

it('shows both side by side, with words and passages marked', async () => {
  const [left, right] = await compare();
  expect([left!.viewColumn, right!.viewColumn]).toEqual([-1, -2]);
  expect(markedIn(left!)).toEqual([['Chest pain at rest.'], ['Chest', 'pain']]);
  expect(markedIn(right!)).toEqual([['Pain in the chest.'], ['Pain', 'chest']]);
});

it('leads from a passage to its counterpart, and back', async () => {
  const [left, right] = await compare();
  left!.revealed.length = right!.revealed.length = 0;
  left!.moveTo(2);
  expect(right!.revealed).toEqual([]);
  left!.moveTo(8);
  expect(right!.revealed.map(({ start }) => start.character)).toEqual([12]);
  right!.moveTo(20);
  expect(left!.revealed.map(({ start }) => start.character)).toEqual([5]);
});

it('shows the file of a note that is not indexed', async () => {
  const note = {
    ...{ corpus: fake.corpora[0]!, id: 'asked.txt', key: null },
    ...{ file: '/notes/ward/asked.txt', title: 'asked.txt' },
  };
  const compared = createNoteComparison(services).compare(note, result as never);
  await fake.asked.at(-1)?.fail(usageError('This note is not in the index.'));
  await settled();
  await fake.asked.at(-1)?.answer({ key: 'found', text: found, file: null });
  await compared;
  expect(markedIn(window.visibleTextEditors[0]!)[0]).toEqual(['Chest pain at rest.']);
});

it('opens a note at the passage that was found', async () => {
  const passage = { start: 12, end: 30 };
  const opened = openNote(services, { key: 'found', passage, beside: true });
  await expect.poll(() => fake.asked.length).toBe(1);
  await fake.asked[0]?.answer({ key: 'found', text: found, file: null });
  await opened;
  const [editor] = window.visibleTextEditors;
  expect(markedIn(editor!)).toEqual([['Pain in the chest.'], []]);
  expect(editor!.revealed.map(({ start }) => start.character)).toEqual([12]);
  // No selection, which the next key would replace.
  expect(editor!.selection).toMatchObject({ start: { character: 12 }, end: { character: 12 } });
  expect(editor!.viewColumn).toBe(-2);
});
