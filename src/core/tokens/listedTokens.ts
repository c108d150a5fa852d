/**
 * The added tokens of a folder, as transformers 5.24 collects them from tokenizer_config.json,
 * special_tokens_map.json, added_tokens.json and tokenizer.json (`_from_pretrained` and
 * `TokenizersBackend.__init__`). Where tokenizer_config.json lists them all, as
 * `added_tokens_decoder`, the other files do not count.
 */
import type { Settings } from './layout.js';
import type { AddedToken } from './tokenizerJson.js';

export interface TokenSources {
  readonly config: Settings;
  readonly specialTokensMap: Settings | null;
  /** Token to id: added_tokens.json. */
  readonly addedTokens: Readonly<Record<string, unknown>> | null;
  /** Of tokenizer.json. */
  readonly inTokenizerJson: readonly AddedToken[];
  /** Whether those are there from the start, because tokenizer.json counts as it is. */
  readonly asItIs: boolean;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Special tokens that the class adds without being asked. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly maskAbsorbsSpace: boolean;
}

export interface ListedTokens {
  readonly tokens: readonly AddedToken[];
  /** Special tokens by their names in tokenizer_config.json. */
  readonly names: Readonly<Record<string, string>>;
  /** Special tokens without a name. */
  readonly extra: readonly string[];
}

/** A token as a file gives it: what is missing follows from `special`. */
interface Given {
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
  readonly special?: boolean;
}

export const namedTokens: readonly string[] = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
];

export function listTokens(sources: TokenSources): ListedTokens {
  const { config, vocabulary, inTokenizerJson } = sources;
  const listed = givenById(config['added_tokens_decoder']);
  const settings = listed === null ? { ...config, ...specialTokensOf(sources) } : config;
  const extra = extraTokens(settings);
  const byId = listed ?? otherFiles(sources, settings, extra);
  const inOrder = [...byId].sort(([a], [b]) => a - b).map(([, token]) => token);
  const named = namedOf(settings, sources, new Map(inOrder.map((each) => [each.content, each])));
  const names = new Set([...named.values()].map(({ content }) => content));

  const table = createTable(vocabulary);
  if (sources.asItIs) table.add(inTokenizerJson);
  const toAdd = new Map(inOrder.map((token) => [token.content, token]));
  for (const token of named.values()) {
    // transformers gives one that the vocabulary lacks an id beyond it, for which the model has no
    // vector. Here its name is text.
    const isKnown = vocabulary.has(token.content) && !table.has(token.content);
    if (isKnown && !toAdd.has(token.content)) toAdd.set(token.content, token);
  }
  for (const token of extra) {
    if (!toAdd.has(token.content) && !table.has(token.content)) toAdd.set(token.content, token);
  }
  table.add([...toAdd.values()].map((token) => complete(token, names.has(token.content))));
  return {
    tokens: table.all(),
    names: Object.fromEntries([...named].map(([key, { content }]) => [key, content])),
    extra: extra.map(({ content }) => content),
  };
}

/** As `tokenizers` numbers added tokens, whatever id a file gives them. */
function createTable(vocabulary: ReadonlyMap<string, number>) {
  const tokens = new Map<string, AddedToken>();
  return {
    has: (content: string) => tokens.has(content),
    all: () => [...tokens.values()].sort((a, b) => a.id - b.id),
    add(some: readonly Omit<AddedToken, 'id'>[]): void {
      const last = Math.max(-1, ...[...tokens.values()].map(({ id }) => id));
      let next = Math.max(vocabulary.size, last + 1);
      for (const token of some) {
        if (token.content === '') continue;
        const known = tokens.get(token.content)?.id ?? vocabulary.get(token.content);
        tokens.set(token.content, { ...token, id: known ?? next });
        if (known === undefined) next += 1;
      }
    },
  };
}

function complete(token: Given, isNamed: boolean): Omit<AddedToken, 'id'> {
  const special = token.special === true || isNamed;
  return {
    content: token.content,
    single_word: token.single_word === true,
    lstrip: token.lstrip === true,
    rstrip: token.rstrip === true,
    normalized: token.normalized ?? !special,
    special,
  };
}

function namedOf(
  settings: Settings,
  { defaults, maskAbsorbsSpace }: TokenSources,
  listed: ReadonlyMap<string, Given>,
): ReadonlyMap<string, Given> {
  const named = new Map<string, Given>();
  // Those that only this model has, such as `image_token`, count after the usual ones.
  for (const key of [...namedTokens, ...Object.keys(settings)]) {
    const value = settings[key] === undefined ? defaults[key] : settings[key];
    const given = key.endsWith('_token') && !named.has(key) ? toGiven(value) : null;
    if (given === null) continue;
    const absorbs = key === 'mask_token' && maskAbsorbsSpace && typeof value === 'string';
    named.set(key, listed.get(given.content) ?? (absorbs ? { ...given, lstrip: true } : given));
  }
  return named;
}

/** special_tokens_map.json overrules the configuration, but for flags that are its own. */
function specialTokensOf({ specialTokensMap }: TokenSources): Settings {
  return Object.fromEntries(
    Object.entries(specialTokensMap ?? {}).map(([key, value]) => {
      const given = typeof value === 'object' ? toGiven(value) : null;
      return [key, given === null ? value : { ...given, special: true }];
    }),
  );
}

function otherFiles(
  { addedTokens, inTokenizerJson }: TokenSources,
  settings: Settings,
  extra: readonly Given[],
): ReadonlyMap<number, Given> {
  const special = new Set(
    [...namedTokens.map((key) => toGiven(settings[key])), ...extra].map((each) => each?.content),
  );
  const byId = new Map<number, Given>();
  for (const [content, id] of Object.entries(addedTokens ?? {})) {
    if (typeof id === 'number') byId.set(id, { content, special: special.has(content) });
  }
  for (const token of inTokenizerJson) byId.set(token.id, token);
  return byId;
}

function extraTokens(settings: Settings): readonly Given[] {
  const { extra_special_tokens: extra, additional_special_tokens: additional } = settings;
  const values = isFilled(extra) ? extra : additional;
  if (typeof values !== 'object' || values === null) return [];
  return Object.values(values).flatMap((value) => {
    const given = toGiven(value);
    return given === null ? [] : { ...given, special: true };
  });
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function givenById(value: unknown): ReadonlyMap<number, Given> | null {
  if (typeof value !== 'object' || value === null) return null;
  const byId = new Map<number, Given>();
  for (const [id, token] of Object.entries(value)) {
    const given = toGiven(token);
    if (given !== null) byId.set(Number(id), given);
  }
  return byId;
}

/** A name alone is a special token. */
function toGiven(value: unknown): Given | null {
  if (typeof value === 'string') return value === '' ? null : { content: value, special: true };
  if (typeof value !== 'object' || value === null) return null;
  return typeof (value as Partial<Given>).content === 'string' ? (value as Given) : null;
}
