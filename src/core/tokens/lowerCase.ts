import type { TokenizerFiles } from './tokenizer.js';

interface NormalizerJson {
  readonly type?: string;
  readonly lowercase?: boolean;
  readonly normalizers?: readonly NormalizerJson[];
}

/** The tokenizer's files with texts lower-cased first, as sentence-transformers does it. */
export function lowerCasing({ tokenizerJson, tokenizerConfig }: TokenizerFiles): TokenizerFiles {
  const { normalizer } = tokenizerJson as { readonly normalizer?: NormalizerJson | null };
  const steps = stepsOf(normalizer ?? null);
  if (steps.some(({ type, lowercase }) => type === 'Lowercase' || lowercase === true)) {
    return { tokenizerJson, tokenizerConfig };
  }
  const lower = [
    // JavaScript lower-cases a final sigma differently from the reference implementation.
    { type: 'Replace', pattern: { String: '\u03a3' }, content: '\u03c3' },
    { type: 'Lowercase' },
  ];
  const normalizers = [...lower, ...steps];
  return {
    tokenizerJson: { ...tokenizerJson, normalizer: { type: 'Sequence', normalizers } },
    tokenizerConfig,
  };
}

function stepsOf(normalizer: NormalizerJson | null): readonly NormalizerJson[] {
  if (normalizer === null) return [];
  return normalizer.type === 'Sequence' ? (normalizer.normalizers ?? []) : [normalizer];
}
