/**
 * What every backend must do. The plain one is what others are held to: within a tolerance, since each
 * may round in its own order. What must be the same bit for bit is so on one backend alone.
 */
import { describe, expect, it, vi } from 'vitest';
import { layOutSequences } from '../../src/core/objectives/sampling/documentSampler.js';
import type {
  Backend,
  PreparedTraining,
  SequenceEmbedding,
} from '../../src/core/backend/backend.js';
import { cpu } from '../../src/core/backend/cpu/cpu.js';
import { distance, norm } from '../core/objectives/trainingHarness.js';
import { gradientsOfFirstStep } from '../core/backend/firstGradients.js';
import { plain } from '../../src/core/backend/plain/plain.js';
import { webgpu } from '../../src/core/backend/webgpu/webgpu.js';
import { findSwiftShader } from '../host/chromium.mjs';
import { skipOrFail } from '../host/skip.js';
import { cases, parametersOf, prepare, repeating, runSteps, workOf } from './backendWork.js';
import type * as lossCatalogue from '../../src/protocol/catalogue/losses.js';
import type { Case } from './backendWork.js';

vi.mock('../../src/protocol/catalogue/losses.js', async (original) => {
  const { losses, ...rest } = await original<typeof lossCatalogue>();
  const entry = { label: '', sentence: '', compares: false, needsMlmHead: false, settings: {} };
  return { ...rest, losses: { ...losses, 'made-up-number': entry, 'made-up-decoder': entry } };
});

// For WebGPU: a slow driver first compiles hundreds of kernels.
vi.setConfig({ testTimeout: 300_000 });

/** Before the first session: the driver is looked up then. */
const driver = findSwiftShader();
Object.assign(process.env, driver.environment);

const backends: Readonly<Record<string, Backend>> = {
  cpu,
  plain,
  ...(driver.missing === undefined ? { webgpu } : {}),
};

it('has a driver for WebGPU', (context) => {
  if (driver.missing !== undefined) skipOrFail(context, driver.missing);
});

/** norm(a - b) / norm(b), the larger of all tensors; those that hardly moved say nothing. */
function difference(
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
  start: ReadonlyMap<string, Float32Array>,
): number {
  let largest = 0;
  for (const [name, values] of a) {
    let [apart, moved] = [0, 0];
    values.forEach((value, i) => {
      apart += (value - b.get(name)![i]!) ** 2;
      moved += (b.get(name)![i]! - start.get(name)![i]!) ** 2;
    });
    // The key bias has a true gradient of 0: what moves it is rounding.
    if (moved > 0 && !name.includes('key.bias'))
      largest = Math.max(largest, Math.sqrt(apart / moved));
  }
  return largest;
}

async function withTraining<T>(
  training: Promise<PreparedTraining>,
  use: (training: PreparedTraining) => Promise<T>,
): Promise<T> {
  const prepared = await training;
  try {
    return await use(prepared);
  } finally {
    await prepared.release();
  }
}

/** SwiftShader takes a second for what takes the CPU a hundredth of that. */
const isSlow = (backend: Backend): boolean => backend.device === 'webgpu';

/** All cases, or the first alone where a case takes long. */
function affordable(backend: Backend, ...names: readonly string[]): Case[] {
  return names.slice(0, isSlow(backend) ? 1 : undefined).map(named);
}

const named = (name: string): Case => cases.find((one) => one.name === name)!;

describe.each(Object.entries(backends))('the backend %s', (_, backend) => {
  it.each(cases)('trains as the plain one does: $name', async (one) => {
    const prepared = await workOf(one);
    const steps = isSlow(backend) ? 2 : 3;
    const [expected, reference] = await withTraining(prepare(plain, prepared), async (training) => [
      await runSteps(training, prepared, 0, steps),
      await parametersOf(training),
    ]);
    await withTraining(prepare(backend, prepared), async (training) => {
      const outcomes = await runSteps(training, prepared, 0, steps);
      outcomes.forEach((outcome, i) => {
        expect(outcome.loss).toBeCloseTo(expected[i]!.loss, 4);
        expect(outcome.gradNorm / expected[i]!.gradNorm).toBeCloseTo(1, 3);
        expect(Object.keys(outcome.losses).sort()).toEqual(Object.keys(expected[i]!.losses).sort());
        expect(outcome.tokens).toBe(expected[i]!.tokens);
      });
      const trained = await parametersOf(training);
      expect([...trained.keys()].sort()).toEqual(
        prepared.work.specs.map(({ name }) => name).sort(),
      );
      expect(difference(trained, reference, prepared.parameters)).toBeLessThan(5e-3);
      const moved = prepared.work.specs.filter(({ name }) =>
        trained.get(name)!.some((value, i) => value !== prepared.parameters.get(name)![i]),
      );
      expect(moved.every(prepared.work.isTrained)).toBe(true);
      expect(moved.length).toBeGreaterThan(0);
    });
  });

  it.each(affordable(backend, 'DeCLUTR', 'a decoder'))(
    'gives the plain one’s gradient of every parameter, where all tokens are one word: $name',
    async (one) => {
      const prepared = repeating(await workOf(one));
      const { specs, isTrained, optimizer } = prepared.work;
      const trained = specs.filter(isTrained);
      const gradients = (which: Backend) =>
        withTraining(prepare(which, prepared), async (training) => {
          await runSteps(training, prepared, 0, 1);
          return gradientsOfFirstStep(training, trained, optimizer.beta1);
        });
      const [found, expected] = [await gradients(backend), await gradients(plain)];
      const globalNorm = Math.hypot(...[...expected.values()].map(norm));
      for (const [name, reference] of expected) {
        const apart = distance(found.get(name)!, reference);
        if (norm(reference) > 1e-7 * globalNorm && !name.includes('key.bias')) {
          expect(apart / norm(reference), name).toBeLessThan(1e-4);
        } else expect(apart, name).toBeLessThan(1e-6 * globalNorm);
      }
    },
  );

  it.each(affordable(backend, 'low-rank adaptation', 'DeCLUTR', 'categories', 'a decoder'))(
    'goes on from a state bit for bit: $name',
    async (one) => {
      const prepared = await workOf(one);
      const [sections, whole] = await withTraining(prepare(backend, prepared), async (training) => {
        await runSteps(training, prepared, 0, 2);
        const saved = await training.readState((parts) =>
          Promise.resolve(parts.map((part) => part.slice())),
        );
        await runSteps(training, prepared, 2, 4);
        return [saved, await parametersOf(training)];
      });
      await withTraining(prepare(backend, prepared), async (training) => {
        const took = await training.writeState((parts) => {
          parts.forEach((part, i) => {
            part.set(sections[i]!);
          });
          return Promise.resolve(true);
        });
        expect(took).toBe(true);
        await runSteps(training, prepared, 2, 4);
        expect(await parametersOf(training)).toEqual(whole);
      });
    },
  );

  it.each(affordable(backend, 'masked tokens', 'DeCLUTR', 'a decoder'))(
    'gives the same step however it is cut, dropout included: $name',
    async (one) => {
      const prepared = await workOf(one);
      const run = (split: number, cutTo: number) =>
        withTraining(prepare(backend, prepared, split), async (training) => {
          if (cutTo > split) await training.cut(cutTo);
          expect(training.split).toBe(cutTo);
          const outcomes = await runSteps(training, prepared, 0, 2);
          return { outcomes, trained: await parametersOf(training) };
        });
      const whole = await run(1, 1);
      for (const cut of [await run(2, 2), await run(1, 4)]) {
        expect(cut.outcomes[1]!.loss).toBeCloseTo(whole.outcomes[1]!.loss, 4);
        expect(difference(cut.trained, whole.trained, prepared.parameters)).toBeLessThan(5e-3);
      }
      // Cut by an earlier process or laid out so: every digit is the same.
      expect((await run(1, 2)).trained).toEqual((await run(2, 2)).trained);
    },
  );

  it('needs no more memory for finer cuts, until rows are single', async () => {
    const { work } = await workOf(named('masked tokens'));
    const layouts = [1, 2, 64].map((split) => backend.layOut(work, split));
    const needs = layouts.map(({ memory }) => memory.buffers + memory.largestSession);
    expect(needs[1]).toBeLessThanOrEqual(needs[0]!);
    expect(needs[2]).toBeLessThanOrEqual(needs[1]!);
    expect(layouts.map(({ isFinest }) => isFinest)).toEqual([false, false, true]);
    expect(layouts.every(({ memory }) => memory.state > 0)).toBe(true);
  });

  it.each(affordable(backend, 'masked tokens', 'low-rank adaptation'))(
    'embeds with the parameters as they are, whatever shares a row: $name',
    async (one) => {
      const { work, parameters, ...prepared } = await workOf(one);
      const width = work.config.hiddenSize;
      const sequences = prepared.sampler
        .step(0)
        .microBatches.flatMap(({ rows }) => rows.flat().map(({ inputIds }) => inputIds));
      const laidOut = layOutSequences(sequences, { maxLength: 40, microBatchTokens: 128 });
      const alone = layOutSequences(sequences, { maxLength: 40, microBatchTokens: 1 });
      const embed = async (embedding: SequenceEmbedding, { parts }: typeof laidOut) => {
        const embeddings = new Float32Array(sequences.length * width);
        let embedded = 0;
        await embedding.embed(parts[0]!.step, embeddings, {}, (count) => (embedded = count));
        await embedding.release();
        expect(embedded).toBe(sequences.length);
        return embeddings;
      };
      const training = prepare(backend, { work, parameters, ...prepared });
      await withTraining(training, async (each) => {
        const before = await embed(await each.embed(laidOut), laidOut);
        const single = await embed(await each.embed(alone), alone);
        expect(Math.max(...before.map((value, i) => Math.abs(value - single[i]!)))).toBeLessThan(
          1e-5,
        );
        await runSteps(each, { work, parameters, ...prepared }, 0, 2);
        const after = await embed(await each.embed(laidOut), laidOut);
        expect(after).not.toEqual(before);
        const given = { ...work, shapes: laidOut.shapes, parameters: await parametersOf(each) };
        expect(await embed(await backend.embed(given), laidOut)).toEqual(after);
      });
    },
  );

  it.each(affordable(backend, 'DeCLUTR', 'numbers, and a decoder of its own'))(
    'measures losses of the parameters as they are: $name',
    async (one) => {
      const prepared = await workOf(one);
      const { work, sampler } = prepared;
      const measure = async (training: PreparedTraining) => {
        const evaluation = await training.evaluate(work);
        let sequences = 0;
        const sums = await evaluation.measure(sampler.step(0), {}, (count) => (sequences = count));
        await evaluation.release();
        expect(sequences).toBe(
          sampler.step(0).microBatches.flatMap(({ rows }) => rows.flat()).length,
        );
        return sums;
      };
      await withTraining(prepare(backend, prepared), async (training) => {
        const before = await measure(training);
        expect(await measure(training)).toEqual(before);
        await runSteps(training, prepared, 0, isSlow(backend) ? 4 : 8);
        const after = await measure(training);
        const mean = (sums: typeof before): number =>
          Object.values(sums).reduce((sum, { loss, weight }) => sum + loss / weight, 0);
        expect(mean(after)).toBeLessThan(mean(before));
        const parameters = await parametersOf(training);
        const alone = await backend.evaluate({ ...work, parameters });
        expect(await alone.measure(sampler.step(0), {}, () => undefined)).toEqual(after);
        await alone.release();
      });
    },
  );
});
