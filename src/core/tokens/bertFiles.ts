/**
 * Builds tokenizer.json and tokenizer_config.json for a BERT vocabulary, as transformers writes
 * them.
 */
import type { TokenizerFiles } from './tokenizer.js';

/** Fields of tokenizer_config.json; defaults as in transformers' BertTokenizer. */
interface BertTokenizerSettings {
  readonly do_lower_case?: boolean;
  /** If absent or `null`, follows `do_lower_case`. */
  readonly strip_accents?: boolean | null;
  readonly tokenize_chinese_chars?: boolean;
}

const specialNames = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
} as const;

export function bertTokenizerFiles(
  vocabulary: ReadonlyMap<string, number>,
  config: BertTokenizerSettings,
): TokenizerFiles {
  const { do_lower_case = true, strip_accents = null, tokenize_chinese_chars = true } = config;
  const names = { ...specialNames, ...namedSpecials(config) };
  const id = (token: string): number => vocabulary.get(token) ?? 0;
  const around = (type: string, token: string, typeId: number): object => ({
    [type]: { id: token, type_id: typeId },
  });
  const single = [
    around('SpecialToken', names.cls_token, 0),
    around('Sequence', 'A', 0),
    around('SpecialToken', names.sep_token, 0),
  ];
  const pair = [...single, around('Sequence', 'B', 1), around('SpecialToken', names.sep_token, 1)];
  return {
    tokenizerJson: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: Object.values(names)
        .filter((token) => vocabulary.has(token))
        .sort((a, b) => id(a) - id(b))
        .map((content) => ({
          id: id(content),
          content,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: tokenize_chinese_chars,
        strip_accents,
        lowercase: do_lower_case,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single,
        pair,
        special_tokens: Object.fromEntries(
          [names.cls_token, names.sep_token].map((token) => [
            token,
            { id: token, ids: [id(token)], tokens: [token] },
          ]),
        ),
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: names.unk_token,
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(vocabulary),
      },
    },
    tokenizerConfig: {
      clean_up_tokenization_spaces: true,
      do_lower_case,
      model_max_length: 512,
      strip_accents,
      tokenize_chinese_chars,
      tokenizer_class: 'BertTokenizer',
      ...names,
    },
  };
}

/** A vocabulary may rename its special tokens; a name is a string or an object that holds it. */
function namedSpecials(config: object): Partial<Record<keyof typeof specialNames, string>> {
  const fields = config as Readonly<Record<string, unknown>>;
  const entries = Object.keys(specialNames).map((part) => {
    const value = fields[part];
    const content = (value as { content?: unknown } | null | undefined)?.content;
    return [part, typeof value === 'string' ? value : content] as const;
  });
  return Object.fromEntries(entries.filter(([, name]) => typeof name === 'string'));
}
