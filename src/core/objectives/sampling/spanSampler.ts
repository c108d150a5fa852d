/**
 * Visits every document once per epoch, as spans that are compared with those of other documents in
 * the same step.
 */
import { createRandom } from '../../base/random.js';
import { dealDocuments } from './documentSteps.js';
import { layOutStep, createLayout, sampledGroups } from './layout.js';
import type { Example, SampledStep, Sampler, SamplerSetup } from './sampler.js';
import { planSpans, sampleSpans } from './spans.js';
import type { Span, SpanSettings } from './spans.js';
import { maskIds, unmasked } from './windowSampler.js';

export interface SpanSamplerOptions {
  /** Whether masked tokens of the anchors are predicted. */
  readonly predicts: boolean;
  /** Whether anchors are compared with positives. */
  readonly compares: boolean;
  readonly spans: Omit<SpanSettings, 'maxTokens'>;
}

/** A step reads whole documents, so that their spans are compared with those of all others. */
export function spanSampler(
  setup: SamplerSetup,
  { predicts, compares, spans: settings }: SpanSamplerOptions,
): Sampler {
  const { documents, batches, seed, maxLength } = setup;
  const { anchorsPerDocument } = settings;
  // Positives are needed only for comparison.
  const positivesPerAnchor = compares ? settings.positivesPerAnchor : 0;
  const spans: SpanSettings = { ...settings, positivesPerAnchor, maxTokens: maxLength - 2 };
  const steps = dealDocuments(documents.length, batches, seed);
  const capacity = steps.largest * anchorsPerDocument;
  const drawn = (document: number, epoch: number) =>
    sampleSpans(
      documents[document]!.ids.length,
      createRandom(seed, 'spans', epoch, document),
      spans,
    );
  const longest = documents.reduce(
    (length, { ids }) => Math.max(length, planSpans(ids.length, spans).longest),
    1,
  );
  const sampled = Array.from({ length: Math.min(sampledGroups, steps.perEpoch) }, (_, index) =>
    steps.of(index).members.flatMap((document) => drawn(document, 0)),
  );
  const sizeOf = ({ start, end }: Span, masked: boolean) => ({
    tokens: end - start + 2,
    predicts: predicts && masked,
  });
  const layout = createLayout(
    {
      groups: sampled.map((spansOfStep) =>
        spansOfStep.flatMap(({ anchor, positives }) => [
          sizeOf(anchor, true),
          ...positives.map((span) => sizeOf(span, false)),
        ]),
      ),
      longest: longest + 2,
      scale: steps.perEpoch / sampled.length,
    },
    setup,
  );

  function step(index: number): SampledStep {
    const { epoch, members } = steps.of(index);
    const sequenceOf = (document: number, { start, end }: Span): Int32Array =>
      framed(documents[document]!.ids.subarray(start, end), setup);
    const anchorExamples: Example[] = [];
    const positiveExamples: Example[] = [];
    for (const document of members) {
      drawn(document, epoch).forEach((each, i) => {
        const row = anchorExamples.length;
        const ids = sequenceOf(document, each.anchor);
        const random = createRandom(seed, 'masking', epoch, document, i);
        const masked = predicts ? maskIds(ids, random, setup) : unmasked(ids);
        anchorExamples.push({ ...masked, row });
        each.positives.forEach((span, p) => {
          const positiveRow = capacity + row * positivesPerAnchor + p;
          const example = unmasked(sequenceOf(document, span));
          positiveExamples.push({ ...example, row: positiveRow });
        });
      });
    }
    const anchorWeights = new Float32Array(capacity).fill(1, 0, anchorExamples.length);
    return {
      microBatches: layOutStep(layout, [...anchorExamples, ...positiveExamples]),
      stepInputs: { anchorWeights },
      // A single anchor has nothing to be compared with.
      stepWeight: compares && anchorExamples.length > 1 ? anchorExamples.length : 0,
    };
  }

  return {
    shapes: layout.shapes,
    stepsPerEpoch: steps.perEpoch,
    stepCapacity: capacity,
    step,
  };
}

function framed(ids: Int32Array, { special }: SamplerSetup): Int32Array {
  const sequence = new Int32Array(ids.length + 2);
  sequence[0] = special.cls;
  sequence.set(ids, 1);
  sequence[sequence.length - 1] = special.sep;
  return sequence;
}
