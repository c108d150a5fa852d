/** Runs the loss that compares the embeddings of a step; see `StepLoss`. */
import type { LossName } from '../../protocol/catalogue/losses.js';
import { createSession } from '../graph/session.js';
import type { HostTensor } from '../graph/session.js';
import type { StepLoss } from '../objectives/stepLoss.js';

export interface StepLossRunner {
  readonly name: LossName;
  /** Width of an embedding. */
  readonly width: number;
  /** [rows, width]; the caller fills it before each run. */
  readonly embeddings: Float32Array;
  /** [rows, width], from the last run. */
  readonly gradient: Float32Array;
  run(inputs: Readonly<Record<string, Float32Array>>): Promise<number>;
  release(): Promise<void>;
}

export async function createStepLossRunner(
  stepLoss: StepLoss,
  width: number,
  capacity: number,
  threads: number,
): Promise<StepLossRunner> {
  const graph = stepLoss.graph(width, capacity);
  const rows = graph.embeddings.reduce((sum, part) => sum + part.rows, 0);
  const embeddings = new Float32Array(rows * width);
  const gradient = new Float32Array(rows * width);
  const loss = new Float32Array(1);
  const feeds: Record<string, HostTensor> = {};
  const outputs: Record<string, HostTensor> = {
    [graph.loss]: { dtype: 'float32', data: loss, shape: [1] },
  };
  let start = 0;
  for (const part of graph.embeddings) {
    const [from, to] = [start * width, (start + part.rows) * width];
    const shape = [part.rows, width];
    feeds[part.input] = { dtype: 'float32', data: embeddings.subarray(from, to), shape };
    outputs[part.gradient] = { dtype: 'float32', data: gradient.subarray(from, to), shape };
    start += part.rows;
  }
  const session = await createSession(graph.bytes, { device: 'cpu', threads });
  return {
    name: stepLoss.name,
    width,
    embeddings,
    gradient,
    async run(inputs) {
      for (const { name, shape } of graph.inputs) {
        const data = inputs[name];
        if (data === undefined) throw new RangeError(`The step has no input ${name}.`);
        feeds[name] = { dtype: 'float32', data, shape };
      }
      await session.run(feeds, outputs);
      return loss[0]!;
    },
    release: () => session.release(),
  };
}
