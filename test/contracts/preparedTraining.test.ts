/** What every device that trains keeps to. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/core/backend/cpu/cpu.js';
import { plain } from '../../src/core/backend/plain/plain.js';
import type { PreparedTraining, StepOutcome, StepWork } from '../../src/core/backend/backend.js';
import { elementsOf, stateRegions } from '../../src/core/backend/state.js';
import { Cancelled } from '../../src/core/base/errors.js';
import type { SampledStep } from '../../src/core/objectives/sampling/sampler.js';
import { prepareRun } from '../../src/core/train/trainingRun.js';
import type { TrainingRun } from '../../src/core/train/trainingRun.js';
import { toyDocuments } from '../core/train/toyCorpus.js';
import { labelled, toyRun } from '../core/train/toyRun.js';

const trainDocuments = labelled(toyDocuments(48, null, 'prepared'));
const checkpointFolder = join(tmpdir(), 'notespace-prepared');
const learningRate = 3e-3;

/** One whose step loss takes a pass more, and one that decodes. */
const objectives = [
  { objective: 'note-category', settings: { categoryLoss: 'sup-con' }, passes: 2 },
  { objective: 'tsdae', settings: { gradientAccumulationSteps: 4 }, passes: 1 },
] as const;

describe.each(
  Object.entries({ cpu, plain }).flatMap(([device, backend]) =>
    objectives.map((one) => ({ device, backend, ...one })),
  ),
)('training $objective on $device', ({ backend, objective, settings, passes }) => {
  async function withRun<T>(use: (run: TrainingRun) => Promise<T>): Promise<T> {
    const training = { ...settings, batchDocuments: 8, batchTokens: 128 };
    const overrides = { backend, trainDocuments, checkpointFolder };
    const frozen = { ...training, frozenLayers: 1 };
    const run = await prepareRun(toyRun(objective, frozen, overrides));
    try {
      expect(run.sampler.step(0).microBatches.length).toBeGreaterThan(1);
      return await use(run);
    } finally {
      await run.prepared.release();
    }
  }

  /** Steps from one number up to another. */
  const worksOf = ({ sampler }: TrainingRun, from: number, to: number): StepWork[] =>
    Array.from({ length: to - from }, (_, i) => {
      const step = from + i;
      return { step, sampled: sampler.step(step), learningRate };
    });

  /** As a checkpoint would hold it. */
  const stateOf = (prepared: PreparedTraining): Promise<Float32Array[]> =>
    prepared.readState((sections) => Promise.resolve(sections.map((section) => section.slice())));

  const afterSteps = (count: number): Promise<Float32Array[]> =>
    withRun(async (run) => {
      for (const work of worksOf(run, 0, count)) await run.prepared.run([work], {});
      return stateOf(run.prepared);
    });

  it('lays its state out as every device does, and reads its parameters from there', () =>
    withRun(async ({ prepared, specs, isTrained, options }) => {
      const regions = stateRegions(specs.filter(isTrained));
      const before = await stateOf(prepared);
      expect(before.map(({ length }) => length)).toEqual(
        regions.flatMap(({ length }) => [length, length, length]),
      );
      const parameters = await prepared.readParameters();
      expect([...parameters.keys()].sort()).toEqual(specs.map(({ name }) => name).sort());
      regions.forEach(({ members }, region) => {
        for (const { spec, offset } of members) {
          const values = before[3 * region]!.subarray(offset, offset + elementsOf(spec));
          expect(isSame([parameters.get(spec.name)!], [values]), spec.name).toBe(true);
        }
        expect(before[3 * region + 1]!.every((value) => value === 0)).toBe(true);
        expect(before[3 * region + 2]!.every((value) => value === 0)).toBe(true);
      });
      const isFrozen = specs.filter((spec) => !isTrained(spec));
      expect(isFrozen.length).toBeGreaterThan(0);
      for (const { name } of isFrozen) {
        const given = options.parameters.get(name)!;
        expect(isSame([parameters.get(name)!], [given]), name).toBe(true);
      }
    }));

  it('takes steps one after the other, however many it is given at a time', async () => {
    const one = await afterSteps(3);
    await withRun(async (run) => {
      const outcomes = await run.prepared.run(worksOf(run, 0, 3), {});
      expect(outcomes).toHaveLength(3);
      expect(isSame(await stateOf(run.prepared), one)).toBe(true);
    });
  });

  it('goes on from a state that it is given', async () => {
    const [two, three] = [await afterSteps(2), await afterSteps(3)];
    await withRun(async (run) => {
      const { prepared } = run;
      const isTaken = await prepared.writeState((sections) => {
        sections.forEach((section, i) => {
          section.set(two[i]!);
        });
        return Promise.resolve(true);
      });
      expect(isTaken).toBe(true);
      await prepared.run(worksOf(run, 2, 3), {});
      expect(isSame(await stateOf(prepared), three)).toBe(true);
      expect(await prepared.writeState(() => Promise.resolve(false))).toBe(false);
    });
  });

  it('is as if a step had not begun where it is cancelled in its middle', async () => {
    const two = await afterSteps(2);
    await withRun(async (run) => {
      const { prepared, sampler } = run;
      await prepared.run(worksOf(run, 0, 1), {});
      const before = await stateOf(prepared);
      const controller = new AbortController();
      let gates = 0;
      const pauseGate = async (): Promise<void> => {
        await Promise.resolve();
        // Embeddings come first, then the gradients of each part.
        if (++gates === passes * sampler.step(1).microBatches.length) controller.abort();
      };
      const control = { signal: controller.signal, pauseGate };
      await expect(prepared.run(worksOf(run, 1, 2), control)).rejects.toThrow(Cancelled);
      expect(isSame(await stateOf(prepared), before)).toBe(true);
      await prepared.run(worksOf(run, 1, 2), {});
      expect(isSame(await stateOf(prepared), two)).toBe(true);
    });
  });

  it('stops at a step whose loss is not a number, which changes nothing', async () => {
    const [one, two] = [await afterSteps(1), await afterSteps(2)];
    await withRun(async (run) => {
      const { prepared } = run;
      const [first, second, third] = worksOf(run, 0, 3);
      const broken = { ...second!, sampled: withoutNumber(second!.sampled) };
      const outcomes: StepOutcome[] = await prepared.run([first!, broken, third!], {});
      expect(outcomes.map(({ loss }) => Number.isFinite(loss))).toEqual([true, false]);
      expect(isSame(await stateOf(prepared), one)).toBe(true);
      expect(await prepared.isSound()).toBe(true);
      await prepared.run([second!], {});
      expect(isSame(await stateOf(prepared), two)).toBe(true);
    });
  });

  it('knows weights that are not numbers', () =>
    withRun(async ({ prepared }) => {
      expect(await prepared.isSound()).toBe(true);
      await prepared.writeState((sections) => {
        sections[0]![0] = Number.NaN;
        return Promise.resolve(true);
      });
      expect(await prepared.isSound()).toBe(false);
    }));
});

/** Bit for bit; a difference would be printed number by number. */
function isSame(found: readonly Float32Array[], expected: readonly Float32Array[]): boolean {
  return (
    found.length === expected.length &&
    found.every((values, i) => {
      const others = expected[i]!;
      return (
        values.length === others.length && values.every((value, j) => Object.is(value, others[j]))
      );
    })
  );
}

/** The same step, with one target that counts without end. */
function withoutNumber(sampled: SampledStep): SampledStep {
  const microBatches = sampled.microBatches.map(({ shape, rows }, i) => ({
    shape,
    rows: rows.map((row) =>
      row.map((example) => {
        const [first] = Object.entries(example.targets);
        if (i > 0 || first === undefined) return example;
        const [loss, target] = first;
        return { ...example, targets: { [loss]: { ...target, weight: Infinity } } };
      }),
    ),
  }));
  return { ...sampled, microBatches };
}
