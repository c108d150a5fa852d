import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../../src/core/base/errors.js';
import { cpu } from '../../../../src/core/backend/cpu/cpu.js';
import { fineTune } from '../../../../src/core/evaluate/fineTuning/fineTune.js';
import type { FineTuneOptions } from '../../../../src/core/evaluate/fineTuning/options.js';
import { predict } from '../../../../src/core/evaluate/fineTuning/predict.js';
import type { FineTuningSettings } from '../../../../src/core/evaluate/fineTuning/settings.js';
import { toyConfig, toyDocuments, toyParameters, toyTokenizer } from '../../train/toyCorpus.js';

/** The topic of a note, which its words give away, is its class. */
function topics(count: number, name: string) {
  const texts = toyDocuments(count, 12, name).map(({ text }) => text);
  return { texts, actual: Int32Array.from(texts, (_, i) => i % 2) };
}

const train = topics(40, 'train');
const validation = topics(12, 'validation');
const test = topics(20, 'test');

/** Share of the documents whose likeliest class is the right one. */
function accuracy(probabilities: Float64Array, actual: ArrayLike<number>): number {
  const classes = probabilities.length / actual.length;
  const right = Array.from(actual).filter((k, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row)) === k;
  });
  return right.length / actual.length;
}

const quick: Partial<FineTuningSettings> = {
  learningRate: 3e-3,
  headLearningRate: null,
  batchDocuments: 16,
  maxSteps: 40,
  evalSteps: 5,
  earlyStoppingPatience: 2,
};

function options(
  settings: Partial<FineTuningSettings> = {},
  overrides: Partial<FineTuneOptions> = {},
): FineTuneOptions {
  return {
    model: { config: toyConfig, parameters: toyParameters() },
    tokenizer: toyTokenizer,
    labels: 'one',
    classes: 2,
    train,
    validation,
    test: test.texts,
    settings: { ...quick, ...settings },
    seed: 5,
    backend: cpu,
    threads: 1,
    now: () => 0,
    ...overrides,
  };
}

describe('fineTune', () => {
  it('learns what can be told apart, stops early and uses the best weights', async () => {
    // From the third score on, all are worse: training stops two later.
    let scores = 0;
    const seen: Float64Array[] = [];
    const found = await fineTune(
      options(
        {},
        {
          score: (probabilities) => {
            seen.push(probabilities);
            return scores++ === 2 ? 1 : 0;
          },
        },
      ),
    );
    expect(accuracy(found.probabilities, test.actual)).toBe(1);
    expect(found.curve.map(({ step, score }) => [step, score])).toEqual([
      [5, 0],
      [10, 0],
      [15, 1],
      [20, 0],
      [25, 0],
    ]);
    expect(found).toMatchObject({ steps: 25, stoppedEarly: true, best: { step: 15, score: 1 } });
    // 40 documents in steps of about 16 are 3 to an epoch.
    expect(found.epochs).toBeCloseTo(25 / 3, 12);
    const again = await predict(found.model, validation.texts, { backend: cpu, threads: 1 });
    const worst = again.probabilities.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - seen[2]![i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
    expect(again.probabilities).not.toEqual(seen.at(-1));
  });

  it('scores by macro-F1 over the classes that the validation notes have', async () => {
    const seen: Float64Array[] = [];
    const actual = Int32Array.from(validation.actual, (k) => 2 * k);
    const given = { validation: { ...validation, actual }, classes: 3, train: topics(6, 'few') };
    const short = { maxSteps: 2, evalSteps: 1 };
    const score = (probabilities: Float64Array) => {
      seen.push(probabilities);
      return 0;
    };
    await fineTune(options(short, { ...given, score }));
    const found = await fineTune(options(short, given));
    const scores = seen.map((probabilities) => {
      const likeliest = Array.from(actual, (_, i) => {
        const row = probabilities.subarray(3 * i, 3 * i + 3);
        return row.indexOf(Math.max(...row));
      });
      const f1 = [0, 2].map((k) => {
        const both = likeliest.filter((each, i) => each === k && actual[i] === k).length;
        const either = [...likeliest, ...actual].filter((each) => each === k).length;
        return (2 * both) / either;
      });
      return (f1[0]! + f1[1]!) / 2;
    });
    expect(found.curve.map((each) => each.score)).toEqual(scores);
  });

  it('lets the loss decide between equal scores', async () => {
    const found = await fineTune(options({}, { score: () => 0.5 }));
    const losses = found.curve.map(({ loss }) => loss);
    expect(found.best.loss).toBe(Math.min(...losses));
    expect(found.steps).toBeGreaterThan(15);
  });

  it('is the same for a seed and another for another', async () => {
    const short = { maxSteps: 6 };
    const one = await fineTune(options(short));
    expect(await fineTune(options(short))).toEqual(one);
    const other = await fineTune(options(short, { seed: 6 }));
    expect(other.probabilities).not.toEqual(one.probabilities);
  });

  it('takes fewer labels than a batch, and classes missing from any part', async () => {
    const few = topics(6, 'few');
    const onlyFirst = { texts: validation.texts.slice(0, 1), actual: Int32Array.of(0) };
    const found = await fineTune(
      options(
        {
          classWeights: 'balanced',
          batchDocuments: 32,
          evalSteps: null,
          maxSteps: null,
          epochs: 12,
        },
        { train: few, validation: onlyFirst, classes: 4 },
      ),
    );
    // An epoch is a step: ten of them are between scores.
    expect(found.curve.map(({ step }) => step)).toEqual([10, 12]);
    expect(found.epochs).toBe(12);
    expect(found.probabilities).toHaveLength(20 * 4);
    for (let i = 0; i < 20; i++) {
      const row = found.probabilities.subarray(4 * i, 4 * i + 4);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it.each(['equal', 'balanced'] as const)('learns several labels, weighed %s', async (weights) => {
    // The topic, whether the note is of the other, and one that no note has.
    const several = ({ texts, actual }: typeof train) => ({
      texts,
      actual: Uint8Array.from(Array.from(actual).flatMap((k) => [k, 1 - k, 0])),
    });
    const right = (probabilities: Float64Array, actual: Uint8Array) =>
      actual.every((value, i) => probabilities[i]! > 0.5 === (value === 1));
    const held = several(validation);
    const found = await fineTune(
      options(
        { classWeights: weights, maxSteps: 30 },
        {
          labels: 'several',
          classes: 3,
          train: several(train),
          validation: held,
        },
      ),
    );
    expect(right(found.probabilities, several(test).actual)).toBe(true);
  });

  it('trains only what is asked for, and says how much', async () => {
    const model = { config: toyConfig, parameters: toyParameters() };
    const before = toyParameters();
    const head = 2 * toyConfig.hiddenSize + 2;
    const moved = ({ model: { parameters } }: Awaited<ReturnType<typeof fineTune>>) =>
      [...before].flatMap(([name, values]) => {
        const after = parameters.get(name);
        return after?.some((value, i) => value !== values[i]) === true ? [name] : [];
      });
    const frozen = await fineTune(
      options({ freezeEmbeddings: true, frozenLayers: 2, maxSteps: 3 }, { model }),
    );
    expect(frozen.trainableParameters).toBe(head);
    expect(moved(frozen)).toEqual([]);
    const lora = { rank: 2, alpha: 4, dropout: 0, modules: ['query', 'value'] as const };
    const adapted = await fineTune(options({ lora, headLearningRate: 1e-2 }, { model }));
    expect(adapted.trainableParameters).toBe(head + 2 * 2 * 2 * 2 * toyConfig.hiddenSize);
    expect(moved(adapted)).toEqual([]);
    expect(accuracy(adapted.probabilities, test.actual)).toBeGreaterThan(0.9);
    const whole = await fineTune(options({ maxSteps: 3 }, { model }));
    expect(moved(whole).length).toBeGreaterThan(20);
    expect(
      [...before].every(([name, values]) =>
        model.parameters.get(name)!.every((v, i) => v === values[i]),
      ),
    ).toBe(true);
  });

  it('reads the first tokens of long notes and counts them, and takes notes without tokens', async () => {
    const texts = [toyDocuments(1, 30, 'long')[0]!.text, ''];
    const found = await fineTune(options({ maxLength: 14, maxSteps: 2 }, { test: texts }));
    // The other notes have 12 tokens, and 2 special ones.
    expect(found.cut).toEqual({ train: 0, validation: 0, test: 1 });
    const start = texts[0]!.split(' ').slice(0, 12).join(' ');
    const short = await predict(found.model, [start, ''], { backend: cpu, threads: 1 });
    expect(short.cut).toBe(0);
    expect(short.probabilities).toEqual(found.probabilities);
    const none = await predict(found.model, [], { backend: cpu, threads: 1 });
    expect(none.probabilities).toHaveLength(0);
  });

  it('measures seconds and memory by what it is given', async () => {
    let time = 0;
    let bytes = 0;
    const peaks = [4, 9, 2];
    const found = await fineTune(
      options(
        { maxSteps: 2 },
        { now: () => (time += 3000), residentBytes: () => peaks[bytes++ % 3]! },
      ),
    );
    expect(found).toMatchObject({ seconds: 3, peakMemoryBytes: 9 });
  });

  it('stops when cancelled, while it trains and while it predicts', async () => {
    const controller = new AbortController();
    const cancelled = fineTune(
      options(
        {},
        {
          signal: controller.signal,
          onProgress: ({ done }) => {
            if (done === 2) controller.abort();
          },
        },
      ),
    );
    await expect(cancelled).rejects.toThrow(Cancelled);
    const { model } = await fineTune(options({ maxSteps: 1 }));
    const signal = AbortSignal.abort();
    await expect(predict(model, test.texts, { backend: cpu, threads: 1, signal })).rejects.toThrow(
      Cancelled,
    );
  });

  it('refuses what cannot be trained in one sentence', async () => {
    const nothing = { texts: [], actual: new Int32Array() };
    await expect(fineTune(options({}, { train: nothing }))).rejects.toThrow('add notes');
    await expect(fineTune(options({}, { validation: nothing }))).rejects.toThrow('validation');
    const model = { config: toyConfig, parameters: toyParameters(), poolings: ['max'] as const };
    await expect(fineTune(options({}, { model }))).rejects.toThrow('cannot be fine-tuned');
    await expect(fineTune(options({}, { availableMemoryBytes: 1e6 }))).rejects.toThrow('of memory');
    await expect(fineTune(options({ learningRate: 1e30 }))).rejects.toThrow(
      'lower the learning rate',
    );
  });
});
