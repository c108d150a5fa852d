import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleFiles } from '../samples/generator/sampleFiles.js';
import type { Document } from '../src/core/corpus/document.js';
import { openCorpus } from '../src/core/corpus/openCorpus.js';

const folder = new URL('../samples/', import.meta.url);

describe('the sample corpora', () => {
  it('are what the generator makes', () => {
    const made = [...sampleFiles()];
    const changed = made.filter(
      ([name, text]) => readFileSync(new URL(name, folder), 'utf8') !== text,
    );
    expect(changed.map(([name]) => name)).toEqual([]);
    const notes = readdirSync(new URL('hospital-notes/', folder)).filter(
      (name) => !name.startsWith('.'),
    );
    const madeNotes = made.filter(([name]) => name.startsWith('hospital-notes/'));
    expect(notes.length).toBe(madeNotes.length);
  });

  it.each([
    ['hospital-notes', 'note_category', 'triage', 5, 5],
    ['mental-health.csv', 'referral_team', null, 9, 0],
    ['incidents.jsonl', 'category', 'degree_of_harm', 10, 5],
  ] as const)(
    '%s is read without problems, its fields guessed',
    async (name, category, label, categories, labels) => {
      const corpus = await openCorpus({
        source: fileURLToPath(new URL(name, folder)),
        mapping: {},
      });
      expect(corpus.mapping).toMatchObject({ category, label, group: 'patient_id', date: 'date' });
      const documents: Document[] = [];
      for await (const document of corpus.read()) documents.push(document);
      expect(documents).toHaveLength(600);
      expect(corpus.problems).toEqual([]);
      expect(new Set(documents.map((d) => d.category)).size).toBe(categories);
      expect(new Set(documents.map((d) => d.label ?? '').filter((l) => l !== '')).size).toBe(
        labels,
      );
      expect(documents.every((d) => d.date !== null && d.group !== null)).toBe(true);
      expect(new Set(documents.map((d) => d.text)).size).toBe(600);
      expect(new Set(documents.map((d) => d.group)).size).toBeLessThan(500);
    },
  );
});
