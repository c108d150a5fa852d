/** The step of a case in one graph: all of its sequences side by side, and the losses over them. */
import { encode } from '../../../src/core/encoder/encode.js';
import { maskedLmHead } from '../../../src/core/encoder/maskedLmHead.js';
import type { DropoutSite, EncoderScope } from '../../../src/core/encoder/scope.js';
import { constant } from '../../../src/core/graph/constant.js';
import { decoderLoss } from '../../../src/core/graph/decoderOps.js';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import type { Value } from '../../../src/core/graph/graph.js';
import { add, gatherRows, matMul, multiply, reshape } from '../../../src/core/graph/ops.js';
import { elementCount } from '../../../src/core/graph/shapes.js';
import { fillMicroBatch } from '../../../src/core/objectives/fillMicroBatch.js';
import { attentionBiasShape } from '../../../src/core/objectives/fillTokens.js';
import { ntXentLoss } from '../../../src/core/objectives/ntXent.js';
import { maskedTokens } from '../../../src/core/objectives/maskedTokens.js';
import { predictedPlaces } from '../../../src/core/objectives/sampling/sampler.js';
import type { ExampleRow } from '../../../src/core/objectives/sampling/sampler.js';
import { supConLoss } from '../../../src/core/objectives/supCon.js';
import { fillDropoutMasks } from '../../../src/core/backend/cpu/dropout.js';
import { dropoutKey } from '../../../src/core/backend/dropoutKey.js';
import {
  allocatedBytes,
  createKernelMemory,
} from '../../../src/core/backend/cpu/kernels/memory.js';
import type { TrainingRun } from '../../../src/core/train/trainingRun.js';
import { compile } from '../graph/evaluate.js';
import { denseGradients } from './lossHarness.js';
import { comparisonOf } from './wholeGolden.js';
import type { WholeCase } from './wholeGolden.js';

type Arrays = Record<string, Float32Array | Int32Array>;

export interface WholeStep {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/**
 * Loss and gradients of a run's first step under the run's dropout, which is that of the row's number.
 * All shapes of the run have rows of one length.
 */
export async function wholeStep(one: WholeCase, run: TrainingRun): Promise<WholeStep> {
  const rows = run.sampler.step(0).microBatches.flatMap((microBatch) => microBatch.rows);
  const { scope, dropout, loss, shape } = buildStep(one, run, rows);
  const { graph } = scope;
  const trained = run.specs.filter(run.isTrained).map(({ name }) => scope.parameter(name));
  const compiled = await compile(graph, [loss, ...denseGradients(graph, loss, trained)]);
  try {
    const feeds: Arrays = {};
    for (const input of graph.inputs) {
      const count = elementCount(input);
      feeds[input.name] = input.dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
    }
    fillMicroBatch(feeds, rows, shape, run.options.config, {
      losses: [maskedTokens],
      scales: { mlm: 1 / shape.predictions },
      embeddingGradient: null,
    });
    Object.assign(feeds, Object.fromEntries(await run.prepared.readParameters()));
    const anchors = (one.anchors ?? one.notes!).length;
    const places = placesByRow(rows, shape.sequencesPerRow);
    const { stepInputs } = comparisonOf(one, anchors);
    const [total, ...gradients] = await compiled.run({
      ...feeds,
      ...stepInputs,
      anchorRows: places.subarray(0, anchors),
      positiveRows: places.subarray(anchors),
      ...masksOf(dropout, run),
    });
    return {
      loss: total![0]!,
      gradients: new Map(trained.map(({ name }, i) => [name, gradients[i]!])),
    };
  } finally {
    await compiled.release();
  }
}

/** Where each embedding stands among the pooled ones, in the order of the step's embeddings. */
function placesByRow(rows: readonly ExampleRow[], sequencesPerRow: number): Int32Array {
  const places = rows.flatMap((examples, r) =>
    examples.map(({ row }, i) => ({ row, place: r * sequencesPerRow + i })),
  );
  return Int32Array.from(
    places.sort((a, b) => a.row - b.row),
    ({ place }) => place,
  );
}

function buildStep(one: WholeCase, run: TrainingRun, rows: readonly ExampleRow[]) {
  const { config, training } = run.options;
  const { sequenceLength: sequence, sequencesPerRow } = run.sampler.shapes[0]!;
  const batch = rows.length;
  const examples = rows.flat();
  const predictions = examples.reduce((sum, example) => sum + predictedPlaces(example), 0);
  const shape = { batchSize: batch, sequenceLength: sequence, sequencesPerRow, predictions };
  const graph = createGraph();
  const dropout: DropoutSite[] = [];
  const parameters = new Map(
    run.specs.map(({ name, shape }) => [name, addInput(graph, name, 'float32', shape)]),
  );
  const scope: EncoderScope = {
    graph,
    config,
    batch,
    sequence,
    dropout,
    lora: training.lora,
    parameter: (name) => parameters.get(name)!,
  };
  const hidden = encode(scope, {
    inputIds: addInput(graph, 'inputIds', 'int32', [batch * sequence]),
    positionIds: addInput(graph, 'positionIds', 'int32', [batch * sequence]),
    tokenTypeIds: addInput(graph, 'tokenTypeIds', 'int32', [batch * sequence]),
    attentionBias: addInput(graph, 'attentionBias', 'float32', attentionBiasShape(shape)),
  });
  const places = addInput(graph, 'predictionRows', 'int32', [predictions]);
  const masked = decoderLoss(graph, {
    ...maskedLmHead(scope, gatherRows(graph, hidden, places)),
    labels: addInput(graph, 'labels', 'int32', [predictions]),
    weights: addInput(graph, 'labelWeights', 'float32', [predictions]),
  });
  const pooling = addInput(graph, 'poolingWeights', 'float32', [batch, sequencesPerRow, sequence]);
  const states = reshape(graph, hidden, [batch, sequence, config.hiddenSize]);
  const pooled = reshape(graph, matMul(graph, pooling, states), [
    batch * sequencesPerRow,
    config.hiddenSize,
  ]);
  const { lossWeights, stepLoss } = run.stage.objective;
  const loss = add(
    graph,
    multiply(graph, masked, constant(graph, lossWeights.mlm!)),
    multiply(
      graph,
      compared(one, scope, pooled, run, examples.length),
      constant(graph, lossWeights[stepLoss!.name]!),
    ),
  );
  return {
    scope,
    dropout,
    loss,
    shape,
  };
}

/** The loss over all embeddings: anchors and then positives, or notes. */
function compared(
  { anchors }: WholeCase,
  { graph }: EncoderScope,
  pooled: Value,
  run: TrainingRun,
  rows: number,
) {
  const { temperature, categoryTemperature } = run.options.training;
  // A slice has no gradient rule: nothing that is trained needs one.
  const taken = (name: string, size: number): Value =>
    gatherRows(graph, pooled, addInput(graph, name, 'int32', [size]));
  if (anchors !== undefined) {
    const count = anchors.length;
    const inputs = {
      anchors: taken('anchorRows', count),
      positives: taken('positiveRows', rows - count),
      anchorWeights: addInput(graph, 'anchorWeights', 'float32', [count]),
    };
    return ntXentLoss(graph, inputs, temperature);
  }
  const inputs = {
    embeddings: taken('anchorRows', rows),
    positivePairs: addInput(graph, 'positivePairs', 'float32', [rows, rows]),
    present: addInput(graph, 'present', 'float32', [rows]),
    anchorWeights: addInput(graph, 'anchorWeights', 'float32', [rows]),
  };
  return supConLoss(graph, inputs, categoryTemperature);
}

function masksOf(sites: readonly DropoutSite[], { options }: TrainingRun): Arrays {
  const sizes = sites.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const bytes = sizes.reduce((sum, size) => sum + allocatedBytes(size), 0);
  const memory = createKernelMemory(bytes);
  const masks = sites.map((site, i) => ({ site, mask: memory.floats(sizes[i]!) }));
  fillDropoutMasks(memory.kernels, masks, dropoutKey(options.seed), 0, 0);
  return Object.fromEntries(masks.map(({ site, mask }) => [site.input, mask]));
}
