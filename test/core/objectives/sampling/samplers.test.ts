/** What samplers read of the documents, which tokens that are different everywhere show. */
import { describe, expect, it } from 'vitest';
import { objectives } from '../../../../src/core/objectives/registry.js';
import { predictedPlaces } from '../../../../src/core/objectives/sampling/sampler.js';
import type { Example, SamplerSetup } from '../../../../src/core/objectives/sampling/sampler.js';
import { parseTrainingConfig } from '../../../../src/core/train/config.js';
import { maskingSettings } from '../../../../src/core/train/samplers.js';
import type { ObjectiveName } from '../../../../src/protocol/catalogue/objectives.js';
import { toyConfig, toyTokenizer } from '../../train/toyCorpus.js';

const stride = 1000;
/** Documents of 1 to 147 tokens; the token of document d at place i is stride * (d + 1) + i. */
const documents = Array.from({ length: 43 }, (_, d) => ({
  ids: Int32Array.from({ length: 1 + ((d * 37) % 147) }, (_, i) => stride * (d + 1) + i),
  category: d % 9 === 8 ? null : `category ${d % 3}`,
}));
const vocabularySize = stride * (documents.length + 1);
const { special, specialIds } = toyTokenizer;

function samplerOf(name: ObjectiveName, training: object) {
  const settings = parseTrainingConfig({ batchDocuments: 8, batchTokens: 512, ...training });
  const names = [...new Set(documents.map(({ category }) => category))];
  const categories = names.flatMap((category) =>
    category === null
      ? []
      : [{ name: category, documents: documents.filter((d) => d.category === category).length }],
  );
  const setup: SamplerSetup = {
    documents,
    batches: settings,
    // Every third token begins a word.
    masking: maskingSettings(
      { ...toyConfig, vocabularySize },
      { ...toyTokenizer, isWordStart: (id) => id % 3 === 0 },
      settings,
    ),
    isWordStart: (id) => id % 3 === 0,
    special,
    maxLength: 64,
    microBatchTokens: 256,
    seed: 3,
  };
  return objectives[name]({ config: toyConfig, settings, categories }).createSampler(setup);
}

/** What stood in the sequence before it was masked, without special tokens. */
function text({ inputIds, targets: { mlm } }: Example): number[] {
  const ids = inputIds.slice();
  mlm?.positions?.forEach((position, i) => (ids[position] = mlm.labels[i]!));
  expect(ids[0]).toBe(special.cls);
  expect(ids.at(-1)).toBe(special.sep);
  return [...ids.slice(1, -1)];
}

/** The ids that stood where something is predicted. */
function predictedIds({ targets: { mlm } }: Example): number[] {
  expect(mlm?.positions?.length).toBe(mlm?.labels.length);
  return [...(mlm?.labels ?? [])];
}

function expectOnePiece(ids: readonly number[]): { document: number; start: number; end: number } {
  const document = Math.floor(ids[0]! / stride) - 1;
  const start = ids[0]! % stride;
  expect(ids).toEqual([...documents[document]!.ids.slice(start, start + ids.length)]);
  return { document, start, end: start + ids.length };
}

function epochOf(name: ObjectiveName, training: object, epoch = 0): Example[][] {
  const sampler = samplerOf(name, training);
  return Array.from({ length: sampler.stepsPerEpoch }, (_, i) => {
    const { microBatches } = sampler.step(epoch * sampler.stepsPerEpoch + i);
    for (const { shape, rows } of microBatches) {
      const { batchSize, sequenceLength, sequencesPerRow, predictions } = sampler.shapes[shape]!;
      expect(rows.length).toBeLessThanOrEqual(batchSize);
      for (const row of rows) {
        expect(row.length).toBeLessThanOrEqual(sequencesPerRow);
        const tokens = row.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
        expect(tokens).toBeLessThanOrEqual(sequenceLength);
        const written = row.reduce(
          (sum, { targets }) => sum + (targets.denoising?.labels.length ?? 0),
          0,
        );
        expect(written).toBeLessThanOrEqual(sequenceLength);
      }
      const predicted = rows.flat().reduce((sum, example) => sum + predictedPlaces(example), 0);
      expect(predicted).toBeLessThanOrEqual(predictions);
    }
    return microBatches.flatMap(({ rows }) => rows.flat());
  });
}

const everyToken = documents.flatMap(({ ids }) => [...ids]);
const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

describe.each([
  ['mlm', {}],
  ['mlm', { batchSequences: 5 }],
  ['mlm', { wholeWordMasking: true }],
  ['note-category', {}],
  ['note-category', { categoryLoss: 'sup-con' }],
] as const)('windows of %s %j', (name, training) => {
  it.each([0, 1])('hold every token once in epoch %i, each window a piece of a note', (epoch) => {
    const windows = epochOf(name, training, epoch).flat().map(text);
    windows.forEach(expectOnePiece);
    expect(ascending(windows.flat())).toEqual(ascending(everyToken));
  });

  it('predict about 15 %, one token at least, and no special ones', () => {
    const examples = epochOf(name, training).flat();
    const predicted = examples.flatMap(predictedIds);
    for (const example of examples) expect(predictedIds(example).length).toBeGreaterThan(0);
    expect(predicted.filter((id) => specialIds.has(id))).toEqual([]);
    expect(predicted.length / everyToken.length).toBeGreaterThan(0.1);
    expect(predicted.length / everyToken.length).toBeLessThan(0.2);
  });
});

describe.each([{}, { batchSequences: 5 }, { deletionRatio: 0.2 }])('tsdae %j', (training) => {
  const { deletionRatio } = parseTrainingConfig(training);
  const examples = epochOf('tsdae', training).flat();
  const originals = examples.map(({ targets: { denoising } }) => {
    expect(denoising!.labels.at(-1)).toBe(special.sep);
    return [...denoising!.labels.slice(0, -1)];
  });

  it('is to write every token once an epoch, each window a piece of a note', () => {
    originals.forEach(expectOnePiece);
    expect(ascending(originals.flat())).toEqual(ascending(everyToken));
  });

  it('reads whole words of the window in their order, one at least', () => {
    examples.forEach(({ inputIds }, i) => {
      const left = text({ inputIds, row: -1, targets: {} });
      expect(left.length).toBeGreaterThan(0);
      expect(originals[i]!.filter((id) => left.includes(id))).toEqual(left);
      // A word that does not begin with the window keeps its three tokens or none.
      const isLeft = new Set(left);
      const starts = originals[i]!.filter((id) => id % 3 === 0 && id !== originals[i]![0]);
      for (const id of starts.filter((start) => originals[i]!.includes(start + 2))) {
        expect([id + 1, id + 2].map((other) => isLeft.has(other))).toEqual(
          Array.from({ length: 2 }, () => isLeft.has(id)),
        );
      }
    });
  });

  it('deletes the share that is set, others in every epoch', () => {
    const left = examples.reduce((sum, { inputIds }) => sum + inputIds.length - 2, 0);
    expect(left / everyToken.length).toBeGreaterThan(1 - deletionRatio - 0.05);
    expect(left / everyToken.length).toBeLessThan(1 - deletionRatio + 0.05);
    const next = epochOf('tsdae', training, 1).flat();
    const keyOf = ({ inputIds }: Example): string => inputIds.join();
    const seen = new Set(examples.map(keyOf));
    expect(next.filter((example) => seen.has(keyOf(example))).length).toBeLessThan(10);
  });
});

describe('wholeWordMasking', () => {
  const words = (training: object): boolean[] =>
    epochOf('mlm', training)
      .flat()
      .flatMap((example) => {
        const ids = text(example);
        const predicted = new Set(predictedIds(example));
        // Words that lie whole within the window.
        return ids.flatMap((id, i) =>
          id % 3 === 0 && i + 3 <= ids.length && predicted.size >= 3 && predicted.has(id)
            ? [predicted.has(id + 1) && predicted.has(id + 2)]
            : [],
        );
      });

  it('predicts the tokens of a word together, and only then', () => {
    expect(words({ wholeWordMasking: true }).every((whole) => whole)).toBe(true);
    expect(words({}).every((whole) => whole)).toBe(false);
  });
});

describe.each([
  { lossWeights: { mlm: 0 } },
  { positivesPerAnchor: 1, samplingStrategy: 'adjacent' },
  { anchorsPerDocument: 3, positivesPerAnchor: 2, shortestSpan: 8, samplingStrategy: 'subsuming' },
])('spans of declutr %j', (training) => {
  const settings = parseTrainingConfig(training);
  const { positivesPerAnchor, anchorsPerDocument } = settings;

  it('are of every note once an epoch, the positives of an anchor near it in its note', () => {
    const seen: number[] = [];
    const sampler = samplerOf('declutr', training);
    for (const examples of epochOf('declutr', training)) {
      const byRow = new Map(
        examples.map((example) => [example.row, expectOnePiece(text(example))]),
      );
      expect(byRow.size).toBe(examples.length);
      const anchors = ascending([...byRow.keys()].filter((row) => row < sampler.stepCapacity));
      expect(anchors).toEqual(anchors.map((_, i) => i));
      expect(examples.length).toBe(anchors.length * (1 + positivesPerAnchor));
      const ofStep = new Map<number, number>();
      for (const row of anchors) {
        const anchor = byRow.get(row)!;
        ofStep.set(anchor.document, (ofStep.get(anchor.document) ?? 0) + 1);
        for (let p = 0; p < positivesPerAnchor; p++) {
          const positive = byRow.get(sampler.stepCapacity + row * positivesPerAnchor + p)!;
          expect(positive.document).toBe(anchor.document);
          // Overlapping, adjacent or inside.
          expect(positive.start).toBeLessThanOrEqual(anchor.end);
          expect(positive.end).toBeGreaterThanOrEqual(anchor.start);
        }
      }
      for (const [document, count] of ofStep) {
        expect(count).toBeLessThanOrEqual(anchorsPerDocument);
        seen.push(document);
      }
    }
    expect(ascending(seen)).toEqual(documents.map((_, d) => d));
  });

  it('predict in anchors alone', () => {
    const sampler = samplerOf('declutr', training);
    const predicts = settings.lossWeights?.mlm !== 0;
    for (const example of epochOf('declutr', training).flat()) {
      const isAnchor = example.row < sampler.stepCapacity;
      expect(predictedIds(example).length > 0).toBe(predicts && isAnchor);
    }
  });
});

describe('supervised contrast', () => {
  it('makes room for no more than there is to compare', () => {
    const { stepCapacity } = samplerOf('note-category', {
      categoryLoss: 'sup-con',
      batchDocuments: 8000,
    });
    const windows = documents.reduce((sum, { ids }) => sum + Math.ceil(ids.length / 62), 0);
    expect(stepCapacity).toBe(windows);
  });
});

describe('declutr without comparison', () => {
  it('draws no positives', () => {
    const examples = epochOf('declutr', { lossWeights: { ntXent: 0 } }).flat();
    for (const example of examples) expect(predictedIds(example).length).toBeGreaterThan(0);
  });
});
