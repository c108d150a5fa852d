/** Which class AutoTokenizer of transformers 5.24 takes for a folder, and what it builds. */
import { families } from '../../protocol/catalogue/families.js';
import type { FamilyEntry } from '../../protocol/catalogue/families.js';
import { bertLayout, mpnetLayout } from './bertLayout.js';
import type { Layout, Settings } from './layout.js';
import { robertaLayout } from './robertaLayout.js';
import { camembertLayout, xlmRobertaLayout } from './sentencePieceLayout.js';

/** Aliases in transformers share the code of one class. */
const layouts: Readonly<Record<string, Layout>> = {
  BertTokenizer: bertLayout,
  DistilBertTokenizer: bertLayout,
  ElectraTokenizer: bertLayout,
  ConvBertTokenizer: bertLayout,
  MobileBertTokenizer: bertLayout,
  SqueezeBertTokenizer: bertLayout,
  LayoutLMTokenizer: bertLayout,
  DPRContextEncoderTokenizer: bertLayout,
  DPRQuestionEncoderTokenizer: bertLayout,
  MPNetTokenizer: mpnetLayout,
  RobertaTokenizer: robertaLayout,
  BartTokenizer: robertaLayout,
  LongformerTokenizer: robertaLayout,
  LEDTokenizer: robertaLayout,
  XLMRobertaTokenizer: xlmRobertaLayout,
  CamembertTokenizer: camembertLayout,
};

/** Classes that take tokenizer.json as it is. */
const asItIs = new Set([
  'PreTrainedTokenizer',
  'PreTrainedTokenizerFast',
  'TokenizersBackend',
  'PythonBackend',
]);

function familyEntry(modelConfig: Settings): FamilyEntry | undefined {
  const entries: Readonly<Record<string, FamilyEntry>> = families;
  return entries[text(modelConfig['model_type']) ?? ''];
}

export interface TokenizerClass {
  /** `null`: tokenizer.json as it is. */
  readonly layout: Layout | null;
  /** The class that the folder names but that is not here, so that only tokenizer.json will do. */
  readonly unknown: string | null;
}

export function tokenizerClassOf(config: Settings, modelConfig: Settings): TokenizerClass {
  const family = familyEntry(modelConfig);
  const usual = family?.tokenizerClass;
  const named =
    family?.namesWrongTokenizer === true
      ? undefined
      : (text(config['tokenizer_class']) ?? text(modelConfig['tokenizer_class']));
  const name = named?.replace(/Fast$/, '') ?? usual;
  if (name === undefined || asItIs.has(name) || asItIs.has(`${name}Fast`)) {
    return { layout: null, unknown: null };
  }
  const layout = layouts[name];
  return layout === undefined ? { layout: null, unknown: name } : { layout, unknown: null };
}

/** For files without tokenizer.json in a folder that names no class of its own. */
export function layoutOfModelType(modelConfig: Settings): Layout | null {
  return layouts[familyEntry(modelConfig)?.tokenizerClass ?? ''] ?? null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
