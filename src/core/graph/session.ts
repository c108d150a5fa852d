/**
 * Runs ONNX models. The only importer of onnxruntime-node, which is loaded on first use: it is
 * native code and belongs into child processes.
 */
import type * as Ort from 'onnxruntime-node';
import { OutOfMemory, failure, isMemoryError } from '../base/errors.js';
import type { Device } from '../../protocol/catalogue/devices.js';
import type { ElementType, TensorData } from './graph.js';
import { markerOutput } from './lowering/lower.js';
import { markerProbe } from './markerProbe.js';

export interface HostTensor {
  readonly dtype: ElementType;
  /** Views on a (non-shared) WebAssembly memory are passed straight through. */
  readonly data: TensorData;
  readonly shape: readonly number[];
}

export interface GraphSession {
  readonly inputNames: readonly string[];
  /** Without the marker. */
  readonly outputNames: readonly string[];
  /** Fills the given outputs; an output that is not given is not copied out. */
  run(
    feeds: Readonly<Record<string, HostTensor>>,
    outputs: Readonly<Record<string, HostTensor>>,
  ): Promise<void>;
  release(): Promise<void>;
}

export interface SessionOptions {
  readonly device: Device;
  readonly threads: number;
  /** Fails instead of running an op on the CPU that the device does not have. */
  readonly forbidFallback?: boolean;
  /** Prefix of a profile file that ORT writes when the session is released. */
  readonly profile?: string;
}

/** `model`: an ONNX model, or the path of one. */
export async function createSession(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<GraphSession> {
  const ort = await loadRuntime();
  const session = await namingMemory(openSession(ort, model, options));
  const marked = session.outputNames.includes(markerOutput);
  const skipCopies = marked && (await markerWorks(ort));
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames.filter((name) => name !== markerOutput),
    async run(feeds, outputs) {
      const fed = mapTensors(ort, feeds);
      const fetched: Record<string, Ort.Tensor | null> = mapTensors(ort, outputs);
      await namingMemory(
        skipCopies
          ? runWithMarker(session, fed, fetched)
          : runPlainly(session, fed, fetched, outputs),
      );
    },
    release: () => session.release(),
  };
}

/** Lets callers tell a lack of memory, which less work may mend, from everything else. */
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

function openSession(
  ort: typeof Ort,
  model: Uint8Array | string,
  { device, threads, forbidFallback = false, profile }: SessionOptions,
): Promise<Ort.InferenceSession> {
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // A third less memory at its peak.
    enableMemPattern: false,
    // Failures arrive as exceptions; the runtime's own lines on stderr are no concern of the user.
    logSeverityLevel: 4,
    ...(forbidFallback ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {}),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}

function mapTensors(
  ort: typeof Ort,
  tensors: Readonly<Record<string, HostTensor>>,
): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, data, shape }]) => [
      name,
      new ort.Tensor(dtype, data as Float32Array, shape),
    ]),
  );
}

/**
 * The binding fills outputs that it was given and then copies every one of them again, 130 ms for
 * 200 MB. A sequence as the first output makes it throw in between: it knows no sequences. Since
 * that leans on the binding's insides, `markerWorks` proves it before it is used.
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
): Promise<void> {
  const results = await session.run(feeds, fetches);
  for (const [name, { data }] of Object.entries(outputs)) {
    const result = results[name]?.data;
    if (result === undefined) throw new Error(`the model has no output "${name}"`);
    // The same values again where the binding has filled the output already.
    (data as Float32Array).set(result as Float32Array);
  }
}

/** Whether this runtime skips the copies of outputs; without it training is right, and slower. */
export async function copiesAreSkipped(): Promise<boolean> {
  return markerWorks(await loadRuntime());
}

let markerTest: Promise<boolean> | undefined;

/** Known answer, once a process: the outputs are filled although the run throws. */
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
