/** Runs a training graph as the trainer does: accumulates in place, then adds the row gradients. */
import { createSession } from '../../../src/core/graph/session.js';
import type { HostTensor, SessionOptions } from '../../../src/core/graph/session.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { GraphLoss, MicroBatchGraph } from '../../../src/core/objectives/microBatchGraph.js';
import type { LossName } from '../../../src/protocol/catalogue/losses.js';

export type Batch = Readonly<Record<string, Int32Array | Float32Array>>;

export interface Harness {
  /** Adds this batch's gradients to `gradients` and returns the loss. */
  run(batch: Batch): Promise<number>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
  release(): Promise<void>;
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export async function createHarness(
  graph: MicroBatchGraph,
  specs: readonly ParameterSpec[],
  parameters: ReadonlyMap<string, Float32Array>,
  options: SessionOptions | number,
): Promise<Harness> {
  const onCpu = typeof options === 'number' ? ({ device: 'cpu', threads: options } as const) : null;
  const session = await createSession(graph.bytes, onCpu ?? (options as SessionOptions));
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const gradients = new Map(specs.map(({ name, shape }) => [name, new Float32Array(count(shape))]));
  const feeds: Record<string, HostTensor> = {};
  const outputs: Record<string, HostTensor> = {};
  for (const name of graph.parameters) {
    feeds[name] = { dtype: 'float32', data: parameters.get(name)!, shape: shapes.get(name)! };
  }
  for (const gradient of graph.gradients) {
    const shape = gradient.kind === 'rows' ? gradient.shape : shapes.get(gradient.parameter)!;
    const data =
      gradient.kind === 'rows'
        ? new Float32Array(count(shape))
        : gradients.get(gradient.parameter)!;
    outputs[gradient.output] ??= { dtype: 'float32', data, shape };
    if (gradient.kind === 'dense') feeds[gradient.accumulator] = outputs[gradient.output]!;
  }
  const loss = new Float32Array(1);
  outputs[lossOf(graph, 'mlm').output] = { dtype: 'float32', data: loss, shape: [1] };

  return {
    gradients,
    async run(batch) {
      for (const { name, dtype, shape } of graph.inputs) {
        feeds[name] = { dtype, data: batch[name]!, shape };
      }
      for (const { input, shape } of graph.dropout) {
        feeds[input] = { dtype: 'float32', data: batch[input]!, shape };
      }
      await session.run(feeds, outputs);
      for (const gradient of graph.gradients) {
        if (gradient.kind === 'dense') continue;
        const updates = outputs[gradient.output]!.data as Float32Array;
        addRows(gradients.get(gradient.parameter)!, updates, batch[gradient.rows] as Int32Array);
      }
      return loss[0]!;
    },
    release: () => session.release(),
  };
}

export function lossOf({ losses }: MicroBatchGraph, name: LossName): GraphLoss {
  return losses.find(({ loss }) => loss.name === name)!;
}

function addRows(target: Float32Array, updates: Float32Array, rows: Int32Array): void {
  const width = updates.length / rows.length;
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) target[row * width + j]! += updates[i * width + j]!;
  });
}

export function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

export function distance(a: Float32Array, b: Float32Array): number {
  return norm(a.map((value, i) => value - b[i]!));
}
