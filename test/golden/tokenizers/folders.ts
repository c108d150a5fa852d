/** Writes the folders of tokenizers.json, whose shared vocabularies are named by "$name". */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GoldenTokenizers {
  readonly named: NamedVocabularies;
  readonly texts: readonly string[];
  readonly kinds: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, unknown>>;
    readonly around: readonly number[];
    readonly mask: number | null;
    readonly ids: readonly (readonly number[])[];
  }[];
}

interface NamedVocabularies {
  readonly words: Readonly<Record<string, number>>;
  readonly pairs: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
  readonly pieces: readonly (readonly [string, number])[];
  readonly charsmap: string;
  /** Base64. */
  readonly model: string;
}

export function writeTokenizerFolder(
  folder: string,
  files: Readonly<Record<string, unknown>>,
  named: NamedVocabularies,
): void {
  const lines = Object.keys(named.words).sort((a, b) => named.words[a]! - named.words[b]!);
  const values: Readonly<Record<string, unknown>> = {
    ...named,
    lines: `${lines.join('\n')}\n`,
    'lines-windows': `${lines.join('\r\n')}\r\n`,
    'merges-lines': `#version: 0.2\n${named.merges.map((pair) => `${pair.join(' ')}\n`).join('')}`,
    model: Buffer.from(named.model, 'base64'),
  };
  const filled = (value: unknown): unknown =>
    typeof value === 'string' && value.startsWith('$') ? values[value.slice(1)] : value;
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const value = filled(content);
    const isWhole = typeof value === 'string' || Buffer.isBuffer(value);
    writeFileSync(
      join(folder, name),
      isWhole ? value : JSON.stringify(value, (_, inner: unknown) => filled(inner)),
    );
  }
}
