/** Merges the tensors of a low-rank adapter of peft into those of its base. */
import { failure } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import { isFloat, readFloats } from '../base/storedTensor.js';
import type { StoredTensor } from '../base/storedTensor.js';
import { addProduct } from '../encoder/mergeLora.js';
import type { AdapterConfig } from './adapterConfig.js';
import type { Weights } from './weightFiles.js';

interface Factors {
  /** [rank, in], of a table [rank, rows] */
  a?: StoredTensor;
  /** [out, rank] */
  b?: StoredTensor;
  isTable: boolean;
}

/**
 * The base's tensors under their names, changed where the adapter changes them, and those that only
 * the adapter has (a head). Factors are multiplied when a tensor is read.
 *
 * @param name of the adapter, for messages
 */
export function mergedTensors(
  base: Weights,
  adapter: Weights,
  config: AdapterConfig,
  name: string,
): Map<string, StoredTensor> {
  const wrong = (what: string): UserError =>
    failure(`The adapter ${name} ${what}: it does not belong on the base that it names.`);
  const { factors, whole } = sorted(adapter, name);
  const changed = new Map<string, StoredTensor>();
  for (const [module, { a, b, isTable }] of factors) {
    if (a === undefined || b === undefined) throw wrong(`lacks one of the factors of ${module}`);
    const found = nameInBase(`${module}.weight`, base);
    const weight = found === null ? undefined : base.get(found);
    if (found === null || weight === undefined) throw wrong(`adapts ${module}, which is not there`);
    const scale = scaleOf(module, a.shape[0] ?? 0, config);
    if (!fits(weight, { a, b, isTable })) throw wrong(`has factors of another size for ${module}`);
    changed.set(found, {
      ...weight,
      dtype: 'F32',
      parts: () => product(weight, { a, b, isTable }, scale),
    });
  }
  if (changed.size === 0 && whole.size === 0) throw wrong('changes nothing');
  for (const [own, tensor] of whole) changed.set(nameInBase(own, base) ?? own, tensor);
  return inPlaceOf(base, changed);
}

/** What a changed tensor was tied to follows it: the other name goes. */
function inPlaceOf(base: Weights, changed: Map<string, StoredTensor>): Map<string, StoredTensor> {
  const places = new Set([...changed.keys()].map((name) => base.get(name)?.place));
  const kept = [...base].filter(([name, { place }]) => changed.has(name) || !places.has(place));
  return new Map([...kept, ...changed]);
}

function sorted(
  adapter: Weights,
  name: string,
): { factors: Map<string, Factors>; whole: Map<string, StoredTensor> } {
  const factors = new Map<string, Factors>();
  const whole = new Map<string, StoredTensor>();
  for (const [key, tensor] of adapter) {
    const own = key.replace(/^base_model\.model\./, '').replace(/\.default(?=\.|$)/, '');
    const [, module, table, side] = /^(.+)\.lora_(embedding_)?([AB])(?:\.weight)?$/.exec(own) ?? [];
    if (module === undefined) {
      if (/\.lora_|\.token_adapter\./.test(own)) {
        throw failure(
          `The adapter ${name} holds ${own}, which is not supported: merge it in Python, by merge_and_unload(), and choose the folder that you save.`,
        );
      }
      whole.set(own.replace(/\.(base_layer|modules_to_save)(?=\.)/g, ''), tensor);
      continue;
    }
    const pair = factors.get(module) ?? { isTable: table !== undefined };
    if (side === 'A') pair.a = tensor;
    else pair.b = tensor;
    factors.set(module, pair);
  }
  return { factors, whole };
}

/** A bare encoder lacks the first part of the names that its model has, and the other way round. */
function nameInBase(wanted: string, base: Weights): string | null {
  const names = [...base.keys()];
  const same = names.find((name) => modern(name) === wanted);
  if (same !== undefined) return same;
  const near = names.filter(
    (name) => withoutFirst(modern(name)) === wanted || modern(name) === withoutFirst(wanted),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

function withoutFirst(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function modern(name: string): string {
  return name
    .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
    .replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}

function scaleOf(module: string, rank: number, config: AdapterConfig): number {
  const pattern = [...config.alphas.keys()].find(
    (end) => module === end || module.endsWith(`.${end}`),
  );
  const alpha = (pattern === undefined ? undefined : config.alphas.get(pattern)) ?? config.alpha;
  return alpha / (config.isRankStabilised ? Math.sqrt(rank) : rank);
}

type Pair = Required<Factors>;

function fits({ shape, dtype }: StoredTensor, { a, b, isTable }: Pair): boolean {
  const [rank, inputs] = a.shape;
  const [outputs, other] = b.shape;
  const wanted = isTable ? [inputs, outputs] : [outputs, inputs];
  const areMatrices = a.shape.length === 2 && b.shape.length === 2 && shape.length === 2;
  const areFloats = [a, b].every(isFloat) && isFloat({ dtype });
  return areMatrices && areFloats && rank === other && rank !== 0 && wanted.join() === shape.join();
}

/** weight + scale x b a, or its transpose for a table. */
async function* product(
  weight: StoredTensor,
  { a, b, isTable }: Pair,
  scale: number,
): AsyncGenerator<Uint8Array> {
  const [rank, inputs] = a.shape as readonly [number, number];
  const [outputs] = b.shape as readonly [number];
  const [left, right] = isTable
    ? [transposed(await readFloats(a), inputs), transposed(await readFloats(b), rank)]
    : [await readFloats(b), await readFloats(a)];
  const settings = { rank, alpha: scale * rank };
  const width = isTable ? outputs : inputs;
  const merged = addProduct(await readFloats(weight), left, right, width, settings);
  yield new Uint8Array(merged.buffer, merged.byteOffset, merged.byteLength);
}

function transposed(matrix: Float32Array, width: number): Float32Array {
  const height = matrix.length / width;
  return Float32Array.from(
    matrix,
    (_, i) => matrix[(i % height) * width + Math.floor(i / height)]!,
  );
}
