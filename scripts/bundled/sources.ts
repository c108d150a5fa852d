/** Public sets that the bundled model learns from and is measured on, and how each is split. */
import { join } from 'node:path';
import { failure } from '../../src/core/base/errors.js';
import { hashText } from '../../src/core/base/hash.js';
import type { Document } from '../../src/core/corpus/document.js';
import { splitDocuments } from '../../src/core/corpus/split.js';
import { readJsonLines } from './jsonLines.js';

/** A row of a set's file. */
export type SetRow = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly text: string;
  readonly split?: string | null;
};

/** How often a note's nearest neighbour has the same class. */
interface NeighbourTask {
  readonly kind: 'neighbour';
  readonly name: string;
  readonly classOf: (row: SetRow) => string | null;
}

/** How often the text that belongs to a query is among its `k` nearest. */
interface RetrievalTask {
  readonly kind: 'retrieval';
  readonly name: string;
  readonly k: number;
  readonly queryOf: (row: SetRow) => string;
}

export type Task = NeighbourTask | RetrievalTask;

export interface TextSet {
  readonly name: string;
  readonly origin: string;
  readonly licence: string;
  /** The patient or subject of a row; all rows of a group stay in one part, across sets. */
  readonly group?: (row: SetRow) => string;
  /** Rows of one visit are not counted as neighbours of each other. */
  readonly visit?: (row: SetRow) => string;
  readonly tasks: readonly Task[];
  /** Class for supervised contrast; `null` if the row has none. */
  readonly contrastOf: (row: SetRow) => string | null;
  /** Further texts of a row that belong to the same class, such as the question of an answer. */
  readonly alsoOf?: (row: SetRow) => readonly string[];
  /** The most rows of its training part that supervised contrast reads, so that no set outweighs. */
  readonly mostTrained?: number;
  /** Set for a set that nothing is trained on. */
  readonly unseen?: true;
}

export const publicSets: readonly TextSet[] = [
  {
    name: 'aci_bench',
    origin: 'wyim/aci-bench, notes of role-played visits',
    licence: 'CC BY 4.0',
    group: visit,
    visit,
    tasks: [
      neighbour(field('category'), 'kind of visit'),
      retrieval(textOf('dialogue'), 'dialogue finds its note, top 1', 1),
    ],
    contrastOf: ({ id }) => id,
    alsoOf: (row) => [textOf('dialogue')(row)],
  },
  {
    name: 'aci_bench_sections',
    origin: 'the same notes, cut at their headers',
    licence: 'CC BY 4.0',
    group: visit,
    visit,
    tasks: [neighbour(field('category'), 'section')],
    contrastOf: field('category'),
  },
  {
    name: 'primock57_gp_notes',
    origin: 'babylonhealth/primock57, GP notes of mock consultations',
    licence: 'CC BY 4.0',
    tasks: [retrieval(textOf('label'), 'complaint finds its note, top 1', 1)],
    contrastOf: ({ id }) => id,
    alsoOf: (row) => [textOf('label')(row)],
  },
  {
    name: 'synthetic_ae_admission_notes',
    origin: 'zmek/synthetic-clinical-notes, generated admission notes',
    licence: 'MIT',
    tasks: [neighbour(field('category'), 'ICD-10 chapter')],
    contrastOf: field('category'),
  },
  {
    name: 'nursesim_triage',
    origin: 'ClinyQAi/NurseSim-RL, generated triage lines',
    licence: 'MIT',
    tasks: [neighbour(field('category'), 'urgency')],
    contrastOf: field('category'),
  },
  {
    name: 'maude_device_incidents',
    origin: 'US FDA MAUDE, device incident reports of 2024',
    licence: 'public domain',
    tasks: [neighbour(field('category'), 'event type')],
    contrastOf: field('category'),
  },
  {
    name: 'covid19vaxae_sample',
    origin: 'OHNLP/covid19vaxae, narratives of US VAERS',
    licence: 'Apache 2.0; the text is in the public domain',
    tasks: [neighbour(field('category'), 'symptom')],
    contrastOf: field('category'),
  },
  {
    name: 'nhs_fft_v6',
    origin: 'CDU-data-science-team/pxtextmining, NHS patient feedback',
    licence: 'MIT',
    tasks: [neighbour(field('category'), 'service'), neighbour(onlyTheme, 'theme')],
    contrastOf: onlyTheme,
    mostTrained: 2500,
  },
  {
    name: 'neiss_fireworks_ed',
    origin: 'US CPSC NEISS, emergency-department narratives 2016 to 2020',
    licence: 'public domain',
    tasks: [neighbour(field('category'), 'diagnosis'), neighbour(field('label'), 'body part')],
    contrastOf: together('category', 'label'),
  },
  {
    name: 'medquad',
    origin: 'abachaa/MedQuAD, patient information of the US NIH',
    licence: 'CC BY 4.0',
    group: (row) => `medquad ${textOf('label')(row).toLowerCase()}`,
    tasks: [
      neighbour(field('category'), 'kind of question'),
      retrieval(textOf('question'), 'question finds its answer, top 10', 10),
    ],
    // Half of the rows teach which answer belongs to a question, half what kind of question it is:
    // alone, either unlearns the other.
    contrastOf: (row) => (teachesPair(row) ? row.id : field('category')(row)),
    alsoOf: (row) => [textOf('question')(row)],
    mostTrained: 1500,
  },
  {
    name: 'medical_abstracts_test',
    origin: 'sebischair/Medical-Abstracts-TC-Corpus, abstracts',
    licence: 'CC BY-SA 3.0; only measured on',
    tasks: [neighbour(field('category'), 'field')],
    contrastOf: () => null,
    unseen: true,
  },
];

function neighbour(classOf: (row: SetRow) => string | null, name: string): NeighbourTask {
  return { kind: 'neighbour', name, classOf };
}

function retrieval(queryOf: (row: SetRow) => string, name: string, k: number): RetrievalTask {
  return { kind: 'retrieval', name, k, queryOf };
}

function textOf(name: string): (row: SetRow) => string {
  return (row) => field(name)(row) ?? '';
}

function field(name: string): (row: SetRow) => string | null {
  return (row) => {
    const value = row[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
}

/** The values of several fields as one class, whatever their case. */
function together(...names: readonly string[]): (row: SetRow) => string | null {
  return (row) => {
    const values = names.map((name) => field(name)(row));
    return values.includes(null) ? null : values.join(' / ').toLowerCase();
  };
}

/** Chance by the id, so that it is the same in every run. */
function teachesPair({ id }: SetRow): boolean {
  return Number.parseInt(hashText(id).slice(0, 8), 16) % 2 === 0;
}

/** A section's id is its visit's id plus a number. */
function visit({ id }: SetRow): string {
  return /D2N\d+/.exec(id)?.[0] ?? id;
}

/** The only theme of a comment; `null` if it has several, or none that says anything. */
function onlyTheme(row: SetRow): string | null {
  const themes = row['label'];
  if (!Array.isArray(themes) || themes.length !== 1) return null;
  const theme = String(themes[0]);
  return /not possible|not assigned/i.test(theme) ? null : theme;
}

export type Part = 'train' | 'validation' | 'test';

export interface SplitSet {
  readonly set: TextSet;
  readonly parts: Readonly<Record<Part, readonly SetRow[]>>;
}

/** Share of a set without a split of its own that is tested on. */
const testShare = 0.4;
/** Share of the rest on which recipes are chosen. */
const validationShare = 0.3;

interface Entry {
  readonly set: TextSet;
  readonly row: SetRow;
  readonly document: Document;
}

/**
 * Splits by group across sets, so that a visit that occurs in two sets is in the same part of both.
 * A set's own test part is kept; rows of a group with a test row are never trained on.
 */
export async function readSets(dataFolder: string, seed: number): Promise<SplitSet[]> {
  const entries: Entry[] = [];
  for (const set of publicSets) {
    const rows = await readJsonLines<SetRow>(join(dataFolder, `${set.name}.jsonl.gz`));
    for (const row of rows) entries.push({ set, row, document: documentOf(row, set) });
  }
  const tested = new Set(publicSets.flatMap((set) => testPart(entries, set, seed)));
  const testedGroups = new Set([...tested].map(({ group }) => group).filter(Boolean));
  const free = entries
    .map(({ document }) => document)
    .filter((one) => !tested.has(one) && (one.group === null || !testedGroups.has(one.group)));
  const fractions = { heldOut: validationShare };
  const { train, heldOut } = splitDocuments(free, { seed, fractions });
  const members = { train: new Set(train), validation: new Set(heldOut), test: tested };
  return publicSets.map((set) => {
    const part = (name: Part): SetRow[] =>
      entries
        .filter((entry) => entry.set === set && members[name].has(entry.document))
        .map(({ row }) => row);
    const parts = { train: part('train'), validation: part('validation'), test: part('test') };
    if (parts.test.length === 0) throw failure(`The set ${set.name} has no test part.`);
    return { set, parts };
  });
}

function testPart(entries: readonly Entry[], set: TextSet, seed: number): Document[] {
  const own = entries.filter((entry) => entry.set === set);
  if (set.unseen === true) return own.map(({ document }) => document);
  if (own.some(({ row }) => typeof row.split === 'string')) {
    return own.filter(({ row }) => row.split?.startsWith('test')).map(({ document }) => document);
  }
  const documents = own.map(({ document }) => document);
  return splitDocuments(documents, { seed, fractions: { heldOut: testShare } }).heldOut;
}

function documentOf(row: SetRow, set: TextSet): Document {
  return {
    id: `${set.name}/${row.id}`,
    text: row.text,
    category: null,
    label: null,
    group: set.group?.(row) ?? null,
    date: null,
    split: null,
    file: null,
    row: 1,
    fields: {},
  };
}
