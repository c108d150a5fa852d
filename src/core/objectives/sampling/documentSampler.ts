/** Visits every sequence once per epoch, whole, in steps of so many documents; short ones share rows. */
import { dealDocuments } from './documentSteps.js';
import type { DocumentBatches } from './documentSteps.js';
import { createLayout, layOutStep, sampledGroups } from './layout.js';
import type {
  Example,
  MicroBatchShape,
  SampledStep,
  Sampler,
  SamplerSetup,
  Targets,
} from './sampler.js';
import { longestOf } from './windowSampler.js';

export interface DocumentSequences {
  /** Token ids of each document, special tokens included. */
  readonly sequences: readonly Int32Array[];
  /** What a document teaches, by its index; no tokens. */
  readonly targetsOf: (document: number) => Targets;
}

export type DocumentSetup = Pick<SamplerSetup, 'maxLength' | 'microBatchTokens' | 'seed'> & {
  readonly batches: DocumentBatches;
};

/** The sizes of the steps of an epoch differ by at most one document. */
export function documentSampler(
  { sequences, targetsOf }: DocumentSequences,
  setup: DocumentSetup,
): Sampler {
  const steps = dealDocuments(sequences.length, setup.batches, setup.seed);
  const sizes = sizesOf(sequences);
  const sampled = Array.from({ length: Math.min(sampledGroups, steps.perEpoch) }, (_, index) =>
    steps.of(index).members.map((document) => sizes[document]!),
  );
  const layout = createLayout(
    { groups: sampled, longest: longestOf(sizes), scale: steps.perEpoch / sampled.length },
    { ...setup, masking: null },
  );
  return {
    shapes: layout.shapes,
    stepsPerEpoch: steps.perEpoch,
    stepCapacity: 0,
    step(index) {
      const examples = steps.of(index).members.map((document): Example => ({
        inputIds: sequences[document]!,
        row: -1,
        targets: targetsOf(document),
      }));
      return { microBatches: layOutStep(layout, examples), stepInputs: {}, stepWeight: 0 };
    },
  };
}

/** Sequences to embed, in parts whose embeddings are in memory together. */
export interface SequenceParts {
  readonly shapes: readonly MicroBatchShape[];
  readonly parts: readonly {
    /** Index of the part's first sequence. */
    readonly start: number;
    readonly count: number;
    /** Each sequence's row is its place in the part. */
    readonly step: SampledStep;
  }[];
}

const sequencesPerPart = 4096;

/** Lays out each sequence, at least one, once, in an order that uses one graph after the other. */
export function layOutSequences(
  sequences: readonly Int32Array[],
  setup: Pick<SamplerSetup, 'maxLength' | 'microBatchTokens'>,
): SequenceParts {
  const sizes = sizesOf(sequences);
  const starts = Array.from(
    { length: Math.ceil(sequences.length / sequencesPerPart) },
    (_, part) => part * sequencesPerPart,
  );
  const sampled = sizes.slice(0, sequencesPerPart);
  const layout = createLayout(
    {
      groups: [sampled],
      longest: longestOf(sizes),
      scale: sizes.length / sampled.length,
    },
    { ...setup, masking: null },
  );
  return {
    shapes: layout.shapes,
    parts: starts.map((start) => {
      const examples = sequences
        .slice(start, start + sequencesPerPart)
        .map((inputIds, row): Example => ({ inputIds, row, targets: {} }));
      const microBatches = layOutStep(layout, examples);
      return {
        start,
        count: examples.length,
        step: { microBatches, stepInputs: {}, stepWeight: 0 },
      };
    }),
  };
}

function sizesOf(sequences: readonly Int32Array[]) {
  return sequences.map(({ length }) => ({ tokens: length, predicts: false }));
}
