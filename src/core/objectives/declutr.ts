/**
 * DeCLUTR: spans of one document are to be nearer to each other than to those of other documents
 * (Giorgi et al., "DeCLUTR", ACL 2021), beside masked language modelling of the anchors. As in the
 * authors' code, one pass over the masked anchors gives both.
 */
import { createRandom } from '../base/random.js';
import { createGraph, addInput } from '../graph/graph.js';
import { planBuckets } from '../tokens/batches.js';
import type { Bucket } from '../tokens/batches.js';
import { lossWeightsOf } from './lossWeights.js';
import { ntXentLoss } from './ntXent.js';
import type {
  CreateObjective,
  Example,
  ObjectiveSettings,
  SampledStep,
  Sampler,
  SamplerSetup,
  StepLoss,
} from './objective.js';
import { planSpans, sampleSpans } from './spans.js';
import type { Span, SpanSettings } from './spans.js';
import { dealDocuments, laneBatches, stepBudget } from './documentSteps.js';
import { stepLossGraph } from './stepLossGraph.js';
import { maskIds, shapeOf, unmasked } from './windowSampler.js';

export const declutr: CreateObjective = ({ settings }) => {
  const lossWeights = lossWeightsOf('declutr', { ntXent: 1, mlm: 1 }, settings);
  const predicts = (lossWeights.mlm ?? 0) > 0;
  return {
    name: 'declutr',
    lossWeights,
    headSpecs: [],
    sequenceLoss: null,
    stepLoss: (lossWeights.ntXent ?? 0) > 0 ? ntXent(settings) : null,
    createSampler: (setup) => spanSampler(setup, predicts),
  };
};

function ntXent({ positivesPerAnchor, temperature }: ObjectiveSettings): StepLoss {
  return {
    name: 'ntXent',
    graph(width, anchors) {
      const graph = createGraph();
      const embeddings = [
        addInput(graph, 'anchors', 'float32', [anchors, width]),
        addInput(graph, 'positives', 'float32', [anchors * positivesPerAnchor, width]),
      ] as const;
      const anchorWeights = addInput(graph, 'anchorWeights', 'float32', [anchors]);
      const inputs = { anchors: embeddings[0], positives: embeddings[1], anchorWeights };
      const loss = ntXentLoss(graph, inputs, temperature);
      return stepLossGraph(graph, loss, embeddings, [anchorWeights]);
    },
  };
}

/** A step reads whole documents, so that spans of every one of them are compared with all others. */
function spanSampler(setup: SamplerSetup, predicts: boolean): Sampler {
  const { documents, settings, seed, maxLength } = setup;
  const { anchorsPerDocument, positivesPerAnchor } = settings;
  const spans: SpanSettings = { ...settings, maxTokens: maxLength - 2 };
  const steps = dealDocuments(documents.length, settings, seed);
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
  const anchors = planLane(setup, capacity, longest, (document) =>
    drawn(document, 0).map(({ anchor }) => anchor),
  );
  const positives = planLane(setup, capacity * positivesPerAnchor, longest, (document) =>
    drawn(document, 0).flatMap((each) => each.positives),
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
        anchorExamples.push({ ...masked, row, category: 0, categoryWeight: 0 });
        each.positives.forEach((span, p) => {
          const positiveRow = capacity + row * positivesPerAnchor + p;
          const example = unmasked(sequenceOf(document, span));
          positiveExamples.push({ ...example, row: positiveRow, category: 0, categoryWeight: 0 });
        });
      });
    }
    const anchorWeights = new Float32Array(capacity).fill(1, 0, anchorExamples.length);
    return {
      microBatches: [
        ...laneBatches(anchorExamples, anchors, 0),
        ...laneBatches(positiveExamples, positives, anchors.length),
      ],
      stepInputs: { anchorWeights },
      // A lone anchor has nothing to be told apart from.
      stepWeight: anchorExamples.length > 1 ? anchorExamples.length : 0,
    };
  }

  return {
    shapes: [
      ...anchors.map((bucket) => shapeOf(bucket, setup, predicts)),
      ...positives.map((bucket) => shapeOf(bucket, setup, false)),
    ],
    stepsPerEpoch: steps.perEpoch,
    stepCapacity: capacity,
    step,
  };
}

/** Documents that are looked at to choose the lengths of sequences. */
const sampledDocuments = 2000;

/** Anchors and positives have graphs of their own: positives predict nothing. */
function planLane(
  setup: SamplerSetup,
  sequences: number,
  longest: number,
  spansOf: (document: number) => readonly Span[],
): Bucket[] {
  const count = Math.min(sampledDocuments, setup.documents.length);
  const lengths = Array.from({ length: count }, (_, i) =>
    spansOf(Math.floor((i * setup.documents.length) / count)).map(
      ({ start, end }) => end - start + 2,
    ),
  ).flat();
  return planBuckets([...lengths, longest + 2], stepBudget(setup, lengths, sequences));
}

function framed(ids: Int32Array, { special }: SamplerSetup): Int32Array {
  const sequence = new Int32Array(ids.length + 2);
  sequence[0] = special.cls;
  sequence.set(ids, 1);
  sequence[sequence.length - 1] = special.sep;
  return sequence;
}
