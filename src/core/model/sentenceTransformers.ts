/** Reads how a folder wants its texts embedded: `modules.json` and the files that it names. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../base/errors.js';
import { poolingNames, poolings as poolingEntries } from '../../protocol/catalogue/poolings.js';
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
import type { EncoderConfig } from '../encoder/config.js';
import { checkSentenceInput, readDenseLayer } from './denseLayer.js';
import { modelFileNames } from './fileNames.js';
import { readModelJson, readModelJsonList } from './readModelJson.js';
import { meanEmbedding } from './sentenceEmbedding.js';
import type { SentenceEmbedding, SentenceLayer } from './sentenceEmbedding.js';

interface Module {
  /** Last part of its class's name: "Pooling". */
  readonly type: string;
  /** Folder within the model's; empty for the model itself. */
  readonly path: string;
}

/**
 * Reads the JSON files only. A folder without `modules.json` pools by the mean, without prompts.
 * Throws, naming it, on a module or a setting that we do not compute.
 */
export async function readSentenceEmbedding(
  folder: string,
  config: EncoderConfig,
): Promise<SentenceEmbedding> {
  const plain = meanEmbedding(config);
  const listed = await readModelJsonList(folder, modelFileNames.modules);
  if (listed === null) return plain;
  const [transformer, pooling, ...rest] = listed.map((entry) => moduleOf(folder, entry));
  if (transformer?.type !== 'Transformer' || transformer.path !== '') {
    throw refused(folder, `does not begin with a Transformer in the folder itself`);
  }
  if (pooling?.type !== 'Pooling') {
    throw refused(folder, `has ${pooling?.type ?? 'nothing'} where Pooling comes second`);
  }
  const { poolings, includePrompt } = await readPooling(folder, pooling.path, config.hiddenSize);
  let width = poolings.length * config.hiddenSize;
  const layers: SentenceLayer[] = [];
  for (const { type, path } of rest) {
    const readLayer = layerReaders[type];
    if (readLayer === undefined) throw refused(folder, `has the module ${type}`);
    const layer = await readLayer(folder, path, width);
    if (layer.kind === 'dense') width = layer.outFeatures;
    layers.push(layer);
  }
  const settings = await readTransformerSettings(folder);
  const named = (await readModelJson(folder, modelFileNames.sentenceTransformer)) ?? {};
  const { default_prompt_name: defaultName, similarity_fn_name: similarity } = named;
  return {
    poolings,
    includePrompt,
    layers,
    maxTokens: Math.min(plain.maxTokens, await readWindow(folder, settings)),
    lowerCase: settings['do_lower_case'] === true,
    prompts: {
      named: promptsOf(folder, named['prompts']),
      defaultName: typeof defaultName === 'string' ? defaultName : null,
    },
    truncatedTo: truncation(named['truncate_dim'], width),
    similarity: typeof similarity === 'string' ? similarity : plain.similarity,
  };
}

/** Whether texts are lower-cased before the tokenizer's own rules. */
export async function lowersCase(folder: string): Promise<boolean> {
  const modules = await readModelJsonList(folder, modelFileNames.modules);
  return modules !== null && (await readTransformerSettings(folder))['do_lower_case'] === true;
}

type ReadLayer = (folder: string, path: string, width: number) => Promise<SentenceLayer>;

/** The modules that may follow Pooling. */
const layerReaders: Readonly<Record<string, ReadLayer | undefined>> = {
  Dense: readDenseLayer,
  async Normalize(folder, path) {
    const config = path === '' ? null : await readModelJson(folder, `${path}/config.json`);
    checkSentenceInput(join(folder, path), config ?? {});
    return { kind: 'normalise' };
  },
};

function moduleOf(folder: string, entry: unknown): Module {
  const { type, path } = Object(entry) as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string' || typeof path !== 'string') {
    throw refused(folder, `does not name each module's type and path`);
  }
  if (!type.startsWith('sentence_transformers.')) throw refused(folder, `has the module ${type}`);
  // A path could point outside the model folder.
  if (!/^[\w.-]*$/.test(path) || /^\.+$/.test(path)) {
    throw refused(folder, `has a module in ${JSON.stringify(path)}`);
  }
  return { type: type.split('.').at(-1) ?? '', path };
}

function refused(folder: string, what: string): Error {
  return usageError(
    `The file ${modelFileNames.modules} of the model ${folder} ${what}, which is not supported: choose a model of Transformer, Pooling, Dense and Normalize, in this order, or delete ${modelFileNames.modules} to embed by the mean over the tokens.`,
  );
}

async function readPooling(
  folder: string,
  path: string,
  hiddenSize: number,
): Promise<Pick<SentenceEmbedding, 'poolings' | 'includePrompt'>> {
  const name = path === '' ? 'config.json' : `${path}/config.json`;
  const config = path === '' ? null : await readModelJson(folder, name);
  if (config === null) {
    throw usageError(
      `The model ${folder} lacks ${name}, which says how it pools: copy or download the whole model.`,
    );
  }
  const width = config['embedding_dimension'] ?? config['word_embedding_dimension'] ?? hiddenSize;
  if (width !== hiddenSize) {
    throw usageError(
      `The file ${name} of the model ${folder} is for hidden states of ${JSON.stringify(width)} numbers where config.json has ${hiddenSize}: copy or download the whole model again.`,
    );
  }
  return {
    poolings: poolingsOf(config, `${folder}/${name}`),
    includePrompt: config['include_prompt'] !== false,
  };
}

/** By name, as newer versions write it, or by one flag for each. */
function poolingsOf(config: Readonly<Record<string, unknown>>, file: string): PoolingName[] {
  const named = config['pooling_mode'];
  const modes: readonly unknown[] = Array.isArray(named)
    ? named
    : named === undefined
      ? poolingNames.filter((name) => config[poolingEntries[name].flag] === true)
      : [named];
  const found = modes.map((mode) => {
    const known = poolingNames.find((name) => name === mode);
    if (known !== undefined) return known;
    throw usageError(
      `The file ${file} names the pooling ${JSON.stringify(mode)}, which is not supported: choose a model that pools by ${poolingNames.join(', ')}.`,
    );
  });
  const flags = poolingNames.map((name): string => poolingEntries[name].flag);
  for (const key of Object.keys(config)) {
    if (!key.startsWith('pooling_mode_') || flags.includes(key) || config[key] !== true) continue;
    throw usageError(
      `The file ${file} sets ${key}, which is not supported: choose a model that pools by ${poolingNames.join(', ')}.`,
    );
  }
  return found.length === 0 ? ['mean'] : found;
}

async function readTransformerSettings(folder: string): Promise<Record<string, unknown>> {
  const name = await settingsFile(folder);
  const settings = (await readModelJson(folder, name)) ?? {};
  const task = settings['transformer_task'] ?? 'feature-extraction';
  if (task === 'feature-extraction') return settings;
  throw usageError(
    `The file ${name} of the model ${folder} sets transformer_task to ${JSON.stringify(task)}, which is not supported: choose a model for sentence embeddings.`,
  );
}

/** Old versions of sentence-transformers named it after the model's family. */
async function settingsFile(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => isSettingsFile(name)).sort();
  const usual: string = modelFileNames.sentenceBert;
  return names.includes(usual) ? usual : (names[0] ?? usual);
}

/** Whether a file of this name holds the Transformer's settings: `sentence_bert_config.json`. */
export function isSettingsFile(name: string): boolean {
  return /^sentence_[\w-]+_config\.json$/.test(name);
}

async function readWindow(
  folder: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<number> {
  const tokenizer = await readModelJson(folder, modelFileNames.tokenizerConfig);
  const window = settings['max_seq_length'] ?? tokenizer?.['model_max_length'] ?? Infinity;
  // Room for two special tokens and one text token.
  if (typeof window === 'number' && window >= 3) return window;
  throw usageError(
    `The model ${folder} gives ${JSON.stringify(window)} as its longest input (max_seq_length), which leaves no room for text: correct it, or choose another model.`,
  );
}

function promptsOf(folder: string, prompts: unknown): Record<string, string> {
  const entries = Object.entries(Object(prompts ?? {}) as Readonly<Record<string, unknown>>);
  for (const [name, prompt] of entries) {
    if (typeof prompt === 'string' || prompt === null) continue;
    throw usageError(
      `The prompt ${JSON.stringify(name)} in ${modelFileNames.sentenceTransformer} of the model ${folder} is not a text: correct it, or choose another model.`,
    );
  }
  return Object.fromEntries(
    entries.flatMap(([name, prompt]) => (typeof prompt === 'string' ? [[name, prompt]] : [])),
  );
}

function truncation(length: unknown, width: number): number | null {
  return typeof length === 'number' && length >= 1 && length < width ? Math.floor(length) : null;
}
