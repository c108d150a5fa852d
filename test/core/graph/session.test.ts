import { describe, expect, it } from 'vitest';
import { addInput, createGraph } from '../../../src/core/graph/graph.js';
import { lower } from '../../../src/core/graph/lowering/lower.js';
import { encodeOnnx } from '../../../src/core/graph/onnxProto.js';
import { add, matMul } from '../../../src/core/graph/ops.js';
import { createGemmProbe, measureGemm } from '../../../src/core/graph/gemmProbe.js';
import { copiesAreSkipped, createSession } from '../../../src/core/graph/session.js';

/** sum = x + y and product = x y. */
function model(marker: boolean): Uint8Array {
  const graph = createGraph();
  const x = addInput(graph, 'x', 'float32', [2, 2]);
  const y = addInput(graph, 'y', 'float32', [2, 2]);
  const outputs = [
    { name: 'sum', value: add(graph, x, y) },
    { name: 'product', value: matMul(graph, x, y) },
  ];
  return encodeOnnx(lower(graph, outputs, { lowering: 'cpu', marker }));
}

const tensor = (data: Float32Array) => ({ dtype: 'float32', data, shape: [2, 2] }) as const;

describe('a session', () => {
  it.each([true, false])('fills views on a WebAssembly memory (marker: %s)', async (marker) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const floats = (offset: number) => new Float32Array(memory.buffer, offset, 4);
    const [x, y, sum, product] = [floats(0), floats(64), floats(128), floats(192)];
    x.set([1, 2, 3, 4]);
    y.set([5, 6, 7, 8]);
    const session = await createSession(model(marker), { device: 'cpu', threads: 2 });
    expect(session.outputNames).toEqual(['sum', 'product']);
    await session.run(
      { x: tensor(x), y: tensor(y) },
      { sum: tensor(sum), product: tensor(product) },
    );
    expect([...sum]).toEqual([6, 8, 10, 12]);
    expect([...product]).toEqual([19, 22, 43, 50]);
    await session.release();
  });

  it('skips the binding’s copies with the pinned version of the runtime', async () => {
    expect(await copiesAreSkipped()).toBe(true);
  });

  it('rejects a wrong shape and a broken model', async () => {
    const session = await createSession(model(true), { device: 'cpu', threads: 1 });
    const wrong = { dtype: 'float32', data: new Float32Array(3), shape: [3, 1] } as const;
    const right = tensor(new Float32Array(4));
    await expect(session.run({ x: wrong, y: right }, { sum: right })).rejects.toThrow();
    await session.release();
    await expect(
      createSession(Uint8Array.of(1, 2, 3), { device: 'cpu', threads: 1 }),
    ).rejects.toThrow();
  });

  it('rejects a device that this machine does not have', async () => {
    const device = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(createSession(model(false), { device, threads: 1 })).rejects.toThrow();
  });
});

describe('the GEMM probe', () => {
  it('measures by the clock it is given', async () => {
    // A clock that advances 10 ms a look: 5 runs and a last look make 50 to 70 ms.
    let time = 0;
    const now = () => (time += 10);
    const probe = await createGemmProbe({ device: 'cpu', threads: 1, now });
    const speed = await probe.measure();
    await probe.release();
    expect(speed).toBeGreaterThan(0.1);
    expect(speed).toBeLessThan(1000);
    const best = await measureGemm({ device: 'cpu', threads: 1, now, probes: 2 });
    expect(best).toBeGreaterThanOrEqual(speed / 2);
  });
});
