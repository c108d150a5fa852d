import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromSystemError, systemCode, usageError, UserError } from '../base/errors.js';
import { createFolderBeside, makeFolder, replaceFolder, writeFileAtomic } from '../base/files.js';
import { writeSafetensors } from '../base/safetensors.js';
import type { Tensor } from '../base/safetensors.js';
import { toHuggingFaceConfig } from '../encoder/huggingFaceConfig.js';
import type { EncoderConfig } from '../encoder/config.js';
import { familyOf } from '../encoder/familyOf.js';
import { encoderInputNames, parameterSpecs } from '../encoder/declarations.js';
import { modelFileNames } from './fileNames.js';
import { graphHash } from './embeddingHash.js';
import { meanEmbedding } from './sentenceEmbedding.js';
import type { LoadedSentence } from './sentenceEmbedding.js';
import { denseLayers, denseTensors, isModuleFolder, sentenceFiles } from './sentenceFiles.js';
import { readSentenceEmbedding } from './sentenceTransformers.js';
import type { TrainingHashes } from './trainingHashes.js';

export interface ModelToWrite {
  readonly config: EncoderConfig;
  /** By Hugging Face state-dict name; with or without the masked-LM head. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tokenizerFiles: { readonly tokenizerJson: object; readonly tokenizerConfig: object };
  /** Content of README.md; see `modelCard`. */
  readonly card: string;
  readonly dtype: 'F32' | 'F16';
  readonly trainingHashes: TrainingHashes | null;
  /**
   * The metadata field whose categories it was trained on, so that an evaluation on it can say so.
   */
  readonly categoryField?: string | null;
  /** How it embeds a text: that of its base. Without it, as the mean over the tokens. */
  readonly sentence?: LoadedSentence;
  /** Content of onnx/model.onnx, exported with the same `sentence`. */
  readonly onnx: Uint8Array | null;
}

/**
 * Writes a Hugging Face folder atomically. Replaces an existing model, but never a folder with
 * anything else in it.
 */
export async function writeModel(folder: string, model: ModelToWrite): Promise<void> {
  await checkReplaceable(folder);
  let temporary: string | null = null;
  try {
    temporary = await createFolderBeside(folder);
    await writeFiles(temporary, model);
    await replaceFolder(temporary, folder);
  } catch (error) {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true });
    if (error instanceof UserError) throw error;
    throw fromSystemError(error, `The model folder ${folder} could not be written`);
  }
}

async function writeFiles(folder: string, model: ModelToWrite): Promise<void> {
  const { config, parameters, tokenizerFiles, sentence = meanEmbedding(config) } = model;
  const { architectures } = familyOf(config);
  const all = parameterSpecs(config, { mlmHead: true });
  const hasHead = all.some(({ part, name }) => part === 'mlmHead' && parameters.has(name));
  const specs = all.filter(({ part }) => hasHead || part === 'encoder');
  const tensors = specs.map(({ name, shape }): [string, Tensor] => {
    const data = parameters.get(name);
    if (data === undefined) throw new Error(`writeModel was given no ${name}`);
    return [name, { shape, data }];
  });
  await writeSafetensors(join(folder, modelFileNames.weights), tensors, {
    dtype: model.dtype,
    metadata: { format: 'pt' },
  });
  const tokenizerConfig = {
    ...(tokenizerFiles.tokenizerConfig as Readonly<Record<string, unknown>>),
    ...withoutTokenTypes(config),
  };
  const jsonFiles: Record<string, object> = {
    [modelFileNames.config]: {
      architectures: [hasHead ? architectures.maskedLm : architectures.encoder],
      ...toHuggingFaceConfig(config),
      // What Python computes in, not what is stored: in float16 its results are coarse, or fail.
      dtype: 'float32',
    },
    [modelFileNames.tokenizer]: tokenizerFiles.tokenizerJson,
    [modelFileNames.tokenizerConfig]: tokenizerConfig,
    [modelFileNames.specialTokens]: specialTokensMap(tokenizerConfig),
    ...sentenceFiles(sentence, config.hiddenSize),
  };
  for (const [name, json] of Object.entries(jsonFiles)) await writeJson(folder, name, json);
  for (const { folder: place, layer } of denseLayers(sentence)) {
    const path = join(folder, place, modelFileNames.weights);
    const options = { dtype: 'F32', metadata: { format: 'pt' } } as const;
    await writeSafetensors(path, denseTensors(layer), options);
  }
  await writeFileAtomic(join(folder, modelFileNames.card), model.card);
  if (model.onnx !== null) {
    await makeFolder(join(folder, modelFileNames.onnxFolder));
    await writeFileAtomic(join(folder, modelFileNames.onnx), model.onnx);
  }
  await writeJson(folder, modelFileNames.notespace, {
    format: 1,
    onnxOf:
      model.onnx === null
        ? null
        : await graphHash(folder, await readSentenceEmbedding(folder, config)),
    trainingHashes: model.trainingHashes,
    categoryField: model.categoryField ?? null,
  });
}

async function writeJson(folder: string, name: string, json: object): Promise<void> {
  const path = join(folder, name);
  await makeFolder(dirname(path));
  const text = JSON.stringify(json, null, 2);
  await writeFileAtomic(path, `${name === modelFileNames.config ? withFloats(text) : text}\n`);
}

/** Settings that transformers takes as float alone in some families, and refuses as `0`. */
const floats = /^( *"\w*(?:dropout|_prob|_pdrop|_eps|_range)": -?\d+)(?=,?$)/gm;

function withFloats(config: string): string {
  return config.replace(floats, '$1.0');
}

/** Stops a tokenizer that produces token types from passing them to a model without any. */
function withoutTokenTypes(config: EncoderConfig): { readonly model_input_names?: string[] } {
  return encoderInputNames(config).includes('tokenTypeIds')
    ? {}
    : { model_input_names: ['input_ids', 'attention_mask'] };
}

/** Older readers need the special tokens in a separate file. */
function specialTokensMap(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map((name) => `${name}_token`);
  return Object.fromEntries(
    names.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])),
  );
}

async function checkReplaceable(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    if (systemCode(error) === 'ENOTDIR') {
      throw usageError(`${folder} is a file: choose a new folder for the model.`);
    }
    throw fromSystemError(error, `The model folder ${folder}`);
  }
  const ours = new Set<string>(Object.values(modelFileNames));
  if (names.some((name) => !ours.has(name) && !isModuleFolder(name))) {
    throw usageError(
      `The folder ${folder} holds other files, which a model would replace: choose a new or an empty folder.`,
    );
  }
}
