/** tokenizer.json and tokenizer_config.json that say everything, from what a folder has. */
import type { Layout, Settings, SourceVocabulary } from './layout.js';
import { listTokens } from './listedTokens.js';
import type { ListedTokens } from './listedTokens.js';
import { modelType, vocabularyOf } from './tokenModel.js';
import type { TokenizerFiles } from './tokenizer.js';
import type { TokenizerFolder } from './tokenizerFolder.js';
import type { AddedToken, ModelJson } from './tokenizerJson.js';

export interface LaidOut {
  readonly layout: Layout;
  readonly vocabulary: SourceVocabulary;
}

/** @param laidOut `null`: the folder's tokenizer.json counts as it is. */
export function buildFiles(folder: TokenizerFolder, laidOut: LaidOut | null): TokenizerFiles {
  const { tokenizerJson } = folder;
  const model: ModelJson = laidOut?.vocabulary ?? tokenizerJson?.model ?? {};
  const ids = vocabularyOf(model);
  const listed = listTokens({
    config: folder.config,
    specialTokensMap: folder.specialTokensMap,
    addedTokens: folder.addedTokens,
    inTokenizerJson: tokenizerJson?.added_tokens ?? [],
    asItIs: laidOut === null,
    vocabulary: ids,
    defaults: laidOut?.layout.specialNames ?? {},
    maskAbsorbsSpace: laidOut?.layout.maskAbsorbsSpace ?? false,
  });
  if (laidOut === null) {
    return {
      tokenizerJson: {
        ...tokenizerJson,
        model: { type: modelType(model), ...tokenizerJson?.model },
        added_tokens: listed.tokens,
      },
      tokenizerConfig: completeConfig(folder.config, 'PreTrainedTokenizerFast', {}, listed),
    };
  }
  const { layout, vocabulary } = laidOut;
  const parts = layout.build(vocabulary, folder.config, listed.names);
  return {
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: listed.tokens,
      normalizer: parts.normalizer,
      pre_tokenizer: parts.pre_tokenizer,
      post_processor: postProcessor(layout, ids, listed),
      decoder: parts.decoder,
      model: parts.model,
    },
    tokenizerConfig: completeConfig(folder.config, layout.className, parts.settings, listed),
  };
}

/** `null` if the vocabulary lacks a token that surrounds texts. */
function postProcessor(
  layout: Layout,
  ids: ReadonlyMap<string, number>,
  { names, tokens }: ListedTokens,
): object | null {
  const [before, after] = layout.around.map((part) => {
    const token = names[part] ?? '';
    const id = tokens.find(({ content }) => content === token)?.id ?? ids.get(token);
    return id === undefined ? null : { token, id };
  });
  if (before === null || before === undefined || after === null || after === undefined) return null;
  return layout.postProcessor(before, after);
}

/** Code of the model's own, and names of files on the machine that wrote it. */
const dropped = [
  'auto_map',
  'name_or_path',
  'special_tokens_map_file',
  'tokenizer_file',
  'vocab_file',
  'merges_file',
  'extra_special_tokens',
  'additional_special_tokens',
];

function completeConfig(
  config: Settings,
  className: string,
  settings: Settings,
  { tokens, names, extra }: ListedTokens,
): Settings {
  return {
    ...Object.fromEntries(Object.entries(config).filter(([key]) => !dropped.includes(key))),
    ...settings,
    ...names,
    ...(extra.length === 0 ? {} : { additional_special_tokens: extra }),
    added_tokens_decoder: Object.fromEntries(tokens.map(({ id, ...token }) => [id, flags(token)])),
    tokenizer_class: className,
  };
}

/** In the order in which transformers writes them. */
function flags(token: Omit<AddedToken, 'id'>): object {
  const { content, lstrip, normalized, rstrip, single_word, special } = token;
  return { content, lstrip, normalized, rstrip, single_word, special };
}
