/**
 * One made-up entry in every table of the catalogue and in the registries beside it: what a new objective,
 * protocol, reader, family, role or device consists of. Call `addMadeUp` before anything is imported that
 * is to know them.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';
import type * as Readers from '../../src/core/corpus/readers.js';
import type { Reader, Row } from '../../src/core/corpus/corpus.js';
import type { EvaluationProtocol, EvaluationSetup } from '../../src/core/evaluate/protocol.js';
import type * as Evaluations from '../../src/core/evaluate/registry.js';
import type * as Devices from '../../src/protocol/catalogue/devices.js';
import type { DeviceEntry, DeviceName } from '../../src/protocol/catalogue/devices.js';
import type * as Families from '../../src/protocol/catalogue/families.js';
import type { FamilyEntry, FamilyName } from '../../src/protocol/catalogue/families.js';
import type * as FieldRoles from '../../src/protocol/catalogue/fieldRoles.js';
import type { FieldRole, FieldRoleEntry } from '../../src/protocol/catalogue/fieldRoles.js';
import type * as Losses from '../../src/protocol/catalogue/losses.js';
import type { LossEntry, LossName } from '../../src/protocol/catalogue/losses.js';
import type * as Objectives from '../../src/protocol/catalogue/objectives.js';
import type { ObjectiveEntry, ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import type * as Protocols from '../../src/protocol/catalogue/protocols.js';
import type {
  Figure,
  FigureName,
  ProtocolEntry,
  ProtocolName,
} from '../../src/protocol/catalogue/protocols.js';
import type * as CatalogueReaders from '../../src/protocol/catalogue/readers.js';
import type { ReaderEntry, ReaderName } from '../../src/protocol/catalogue/readers.js';

/** Names that no table has but for `addMadeUp`. */
export const madeUp = {
  objective: 'echo' as ObjectiveName,
  loss: 'echoLoss' as LossName,
  protocol: 'wordCount' as ProtocolName,
  figure: 'wordsPerNote' as FigureName,
  reader: 'bars' as ReaderName,
  family: 'abacus' as FamilyName,
  role: 'ward' as FieldRole,
  device: 'npu' as DeviceName,
};

export const loss: LossEntry = {
  label: 'echoes',
  sentence: 'How well a note is told from its echo.',
  compares: true,
  needsMlmHead: false,
  settings: {
    echoStrength: {
      kind: 'number',
      initial: 0.5,
      from: 0,
      to: 1,
      description: 'How loud echoes are.',
    },
    echoDelay: {
      kind: 'count',
      initial: 3,
      from: 1,
      description: 'Of loud echoes.',
      when: { setting: 'echoStrength', is: 1 },
    },
  },
};

export const objective: ObjectiveEntry = {
  label: 'Echo',
  purpose: 'Learn to hear echoes',
  sentence: 'Learns to tell echoes of notes apart. Every note needs a category and a ward.',
  card: 'echoes of notes',
  lossWeights: { [madeUp.loss]: 0.7, mlm: 1 },
  needs: ['category', madeUp.role],
  batches: 'documents',
  settings: {
    echoesPerNote: {
      kind: 'count',
      initial: 4,
      from: 1,
      proposed: 6,
      description: 'Echoes of a note.',
    },
  },
};

export const figure: Figure = { label: 'Words per note', lowerIsBetter: true, format: 'magnitude' };

export const protocol: ProtocolEntry = {
  label: 'Word count',
  sentence: 'How many words the held-out notes have, whatever the model.',
  figures: [madeUp.figure, 'accuracy'],
  needs: ['category'],
  needsMlmHead: false,
  computes: [],
  target: null,
};

export const reader: ReaderEntry = {
  label: 'Bar files',
  sentence: 'A line a note, with bars between values.',
  endings: ['.bars'],
  otherEndings: ['.barz'],
  holds: 'table',
  records: null,
  settings: [],
};

export const family: FamilyEntry = {
  label: 'Abacus',
  sentence: 'Beads on rods.',
  tokenizerClass: 'BertTokenizer',
};

export const role: FieldRoleEntry = {
  label: 'Ward',
  sentence: 'Where the patient lay',
  help: 'field with the ward',
  turn: 2.5,
  values: 'class',
  usualNames: ['ward', 'bay'],
};

export const device: DeviceEntry = {
  label: 'NPU',
  sentence: 'A made-up accelerator.',
  uses: ['embed'],
  platforms: [],
};

/** What the made-up protocol was given, for a test to look at. */
export const evaluated: EvaluationSetup[] = [];

const wordCount: EvaluationProtocol = (setup) => {
  evaluated.push(setup);
  const words = setup.heldOut.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  const figures = { [madeUp.figure]: words / setup.heldOut.length, accuracy: 0.25 };
  const [seed] = setup.seeds;
  return Promise.resolve({
    rows: [
      ...setup.candidates.map(({ folder }) => ({
        model: folder,
        shots: 16,
        seed: seed + 1,
        figures,
      })),
      { model: 'majority', shots: null, seed, figures: { accuracy: 0.5 } },
    ],
    verdict: ['All models count alike.'],
    maskedTokens: null,
  });
};

/** The first line names the fields; a line a note, with bars between values. */
const barReader: Reader = {
  rowsOf: null,
  async open(file) {
    const [head = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const fields = head.split('|');
    const rows = lines.map((text, at): Row => {
      const values = text.split('|');
      return {
        where: `${path.basename(file)}:${at + 2}`,
        line: at + 2,
        file: null,
        text: null,
        value: (field) => values[fields.indexOf(field)] ?? null,
      };
    });
    return {
      kind: madeUp.reader,
      fields,
      natural: {},
      sample: rows,
      hasField: () => Promise.resolve(false),
      async *rows() {
        yield* await Promise.resolve(rows);
      },
    };
  },
};

export function addMadeUp(): void {
  vi.doMock('../../src/protocol/catalogue/objectives.js', async (original) => {
    const actual = await original<typeof Objectives>();
    return { ...actual, ...added('objective', actual.objectives, madeUp.objective, objective) };
  });
  vi.doMock('../../src/protocol/catalogue/losses.js', async (original) => {
    const actual = await original<typeof Losses>();
    const losses = { ...actual.losses, [madeUp.loss]: loss };
    return { ...actual, losses, lossNames: Object.keys(losses) };
  });
  vi.doMock('../../src/protocol/catalogue/protocols.js', async (original) => {
    const actual = await original<typeof Protocols>();
    return {
      ...actual,
      ...added('figure', actual.figures, madeUp.figure, figure),
      ...added('protocol', actual.protocols, madeUp.protocol, protocol),
    };
  });
  vi.doMock('../../src/protocol/catalogue/readers.js', async (original) => {
    const actual = await original<typeof CatalogueReaders>();
    return { ...actual, ...added('reader', actual.readers, madeUp.reader, reader) };
  });
  vi.doMock('../../src/protocol/catalogue/families.js', async (original) => {
    const actual = await original<typeof Families>();
    const families = { ...actual.families, [madeUp.family]: family };
    return { ...actual, families, familyNames: Object.keys(families) };
  });
  vi.doMock('../../src/protocol/catalogue/fieldRoles.js', async (original) => {
    const actual = await original<typeof FieldRoles>();
    return { ...actual, ...added('fieldRole', actual.fieldRoles, madeUp.role, role) };
  });
  vi.doMock('../../src/protocol/catalogue/devices.js', async (original) => {
    const actual = await original<typeof Devices>();
    return { ...actual, ...added('device', actual.devices, madeUp.device, device) };
  });
  vi.doMock('../../src/core/evaluate/registry.js', async (original) => {
    const { evaluationProtocols } = await original<typeof Evaluations>();
    return { evaluationProtocols: { ...evaluationProtocols, [madeUp.protocol]: wordCount } };
  });
  vi.doMock('../../src/core/corpus/readers.js', async (original) => {
    const { readers } = await original<typeof Readers>();
    return { readers: { ...readers, [madeUp.reader]: barReader } };
  });
}

/** A table and the list of its names, as a file of the catalogue exports them. */
function added(noun: string, table: object, name: string, entry: object): Record<string, unknown> {
  const all = { ...table, [name]: entry };
  return { [`${noun}s`]: all, [`${noun}Names`]: Object.keys(all) };
}
