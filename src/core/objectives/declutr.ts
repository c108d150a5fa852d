/**
 * DeCLUTR: spans of one document are to be nearer to each other than to those of other documents
 * (Giorgi et al., "DeCLUTR", ACL 2021), beside masked language modelling of the anchors. As in the
 * authors' code, one pass over the masked anchors gives both.
 */
import { createRandom } from '../base/random.js';
import { createGraph, addInput } from '../graph/graph.js';
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
import { planSpans, sampleSpans } from './sampling/spans.js';
import type { Span, SpanSettings } from './sampling/spans.js';
import { dealDocuments } from './sampling/documentSteps.js';
import { layOutStep, planLayout, sampledGroups } from './sampling/layout.js';
import { stepLossGraph } from './stepLossGraph.js';
import { maskIds, unmasked } from './sampling/windowSampler.js';

export const declutr: CreateObjective = ({ settings }) => {
  const lossWeights = lossWeightsOf('declutr', settings);
  const predicts = (lossWeights.mlm ?? 0) > 0;
  const compares = (lossWeights.ntXent ?? 0) > 0;
  return {
    name: 'declutr',
    lossWeights,
    headSpecs: [],
    sequenceLoss: null,
    stepLoss: compares ? ntXent(settings) : null,
    createSampler: (setup) => spanSampler(setup, predicts, compares),
  };
};

function ntXent({ positivesPerAnchor, temperature }: ObjectiveSettings): StepLoss {
  return {
    name: 'ntXent',
    compared: (anchors) => 2 * anchors,
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
function spanSampler(setup: SamplerSetup, predicts: boolean, compares: boolean): Sampler {
  const { documents, settings, seed, maxLength } = setup;
  const { anchorsPerDocument } = settings;
  // Positives are there to be compared with.
  const positivesPerAnchor = compares ? settings.positivesPerAnchor : 0;
  const spans: SpanSettings = { ...settings, positivesPerAnchor, maxTokens: maxLength - 2 };
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
  const sampled = Array.from({ length: Math.min(sampledGroups, steps.perEpoch) }, (_, index) =>
    steps.of(index).members.flatMap((document) => drawn(document, 0)),
  );
  const sizeOf = ({ start, end }: Span, masked: boolean) => ({
    tokens: end - start + 2,
    predicts: predicts && masked,
  });
  const layout = planLayout(
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
      microBatches: layOutStep(layout, [...anchorExamples, ...positiveExamples]),
      stepInputs: { anchorWeights },
      // A lone anchor has nothing to be told apart from.
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
