/** Data sets of the starter model. Half of each is for training, half for scoring. */
import { join } from 'node:path';
import { failure } from '../../src/core/base/errors.js';
import type { Document } from '../../src/core/corpus/document.js';
import type { FieldMapping } from '../../src/protocol/catalogue/fieldRoles.js';
import { openCorpus } from '../../src/core/corpus/openCorpus.js';
import { splitDocuments } from '../../src/core/corpus/split.js';

export interface TextSet {
  readonly name: string;
  readonly origin: string;
  readonly licence: string;
  /** The patient or subject of a document; all documents of a group stay in one half, across sets. */
  readonly group?: (document: Document) => string;
}

/** A section's id is its visit's id plus a number. */
const visit = ({ id }: Document): string => id.replace(/(D2N\d+)-\d+$/, '$1');

export const publicSets: readonly TextSet[] = [
  {
    name: 'aci_bench',
    origin: 'wyim/aci-bench, notes of role-played visits',
    licence: 'CC BY 4.0',
    group: visit,
  },
  {
    name: 'aci_bench_sections',
    origin: 'the same notes, cut at their headers',
    licence: 'CC BY 4.0',
    group: visit,
  },
  {
    name: 'primock57_gp_notes',
    origin: 'babylonhealth/primock57, GP notes of mock consultations',
    licence: 'CC BY 4.0',
  },
  {
    name: 'synthetic_ae_admission_notes',
    origin: 'zmek/synthetic-clinical-notes, generated admission notes',
    licence: 'MIT',
  },
  {
    name: 'nursesim_triage',
    origin: 'ClinyQAi/NurseSim-RL, generated triage lines',
    licence: 'MIT',
  },
  {
    name: 'maude_device_incidents',
    origin: 'US FDA MAUDE, device incident reports of 2024',
    licence: 'public domain',
  },
  {
    name: 'covid19vaxae_sample',
    origin: 'OHNLP/covid19vaxae, narratives of US VAERS',
    licence: 'Apache 2.0; the text is in the public domain',
  },
  {
    name: 'neiss_fireworks_ed',
    origin: 'US CPSC NEISS, emergency-department narratives 2016 to 2020',
    licence: 'public domain',
  },
];

const sampleSets: readonly (TextSet & { readonly path: string })[] = [
  { name: 'hospital-notes', path: 'hospital-notes' },
  { name: 'mental-health', path: 'mental-health.csv' },
  { name: 'incidents', path: 'incidents.jsonl' },
].map((set) => ({ ...set, origin: 'samples/ of Notespace, generated', licence: 'MIT' }));

export interface SplitSet {
  readonly set: TextSet;
  readonly train: readonly Document[];
  readonly heldOut: readonly Document[];
}

/** Splits all sets together, so that a text that occurs in two sets is in the same half of both. */
export async function readSets(
  dataFolder: string,
  samplesFolder: string,
  seed: number,
): Promise<SplitSet[]> {
  const unmapped: Partial<FieldMapping> = { split: null };
  const byName = new Map<string, TextSet>();
  const documents: Document[] = [];
  const read = async (set: TextSet, source: string, mapping: Partial<FieldMapping>) => {
    byName.set(set.name, set);
    for await (const document of (await openCorpus({ source, mapping })).read()) {
      const group = set.group?.(document) ?? document.group;
      documents.push({
        ...document,
        id: `${set.name}/${document.id}`,
        group: group === null || set.group !== undefined ? group : `${set.name}/${group}`,
        split: null,
      });
    }
  };
  for (const set of publicSets) {
    await read(set, join(dataFolder, `${set.name}.jsonl.gz`), {
      ...unmapped,
      text: 'text',
      id: 'id',
      category: 'category',
      group: null,
    });
  }
  for (const set of sampleSets) await read(set, join(samplesFolder, set.path), unmapped);
  const { train, heldOut } = splitDocuments(documents, { seed, fractions: { heldOut: 0.5 } });
  const setOf = ({ id }: Document): string => id.slice(0, id.indexOf('/'));
  return [...byName].map(([name, set]) => {
    const part = {
      set,
      train: train.filter((document) => setOf(document) === name),
      heldOut: heldOut.filter((document) => setOf(document) === name),
    };
    if (part.train.length === 0 || part.heldOut.length === 0) {
      throw failure(`The set ${name} could not be cut in half: check its file.`);
    }
    return part;
  });
}
