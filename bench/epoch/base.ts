/** The model that everything starts from, with a masked-language-model head where it has none. */
import { parameterSpecs } from '../../src/core/encoder/declarations.js';
import { initialMlmHead } from '../../src/core/encoder/initialHead.js';
import type { Document } from '../../src/core/corpus/document.js';
import { readModel } from '../../src/core/model/readModel.js';
import { readTokenizer } from '../../src/core/model/readTokenizer.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { unigramLogFrequencies } from '../../src/core/tokens/unigrams.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import type { Tokenizer } from '../../src/core/tokens/tokenizer.js';

export interface Base {
  readonly config: EncoderConfig;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tokenizer: Tokenizer;
}

/** Reads a model, and writes it with its head to `into` for the peers. */
export async function prepareBase(
  folder: string,
  notes: readonly Document[],
  into: string,
): Promise<Base> {
  const { config, parameters: read } = await readModel(folder);
  const tokenizer = await readTokenizer(folder, config);
  const parameters = new Map(read);
  const specs = parameterSpecs(config, { mlmHead: true });
  if (specs.some(({ name }) => !parameters.has(name))) {
    const windows = notes.map(({ text }) => tokenizer.encode(text));
    const frequencies = unigramLogFrequencies(windows, config.vocabularySize, {
      specialIds: tokenizer.specialIds,
    });
    for (const [name, values] of initialMlmHead(config, frequencies)) parameters.set(name, values);
  }
  await writeModel(into, {
    config,
    parameters,
    tokenizerFiles: tokenizer.files,
    card: '',
    dtype: 'F32',
    trainingHashes: null,
    onnx: null,
  });
  return { config, parameters, tokenizer };
}
