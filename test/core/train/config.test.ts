import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import {
  parseTrainingConfig,
  trainingConfigSchema,
  trainingDefaults,
} from '../../../src/core/train/config.js';
import type { RunFacts } from '../../../src/core/train/unusedSettings.js';
import { unusedSettings } from '../../../src/core/train/unusedSettings.js';
import { trainingSettings } from '../../../src/core/train/trainingSettings.js';
import { losses, lossNames } from '../../../src/protocol/catalogue/losses.js';
import { objectives, objectiveNames } from '../../../src/protocol/catalogue/objectives.js';
import type { Setting } from '../../../src/protocol/catalogue/setting.js';
import { learningRateAt, warmupSteps } from '../../../src/core/train/schedule.js';

describe('settings without effect', () => {
  const usual = { window: 512, hasMlmHead: false, hasOwnSplit: false };
  const unused = (
    objective: 'mlm' | 'declutr' | 'note-category',
    given: object,
    facts: Partial<RunFacts> = {},
  ) => unusedSettings({ ...given }, parseTrainingConfig(given), { objective, ...usual, ...facts });

  it('names those that were given and that this run does not read', () => {
    expect(unused('mlm', { learningRate: 1e-4, temperature: 0.1 })).toBe(
      'The setting temperature changes nothing in this run: the objective, the model, the corpus or another setting decides.',
    );
    expect(unused('note-category', { batchDocuments: 8, categoryTemperature: 0.2 })).toContain(
      'settings batchDocuments and categoryTemperature change nothing',
    );
    expect(unused('declutr', { maxSteps: 4, epochs: 2, batchSequences: 4 })).toContain(
      'batchSequences and epochs',
    );
    const lossWeights = { mlm: 0 };
    expect(unused('declutr', { lossWeights, wholeWordMasking: true })).toContain(
      'setting wholeWordMasking changes',
    );
    expect(
      unused('declutr', { lossWeights: { ntXent: 0 }, positivesPerAnchor: 3, temperature: 0.1 }),
    ).toContain('positivesPerAnchor and temperature');
    const plain = { lossWeights: { category: 0 }, categoryLoss: 'sup-con', batchSequences: 4 };
    expect(unused('note-category', { ...plain, categoryWeights: 'balanced' })).toContain(
      'settings categoryLoss and categoryWeights change',
    );
    expect(unused('mlm', { lora: { rank: 2 }, freezeEmbeddings: true })).toContain(
      'setting freezeEmbeddings changes',
    );
  });

  it('knows the model and the corpus', () => {
    const given = { maxLength: 600, headWarmupSteps: 9, heldOutFraction: 0.2 };
    expect(unused('mlm', given)).toContain('setting maxLength changes');
    expect(unused('mlm', given, { window: 1024 })).toBeNull();
    expect(unused('mlm', given, { window: 1024, hasMlmHead: true })).toContain('headWarmupSteps');
    expect(unused('mlm', given, { window: 1024, hasOwnSplit: true })).toContain('heldOutFraction');
  });

  it('says nothing of what counts, and of defaults', () => {
    expect(unused('declutr', { temperature: 0.1, batchDocuments: 8 })).toBeNull();
    const supCon = { categoryLoss: 'sup-con', categoryTemperature: 0.2, batchDocuments: 8 };
    expect(unused('note-category', supCon)).toBeNull();
    expect(unused('mlm', {})).toBeNull();
  });
});

describe('settings of objectives', () => {
  it('completes low-rank adaptation, and refuses what it does not know', () => {
    expect(parseTrainingConfig({ lora: { rank: 4 } }).lora).toEqual({
      rank: 4,
      alpha: 16,
      dropout: 0.05,
      modules: ['query', 'value'],
    });
    for (const lora of [{ ranks: 4 }, { modules: [] }, { modules: ['query', 'query'] }, 4]) {
      expect(() => parseTrainingConfig({ lora })).toThrow('"lora" must be an object with "rank"');
    }
  });

  it.each([
    [{ lossWeights: { mlm: -1 } }, '"lossWeights" must be an object with some of "mlm"'],
    [{ lossWeights: { contrast: 1 } }, '"lossWeights"'],
    [{ samplingStrategy: 'near' }, '"samplingStrategy" must be "any", "adjacent" or "subsuming"'],
    [{ wholeWordMasking: 1 }, '"wholeWordMasking" must be true or false'],
    [{ earlyStoppingPatience: 2 }, 'needs "evalSteps" too'],
    [{ batchDocuments: 1 }, '"batchDocuments" must be a whole number of at least 2'],
  ])('refuses %j in one sentence', (config, sentence) => {
    expect(() => parseTrainingConfig(config)).toThrow(sentence);
  });

  it('are in the schema that editors complete from, with defaults it accepts, and in the guide', () => {
    const { properties } = trainingConfigSchema() as {
      properties: Record<string, { description: string; default: unknown }>;
    };
    const names = Object.keys(trainingDefaults);
    expect(Object.keys(properties)).toEqual(names);
    const guide = readFileSync(new URL('../../../docs/guide/train.md', import.meta.url), 'utf8');
    for (const name of names) {
      expect(properties[name]!.description).toMatch(/\.$/);
      expect(
        parseTrainingConfig({ evalSteps: 1, [name]: properties[name]!.default }),
      ).toBeDefined();
      expect(guide, name).toContain(`\`${name}\``);
    }
  });
});

/** Of objectives and losses, and those of a run, by the names of both. */
const declared = [
  ...objectiveNames.map((name) => [name, objectives[name].settings] as const),
  ...lossNames.map((name) => [name, losses[name].settings] as const),
  ['a run', trainingSettings] as const,
].flatMap(([owner, settings]) =>
  Object.entries<Setting>(settings).map(([name, setting]) => [owner, name, setting] as const),
);

/** Values that a setting cannot have. */
function refused(setting: Setting): unknown[] {
  const others = setting.orNull === true ? ['text', {}] : ['text', {}, null];
  switch (setting.kind) {
    case 'number':
      return [...others, setting.from - 1, setting.to + 1, NaN];
    case 'count':
      return [...others, setting.from - 1, setting.from + 0.5, 2 ** 60];
    case 'flag':
      return [...others, 1];
    case 'choice':
      return [...others, ...setting.choices.map((choice) => `${choice}s`)];
  }
}

/** Values at the ends of what a setting may be. */
function allowed(setting: Setting): unknown[] {
  const others = setting.orNull === true ? [null] : [];
  switch (setting.kind) {
    case 'number':
      return [...others, setting.from, setting.to];
    case 'count':
      return [...others, setting.from, setting.from + 1e6];
    case 'flag':
      return [...others, true, false];
    case 'choice':
      return [...others, ...setting.choices];
  }
}

/** What the JSON Schema says of the values of a setting, except its description and initial value. */
function rulesOf(setting: Setting): object {
  switch (setting.kind) {
    case 'number':
      return { type: 'number', minimum: setting.from, maximum: setting.to };
    case 'count':
      return { type: 'integer', minimum: setting.from };
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: setting.choices };
  }
}

describe('settings of the catalogue', () => {
  const { properties } = trainingConfigSchema() as { properties: Record<string, object> };

  it('are all there are, each declared once, beside three of other kinds', () => {
    const settings = new Map(declared.map(([, name, setting]) => [name, setting]));
    // Objectives may share one.
    for (const [, name, setting] of declared) expect(setting, name).toBe(settings.get(name));
    expect([...settings.keys(), 'lora', 'lossWeights', 'mergeWithBase'].sort()).toEqual(
      Object.keys(trainingDefaults).sort(),
    );
  });

  it.each(['auto', 0.01, 0.5, 1, null])('of a merge: %s', (mergeWithBase) => {
    expect(parseTrainingConfig({ mergeWithBase }).mergeWithBase).toBe(mergeWithBase);
  });

  it.each(['half', 0, 1.01, -1, true, {}])('of a merge, not %s', (mergeWithBase) => {
    expect(() => parseTrainingConfig({ mergeWithBase })).toThrow(
      '"mergeWithBase" must be "auto", a number between 0.01 and 1, or null',
    );
  });

  it.each(declared)('of %s: %s', (_owner, name, setting) => {
    // Early stopping needs measurements.
    const config = (value: unknown) => parseTrainingConfig({ evalSteps: 1, [name]: value });
    const valueOf = (value: unknown) => (config(value) as unknown as Record<string, unknown>)[name];
    expect(trainingDefaults).toHaveProperty(name, setting.initial);
    for (const value of [setting.initial, ...allowed(setting)]) expect(valueOf(value)).toBe(value);
    for (const value of refused(setting)) {
      expect(() => config(value), String(value)).toThrow(`"${name}" must be `);
    }
    const { description, initial, orNull } = setting;
    const rules = rulesOf(setting);
    expect(properties[name]).toEqual({
      description,
      default: initial,
      ...(orNull === true ? { anyOf: [rules, { type: 'null' }] } : rules),
    });
  });
});

describe('parseTrainingConfig', () => {
  it('completes overrides with the defaults', () => {
    expect(parseTrainingConfig({})).toEqual(trainingDefaults);
    expect(parseTrainingConfig({ learningRate: 5e-4, maxSteps: 7 })).toEqual({
      ...trainingDefaults,
      learningRate: 5e-4,
      maxSteps: 7,
    });
  });

  it('has defaults that it accepts itself', () => {
    expect(parseTrainingConfig({ ...trainingDefaults })).toEqual(trainingDefaults);
  });

  it.each([
    [{ lr: 1e-4 }, 'no "lr"'],
    [{ learningRate: '1e-4' }, '"learningRate" must be a number between 1e-9 and 1'],
    [{ learningRate: Number.NaN }, '"learningRate"'],
    [{ learningRate: 0 }, '"learningRate"'],
    [{ maxSteps: 1.5 }, '"maxSteps" must be a whole number of at least 1, or null'],
    [{ mlmProbability: 1 }, '"mlmProbability"'],
    [{ learningRateSchedule: 'step' }, '"linear", "cosine" or "constant"'],
    [{ toString: 1 }, 'no "toString"'],
    [[], 'must be a JSON object'],
    [null, 'must be a JSON object'],
  ])('refuses %j in one sentence', (value, sentence) => {
    expect(() => parseTrainingConfig(value)).toThrow(sentence);
  });
});

describe('learningRateAt', () => {
  const config = parseTrainingConfig({ learningRate: 0.1, warmupSteps: 4 });
  const rates = (schedule: string) =>
    Array.from({ length: 12 }, (_, i) =>
      learningRateAt({ ...config, learningRateSchedule: schedule } as typeof config, i + 1, 12),
    );

  it('rises over the warm-up and falls in a line', () => {
    const linear = rates('linear');
    const expected = [1, 2, 3, 4, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5].map((x) => x / 40);
    linear.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 12));
  });

  it('falls as a cosine', () => {
    const cosine = rates('cosine');
    expect(cosine[4]).toBeCloseTo(0.1, 12);
    expect(cosine[8]).toBeCloseTo(0.05, 12);
    expect(cosine[11]).toBeGreaterThan(0);
    expect(cosine[11]).toBeLessThan(cosine[10]!);
  });

  it('stays constant', () => {
    expect(rates('constant').slice(3)).toEqual(Array(9).fill(0.1));
  });

  it('takes the warm-up from the ratio unless steps are given', () => {
    const ratio = parseTrainingConfig({ warmupRatio: 0.1 });
    expect(warmupSteps(ratio, 55)).toBe(6);
    expect(warmupSteps(config, 55)).toBe(4);
  });

  it('works without a warm-up and with one longer than the run', () => {
    const none = parseTrainingConfig({ learningRate: 1, warmupSteps: 0 });
    expect(learningRateAt(none, 1, 2)).toBe(1);
    const long = parseTrainingConfig({ learningRate: 1, warmupSteps: 100 });
    expect(learningRateAt(long, 1, 2)).toBe(0.5);
  });
});
