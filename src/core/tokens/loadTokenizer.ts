/** Loads a model folder's tokenizer as AutoTokenizer of transformers 5.24 does. */
import { usageError } from '../base/errors.js';
import { buildFiles } from './buildFiles.js';
import type { Layout, SourceVocabulary, SpecialNames } from './layout.js';
import { bertLayout } from './bertLayout.js';
import { namedTokens } from './listedTokens.js';
import { robertaLayout } from './robertaLayout.js';
import type { SentencePieceModel } from './sentencePieceModel.js';
import { specialTokenName } from './specialTokens.js';
import { modelType } from './tokenModel.js';
import { createTokenizer } from './tokenizer.js';
import type { Tokenizer, TokenizerFiles } from './tokenizer.js';
import { layoutOfModelType, tokenizerClassOf } from './tokenizerClass.js';
import { readTokenizerFolder } from './tokenizerFolder.js';
import type { TokenizerFolder } from './tokenizerFolder.js';
import { stepsOf } from './tokenizerJson.js';

export async function loadTokenizer(modelFolder: string): Promise<Tokenizer> {
  const { tokenizerJson, tokenizerConfig } = tokenizerFiles(await readTokenizerFolder(modelFolder));
  return createTokenizer(tokenizerJson, tokenizerConfig);
}

/** Complete files: they tokenize alike in transformers, whatever the folder's own files left open. */
export function tokenizerFiles(folder: TokenizerFolder): TokenizerFiles {
  const { tokenizerJson, config, modelConfig } = folder;
  const { layout, unknown } = tokenizerClassOf(config, modelConfig);
  if (tokenizerJson !== null) {
    const type = modelType(tokenizerJson.model ?? {});
    // A class with a vocabulary of another kind cannot read it, in transformers neither.
    if (layout === null || layout.modelType !== type) return buildFiles(folder, null);
    return buildFiles(folder, { layout, vocabulary: vocabularyIn(folder) });
  }
  if (unknown !== null) {
    throw usageError(
      `The model folder ${folder.path} has a tokenizer of the class ${unknown}, which only Python can read without tokenizer.json: save it there by AutoTokenizer.from_pretrained(folder).save_pretrained(folder), or choose another model.`,
    );
  }
  const usual = layout ?? layoutOfModelType(modelConfig);
  const found = vocabularyFiles(folder, usual);
  if (found !== null) return buildFiles(folder, found);
  if (folder.sentencePiece !== null) return fromSentencePiece(folder, folder.sentencePiece, usual);
  throw usageError(
    `The model folder ${folder.path} has no tokenizer: it needs tokenizer.json, vocab.json with merges.txt, or vocab.txt.`,
  );
}

function fromSentencePiece(
  folder: TokenizerFolder,
  { pieces, isUnigram, charsmap }: SentencePieceModel,
  layout: Layout | null,
): TokenizerFiles {
  if (layout?.orderPieces === undefined || !isUnigram) {
    throw usageError(
      `The model folder ${folder.path} has only a SentencePiece model of a kind that Notespace does not read: write tokenizer.json in Python by AutoTokenizer.from_pretrained(folder).save_pretrained(folder).`,
    );
  }
  const names = { ...layout.specialNames, ...namesIn(folder) };
  const vocab = layout.orderPieces(
    pieces.map(({ token, score }) => [token, score]),
    names,
  );
  const added = pieces.filter(({ isAdded }) => isAdded).map(({ token }) => token);
  const config = { additional_special_tokens: added, ...folder.config };
  return buildFiles({ ...folder, config }, { layout, vocabulary: { vocab, merges: [], charsmap } });
}

function namesIn({ config, specialTokensMap }: TokenizerFolder): SpecialNames {
  const from = { ...config, ...specialTokensMap };
  return Object.fromEntries(
    namedTokens.flatMap((key) => {
      const name = specialTokenName(from, key);
      return name === null ? [] : [[key, name]];
    }),
  );
}

function vocabularyIn({ tokenizerJson }: TokenizerFolder): SourceVocabulary {
  const charsmap = stepsOf(tokenizerJson?.normalizer, 'normalizers').find(
    (step) => step.type === 'Precompiled',
  )?.['precompiled_charsmap'];
  return {
    vocab: tokenizerJson?.model?.vocab ?? {},
    merges: tokenizerJson?.model?.merges ?? [],
    charsmap: typeof charsmap === 'string' ? charsmap : null,
  };
}

/** The files that the layout reads; without a layout, those that are there decide on it. */
function vocabularyFiles(
  { wordPieces, bytePairs }: TokenizerFolder,
  layout: Layout | null,
): { layout: Layout; vocabulary: SourceVocabulary } | null {
  if (bytePairs !== null && (layout?.modelType ?? 'BPE') === 'BPE') {
    return { layout: layout ?? robertaLayout, vocabulary: { ...bytePairs, charsmap: null } };
  }
  if (wordPieces !== null && (layout?.modelType ?? 'WordPiece') === 'WordPiece') {
    const vocab = Object.fromEntries(wordPieces);
    return { layout: layout ?? bertLayout, vocabulary: { vocab, merges: [], charsmap: null } };
  }
  return null;
}
