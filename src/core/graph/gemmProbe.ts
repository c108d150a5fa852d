/**
 * Measures ONNX Runtime's matrix-product speed on this machine: the peak for judging training
 * speed.
 */
import type { Device } from '../../protocol/catalogue/devices.js';
import { addInput, createGraph } from './graph.js';
import { lower } from './lowering/lower.js';
import { encodeOnnx } from './onnxProto.js';
import { matMul, reduceSum } from './ops.js';
import { createSession } from './session.js';

const size = 1024;
const flops = 2 * size ** 3;

export interface GemmProbeOptions {
  readonly device: Device;
  readonly threads: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

export interface GemmProbe {
  /** GFLOP/s over a burst of about `milliseconds`. */
  measure(milliseconds?: number): Promise<number>;
  release(): Promise<void>;
}

/** Keeps its session, so that bursts can be taken between training steps. */
export async function createGemmProbe({
  device,
  threads,
  now,
}: GemmProbeOptions): Promise<GemmProbe> {
  const session = await createSession(probeModel(), { device, threads });
  const matrix = Float32Array.from(
    { length: size * size },
    (_, i) => ((i * 7919) % 101) / 101 - 0.5,
  );
  const feeds = {
    a: { dtype: 'float32', data: matrix, shape: [size, size] },
    b: { dtype: 'float32', data: matrix, shape: [size, size] },
  } as const;
  const sum = new Float32Array(1);
  const outputs = { sum: { dtype: 'float32', data: sum, shape: [1] } } as const;
  await session.run(feeds, outputs);
  return {
    async measure(milliseconds = 50) {
      const start = now();
      let runs = 0;
      do {
        await session.run(feeds, outputs);
        runs++;
      } while (now() - start < milliseconds);
      return (runs * flops) / ((now() - start) * 1e6);
    },
    release: () => session.release(),
  };
}

/** The best of `probes` bursts, in GFLOP/s. */
export async function measureGemm(
  options: GemmProbeOptions & { readonly probes?: number },
): Promise<number> {
  const probe = await createGemmProbe(options);
  try {
    let best = 0;
    for (let i = 0; i < (options.probes ?? 10); i++) best = Math.max(best, await probe.measure());
    return best;
  } finally {
    await probe.release();
  }
}

/** Returns only one row's sum, so that the product dominates the time. */
function probeModel(): Uint8Array {
  const graph = createGraph();
  const a = addInput(graph, 'a', 'float32', [size, size]);
  const b = addInput(graph, 'b', 'float32', [size, size]);
  const product = matMul(graph, a, b);
  const sum = reduceSum(graph, reduceSum(graph, product, [1], false), [0], true);
  return encodeOnnx(
    lower(graph, [{ name: 'sum', value: sum }], { lowering: 'webgpu', marker: false }),
  );
}
