/** Public sets of clinical text that lookup is judged on, each cut into two halves. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '../../src/core/base/random.js';
import type { Document } from '../../src/core/corpus/document.js';
import { splitDocuments } from '../../src/core/corpus/split.js';
import { overlap } from '../../src/core/model/trainingHashes.js';
import type { TrainingHashes } from '../../src/core/model/trainingHashes.js';

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly text: string };

/** How often the nearest other note has the same class. */
export interface NearestTask {
  readonly kind: 'nearest';
  readonly classOf: (row: Row) => string | null;
}

/** How often a query's own note is among the first ten, and how far up. */
export interface FindTask {
  readonly kind: 'find';
  readonly queryOf: (row: Row) => string;
  /** A question is typed; a dialogue is a whole document. */
  readonly as: 'query' | 'document';
}

export interface RetrievalSet {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly task: NearestTask | FindTask;
  /** Patient, visit or subject, whose notes are no neighbours of each other. */
  readonly groupOf?: (row: Row) => string;
  /** Most notes of a half: long ones take long to embed. */
  readonly most: number;
}

const visit = ({ id }: Row): string => /D2N\d+/.exec(id)?.[0] ?? id;
const disease = (row: Row): string => String(row['label']).toLowerCase();

export const retrievalSets: readonly RetrievalSet[] = [
  nearest('covid19vaxae_sample', 'adverse events, symptom', 'category', 250),
  nearest('neiss_fireworks_ed', 'emergency narratives, diagnosis', 'category', 766),
  nearest('neiss_fireworks_ed', 'emergency narratives, body part', 'label', 766),
  nearest('nhs_fft_v6', 'patient feedback, service', 'category', 1000),
  { ...nearest('nhs_fft_v6', 'patient feedback, theme', 'label', 1000), task: by(onlyTheme) },
  nearest('nursesim_triage', 'triage lines, urgency', 'category', 80),
  nearest('maude_device_incidents', 'device incidents, event', 'category', 450),
  {
    ...nearest('aci_bench_sections', 'sections of visit notes, header', 'category', 700),
    groupOf: visit,
  },
  nearest('synthetic_ae_admission_notes', 'admission notes, ICD-10 chapter', 'category', 150),
  { ...nearest('synthetic_ae_admission_notes', 'admission notes, condition', 'condition', 150) },
  nearest('medical_abstracts_test', 'abstracts, field', 'category', 150),
  {
    ...nearest('medquad', 'patient information, kind of question', 'category', 250),
    groupOf: disease,
  },
  find('medquad', 'question finds its answer', 'question', 'query', 250),
  nearest('aci_bench', 'visit notes, kind of visit', 'category', 50),
  find('primock57_gp_notes', 'complaint finds its GP note', 'label', 'query', 57),
  find('aci_bench', 'dialogue finds its note', 'dialogue', 'document', 50),
];

function nearest(file: string, what: string, field: string, most: number): RetrievalSet {
  return { name: `${file} ${field}`, what, file, most, task: by((row) => textIn(row, field)) };
}

function by(classOf: NearestTask['classOf']): NearestTask {
  return { kind: 'nearest', classOf };
}

function find(
  file: string,
  what: string,
  field: string,
  as: FindTask['as'],
  most: number,
): RetrievalSet {
  const queryOf = (row: Row): string => textIn(row, field) ?? '';
  return { name: `${file} ${field}`, what, file, most, task: { kind: 'find', queryOf, as } };
}

function textIn(row: Row, field: string): string | null {
  const value = row[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The only theme of a comment; `null` if it has several, or none that says anything. */
function onlyTheme(row: Row): string | null {
  const themes = row['label'];
  if (!Array.isArray(themes) || themes.length !== 1) return null;
  const theme = String(themes[0]);
  return /not possible|not assigned/i.test(theme) ? null : theme;
}

export interface Item {
  readonly document: Document;
  /** `null` for a note that is only a neighbour that counts as wrong. */
  readonly query: string | null;
}

export interface Halves {
  readonly fit: readonly Item[];
  readonly score: readonly Item[];
}

/**
 * Halves share no group and, where there is none, no near-copies. A note's category is its class.
 *
 * @param training of the models that are judged: notes that any of them was trained on are left out
 */
export async function readHalves(
  set: RetrievalSet,
  folder: string,
  seed: number,
  training: readonly TrainingHashes[],
): Promise<Halves> {
  const bytes = await readFile(join(folder, `${set.file}.jsonl.gz`));
  const rows = gunzipSync(bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  const texts = rows.map(({ text }) => text);
  const seen = new Set(training.flatMap((hashes) => overlap(hashes, texts)));
  const { task } = set;
  const items = new Map<Document, Item>();
  rows.forEach((row, i) => {
    const document: Document = {
      id: row.id,
      text: row.text,
      category: task.kind === 'nearest' ? task.classOf(row) : null,
      label: null,
      group: set.groupOf?.(row) ?? null,
      date: null,
      split: null,
      file: null,
      row: i + 1,
      fields: {},
    };
    if (seen.has(i) || (task.kind === 'nearest' && document.category === null)) return;
    items.set(document, { document, query: task.kind === 'find' ? task.queryOf(row) : null });
  });
  const documents = [...items.keys()];
  const { train, heldOut } = splitDocuments(documents, { seed, fractions: { heldOut: 0.5 } });
  const half = (part: readonly Document[]): Item[] =>
    createRandom(seed, 'half', set.file)
      .shuffle([...part])
      .slice(0, set.most)
      .map((document) => items.get(document)!);
  return { fit: half(train), score: half(heldOut) };
}
