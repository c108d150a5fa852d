/** AdamW and the global norm on the device, over whole packs. */
import { encodeOnnx } from '../../graph/onnxProto.js';
import type { OnnxInitializer, OnnxModel, OnnxNode } from '../../graph/onnxModel.js';
import type { DeviceTensor, GraphSession, HostTensor } from '../../graph/session.js';
import type { OptimizerSettings } from '../backend.js';
import { openOnDevice } from './sessions.js';
import { rowLength } from './statePacks.js';

export interface MovingState {
  readonly values: DeviceTensor;
  readonly moment1: DeviceTensor;
  readonly moment2: DeviceTensor;
}

export interface AdamWStep {
  /** Counts from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Factor for every gradient. */
  readonly gradientScale: number;
  readonly decay: boolean;
}

export interface DeviceOptimizer {
  /** The updated state; the caller disposes of the given one. */
  adamW(state: MovingState, gradient: DeviceTensor, step: AdamWStep): Promise<MovingState>;
  /** Sum of the squares of all values of a tensor [length]. */
  sumOfSquares(tensor: DeviceTensor): Promise<number>;
  release(): Promise<void>;
}

export async function createOptimizer(settings: OptimizerSettings): Promise<DeviceOptimizer> {
  const adamW = await openOnDevice(encodeOnnx(adamWModel(settings)), [...movedNames]);
  let squares: GraphSession;
  try {
    squares = await openOnDevice(encodeOnnx(squaresModel()));
  } catch (error) {
    await adamW.release();
    throw error;
  }
  return {
    async adamW(state, gradient, { step, learningRate, gradientScale, decay }) {
      const { beta1, beta2, weightDecay } = settings;
      const moved = await adamW.runKeeping(
        {
          ...state,
          gradient,
          scale: scalar(gradientScale),
          minusStep: scalar(-learningRate / (1 - beta1 ** step)),
          root2: scalar(Math.sqrt(1 - beta2 ** step)),
          keep: scalar(1 - (decay ? learningRate * weightDecay : 0)),
        },
        {},
      );
      const [values, moment1, moment2] = movedNames.map((name) => moved[name]!);
      return { values: values!, moment1: moment1!, moment2: moment2! };
    },
    async sumOfSquares(tensor) {
      const sum = new Float32Array(1);
      await squares.run({ x: tensor }, { sum: { dtype: 'float32', data: sum, shape: [1] } });
      return sum[0]!;
    },
    async release() {
      await adamW.release();
      await squares.release();
    },
  };
}

const movedNames = ['moved.values', 'moved.moment1', 'moved.moment2'] as const;

const scalar = (value: number): HostTensor => ({
  dtype: 'float32',
  data: Float32Array.of(value),
  shape: [1],
});

/**
 * As in PyTorch, and in the order of operations of the CPU's kernel (`cpu/kernels/adamW.as.ts`):
 * decoupled decay, bias correction, epsilon outside the square root.
 *
 *     moment1 += (g - moment1) * (1 - beta1), with g = scale * gradient
 *     moment2 = moment2 * beta2 + g * g * (1 - beta2)
 *     values = values * keep + minusStep * moment1 / (sqrt(moment2) / root2 + epsilon)
 */
function adamWModel({ beta1, beta2, epsilon }: OptimizerSettings): OnnxModel {
  const state = ['values', 'moment1', 'moment2', 'gradient'];
  const scalars = ['scale', 'minusStep', 'root2', 'keep'];
  const [values, moment1, moment2] = movedNames;
  const constants = { rate1: 1 - beta1, beta2, rate2: 1 - beta2, epsilon };
  return {
    opset: 20,
    inputs: [
      ...state.map((name) => ({ name, dtype: 'float32' as const, shape: ['length'] })),
      ...scalars.map((name) => ({ name, dtype: 'float32' as const, shape: [1] })),
    ],
    outputs: movedNames.map((name) => ({ name, dtype: 'float32', shape: ['length'] })),
    initializers: Object.entries(constants).map(([name, value]): OnnxInitializer => {
      return { name, dtype: 'float32', shape: [1], data: Float32Array.of(value) };
    }),
    nodes: [
      node('Mul', ['gradient', 'scale'], 'g'),
      node('Sub', ['g', 'moment1'], 'away'),
      node('Mul', ['away', 'rate1'], 'change'),
      node('Add', ['moment1', 'change'], moment1),
      node('Mul', ['g', 'g'], 'square'),
      node('Mul', ['square', 'rate2'], 'newSquare'),
      node('Mul', ['moment2', 'beta2'], 'oldSquare'),
      node('Add', ['oldSquare', 'newSquare'], moment2),
      node('Sqrt', [moment2], 'root'),
      node('Div', ['root', 'root2'], 'deviation'),
      node('Add', ['deviation', 'epsilon'], 'divisor'),
      node('Div', [moment1, 'divisor'], 'direction'),
      node('Mul', ['direction', 'minusStep'], 'move'),
      node('Mul', ['values', 'keep'], 'kept'),
      node('Add', ['kept', 'move'], values),
    ],
  };
}

/** In rows, because a device sums one row after the other's values in a single group of threads. */
function squaresModel(): OnnxModel {
  const rows = BigInt64Array.of(-1n, BigInt(rowLength));
  const integers = (name: string, data: BigInt64Array): OnnxInitializer => {
    return { name, dtype: 'int64', shape: [data.length], data };
  };
  const keepdims = (kept: number) => ({ keepdims: kept });
  return {
    opset: 20,
    inputs: [{ name: 'x', dtype: 'float32', shape: ['length'] }],
    outputs: [{ name: 'sum', dtype: 'float32', shape: [1] }],
    initializers: [
      integers('rows', rows),
      integers('first', BigInt64Array.of(0n)),
      integers('second', BigInt64Array.of(1n)),
    ],
    nodes: [
      node('Reshape', ['x', 'rows'], 'matrix'),
      node('Mul', ['matrix', 'matrix'], 'squares'),
      node('ReduceSum', ['squares', 'second'], 'rowSums', keepdims(0)),
      node('ReduceSum', ['rowSums', 'first'], 'sum', keepdims(1)),
    ],
  };
}

function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { opType, domain: '', inputs, outputs: [output], attributes };
}
