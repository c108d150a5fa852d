/**
 * Runs ONNX models. The only importer of onnxruntime-node, which is loaded on first use because
 * native code belongs in child processes.
 */
import type * as Ort from 'onnxruntime-node';
import { OutOfMemory, failure, isMemoryError } from '../base/errors.js';
import type { Device } from '../../protocol/catalogue/devices.js';
import type { ElementType, TensorData } from './graph.js';
import { markerOutput } from './lowering/lower.js';
import { markerProbe } from './markerProbe.js';

export interface HostTensor {
  readonly dtype: ElementType;
  /** Views of a (non-shared) WebAssembly memory are passed without a copy. */
  readonly data: TensorData;
  readonly shape: readonly number[];
}

/**
 * Float32 values in a device's own memory, an output of one session and input of others. They are
 * read by a session that copies them to the host: the binding aborts the process otherwise.
 */
export interface DeviceTensor {
  readonly shape: readonly number[];
  /** Frees the memory; nothing may use the tensor afterwards. */
  dispose(): void;
}

export interface GraphSession {
  readonly inputNames: readonly string[];
  /** Excludes the marker. */
  readonly outputNames: readonly string[];
  /** Fills the given outputs; outputs not given are not copied. */
  run(
    feeds: Readonly<Record<string, HostTensor | DeviceTensor>>,
    outputs: Readonly<Record<string, HostTensor>>,
  ): Promise<void>;
  /** The same; gives the outputs that stay on the device, for the caller to dispose of. */
  runKeeping(
    feeds: Readonly<Record<string, HostTensor | DeviceTensor>>,
    outputs: Readonly<Record<string, HostTensor>>,
  ): Promise<Readonly<Record<string, DeviceTensor>>>;
  release(): Promise<void>;
}

export interface SessionOptions {
  readonly device: Device;
  readonly threads: number;
  /** Fails instead of running an unsupported op on the CPU. */
  readonly forbidFallback?: boolean;
  /** Outputs that stay on the device. */
  readonly keptOutputs?: readonly string[];
  /** Prefix of a profile file that ORT writes when the session is released. */
  readonly profile?: string;
}

/** @param model an ONNX model or its path */
export async function createSession(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<GraphSession> {
  const ort = await loadRuntime();
  const session = await namingMemory(openSession(ort, model, options));
  const kept = options.keptOutputs ?? [];
  const marked = session.outputNames.includes(markerOutput);
  const skipCopies = marked && (await markerWorks(ort));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames.filter((name) => name !== markerOutput),
    async run(feeds, outputs) {
      const fed = mapTensors(ort, feeds);
      const fetched: Record<string, Ort.Tensor | null> = mapTensors(ort, outputs);
      if (skipCopies) await namingMemory(runWithMarker(session, fed, fetched));
      else await namingMemory(runPlainly(session, fed, fetched, outputs));
    },
    async runKeeping(feeds, outputs) {
      const fed = mapTensors(ort, feeds);
      const fetched: Record<string, Ort.Tensor | null> = mapTensors(ort, outputs);
      for (const name of kept) fetched[name] = null;
      const results = await namingMemory(runPlainly(session, fed, fetched, outputs));
      return Object.fromEntries(kept.map((name) => [name, keepTensor(results[name]!)]));
    },
    release: () => session.release(),
  };
}

/** Turns memory errors into `OutOfMemory`, so that callers can retry with less. */
async function namingMemory<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isMemoryError(error) ? new OutOfMemory({ cause: error }) : error;
  }
}

let runtime: Promise<typeof Ort> | undefined;

function loadRuntime(): Promise<typeof Ort> {
  runtime ??= import('onnxruntime-node').catch((error: unknown) => {
    runtime = undefined;
    throw failure(
      'ONNX Runtime could not be loaded on this machine: it needs glibc 2.28 or newer on Linux, and a package that was made for this platform.',
      { cause: error },
    );
  });
  return runtime;
}

/**
 * How long a thread without work looks for some before it sleeps: longer than most gaps between
 * ops, and short enough not to take the processor from others. With ONNX Runtime's own, a step
 * beside busy programs took 1.4 times as long and 1.7 times the processor time.
 */
const spinMicroseconds = '100';

function openSession(
  ort: typeof Ort,
  model: Uint8Array | string,
  { device, threads, forbidFallback = false, keptOutputs = [], profile }: SessionOptions,
): Promise<Ort.InferenceSession> {
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Lowers peak memory by a third.
    enableMemPattern: false,
    // Errors are thrown as exceptions; keep the runtime's own log off stderr.
    logSeverityLevel: 4,
    ...(keptOutputs.length === 0 ? {} : { preferredOutputLocation: onDevice(keptOutputs) }),
    extra: {
      session: {
        intra_op: { spin_duration_us: spinMicroseconds },
        ...(forbidFallback ? { disable_cpu_ep_fallback: '1' } : {}),
      },
    },
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}

function onDevice(outputs: readonly string[]): Record<string, Ort.Tensor.DataLocation> {
  return Object.fromEntries(outputs.map((name) => [name, 'gpu-buffer']));
}

const keptTensors = new WeakMap<DeviceTensor, Ort.Tensor>();

function keepTensor(tensor: Ort.Tensor): DeviceTensor {
  const kept: DeviceTensor = {
    shape: tensor.dims,
    dispose() {
      keptTensors.delete(kept);
      tensor.dispose();
    },
  };
  keptTensors.set(kept, tensor);
  return kept;
}

function mapTensors(
  ort: typeof Ort,
  tensors: Readonly<Record<string, HostTensor | DeviceTensor>>,
): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, runtimeTensor(ort, tensor, name)]),
  );
}

function runtimeTensor(
  ort: typeof Ort,
  tensor: HostTensor | DeviceTensor,
  name: string,
): Ort.Tensor {
  if ('data' in tensor) {
    return new ort.Tensor(tensor.dtype, tensor.data as Float32Array, tensor.shape);
  }
  const kept = keptTensors.get(tensor);
  if (kept === undefined) throw new Error(`the tensor for "${name}" was disposed of`);
  return kept;
}

/**
 * The binding fills the outputs that it is given and then copies each of them again: 130 ms for 200
 * MB. A sequence as the first output makes it throw in between, because it does not support
 * sequences. Since that relies on the binding's internals, `markerWorks` checks it before use.
 */
async function runWithMarker(
  session: Ort.InferenceSession,
  feeds: Record<string, Ort.Tensor>,
  outputs: Record<string, Ort.Tensor | null>,
): Promise<void> {
  try {
    await session.run(feeds, { ...outputs, [markerOutput]: null });
  } catch (error) {
    if (!isMarkerError(error)) throw error;
  }
}

function isMarkerError(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Non tensor type');
}

async function runPlainly(
  session: Ort.InferenceSession,
  feeds: Record<string, Ort.Tensor>,
  fetches: Record<string, Ort.Tensor | null>,
  outputs: Readonly<Record<string, HostTensor>>,
): Promise<Readonly<Record<string, Ort.Tensor>>> {
  const results = await session.run(feeds, fetches);
  for (const [name, { data }] of Object.entries(outputs)) {
    const result = results[name]?.data;
    if (result === undefined) throw new Error(`the model has no output "${name}"`);
    // A no-op copy if the binding has already filled the output.
    (data as Float32Array).set(result as Float32Array);
  }
  return results;
}

/** Whether this runtime skips the copies of outputs; training is correct without it, but slower. */
export async function copiesAreSkipped(): Promise<boolean> {
  return markerWorks(await loadRuntime());
}

let markerTest: Promise<boolean> | undefined;

/** Runs once per process on a known answer: the outputs are filled even though the run throws. */
function markerWorks(ort: typeof Ort): Promise<boolean> {
  markerTest ??= testMarker(ort).catch(() => false);
  return markerTest;
}

async function testMarker(ort: typeof Ort): Promise<boolean> {
  const session = await openSession(ort, markerProbe.bytes(), { device: 'cpu', threads: 1 });
  try {
    const feeds = { [markerProbe.input]: new ort.Tensor('float32', Float32Array.of(1, 2, 3), [3]) };
    const filled = new Float32Array(3);
    const outputs = { [markerProbe.output]: new ort.Tensor('float32', filled, [3]) };
    let thrown = false;
    try {
      await session.run(feeds, { ...outputs, [markerOutput]: null });
    } catch (error) {
      thrown = isMarkerError(error);
    }
    return thrown && filled.every((value, i) => value === markerProbe.expected[i]);
  } finally {
    await session.release();
  }
}
