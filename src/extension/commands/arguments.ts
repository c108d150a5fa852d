/** Arguments of commands, from a keybinding, a link, a panel or a test, validated before use. */
import * as z from 'zod/mini';
import { usageError } from '../../core/base/errors.js';
import { mappingSchema, readingSchema } from '../../engine/runSchemas.js';
import { edgeRules } from '../../protocol/catalogue/analysis.js';
import { objectiveNames } from '../../protocol/catalogue/objectives.js';
import { protocolNames } from '../../protocol/catalogue/protocols.js';
import { studyPresetNames } from '../../protocol/catalogue/study.js';

const text = z.optional(z.string());

export const argumentSchemas = {
  addCorpus: z.strictObject({
    /** Absolute path of a folder or a table. */
    source: z.string(),
    name: text,
    mapping: z.optional(mappingSchema),
    reading: z.optional(readingSchema),
    /** Shows how it is read first, to be changed. */
    preview: z.optional(z.boolean()),
  }),
  corpus: z.strictObject({ corpus: text }),
  indexNotes: z.strictObject({ corpus: text, model: text }),
  pretrain: z.strictObject({
    corpus: text,
    objective: z.optional(z.enum(objectiveNames)),
    /** `bundled`, the name of a run, or a model folder. */
    base: text,
    maxSteps: z.optional(z.int().check(z.positive())),
    seed: z.optional(z.int()),
    /** Overrides of the training configuration's defaults. */
    config: z.optional(z.record(z.string(), z.unknown())),
  }),
  evaluate: z.strictObject({
    corpus: text,
    run: text,
    protocol: z.optional(z.enum(protocolNames)),
    /** `category`, `label`, or another column. */
    target: text,
    shots: z.optional(z.array(z.union([z.int().check(z.positive()), z.literal('all')]))),
    seeds: z.optional(z.int().check(z.positive())),
    withoutWords: z.optional(z.array(z.string())),
    /** Asks the questions all the same, with these answers chosen at first. */
    ask: z.optional(z.boolean()),
  }),
  analyse: z.strictObject({
    corpus: text,
    run: text,
    neighbours: z.optional(z.int().check(z.positive())),
    edges: z.optional(z.enum(edgeRules)),
    threshold: z.optional(z.number().check(z.gte(-1), z.lte(1))),
    clusters: z.optional(z.int().check(z.gte(2))),
  }),
  study: z.strictObject({
    corpus: text,
    bases: z.optional(z.array(z.string()).check(z.minLength(1))),
    target: text,
    preset: z.optional(z.enum(studyPresetNames)),
    budgetSeconds: z.optional(z.number().check(z.positive())),
    steps: z.optional(z.int().check(z.positive())),
  }),
  run: z.strictObject({ run: text }),
  /** Run folders. */
  runs: z.strictObject({ runs: z.array(z.string()) }),
  importModel: z.union([
    /** Absolute path. */
    z.strictObject({ folder: z.string() }),
    /** `owner/name`, or `owner/name@revision`. */
    z.strictObject({ hub: z.string() }),
  ]),
  /** Absolute path of a model folder. */
  model: z.strictObject({ model: z.string() }),
  findSimilarNotes: z.strictObject({ corpus: text, text }),
  openNote: z.strictObject({
    ...{ corpus: text, key: text, id: text },
    /** UTF-16 offsets into the note's text: marked, and scrolled to. */
    passage: z.optional(z.strictObject({ start: z.int(), end: z.int() })),
    beside: z.optional(z.boolean()),
  }),
};

/**
 * The arguments, or `null` when there are none and the user must be asked. A menu passes the editor's
 * own objects (a URI, a view), which count as none.
 */
export function parseArguments<T>(schema: z.ZodMiniType<T>, value: unknown): T | null {
  if (!isPlainObject(value)) return null;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(
    (issue) =>
      issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : ''),
  );
  throw usageError(`These arguments of the command are not right: ${places.join(', ')}.`);
}

function isPlainObject(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
