/** The README.md of a model folder: Hugging Face's front matter, then a description. */
import { count } from '../base/wording.js';
import type { EncoderConfig } from '../encoder/config.js';
import { families } from '../../protocol/catalogue/families.js';
import { poolingLabel } from '../../protocol/catalogue/poolings.js';
import { meanEmbedding } from './sentenceEmbedding.js';
import type { SentenceEmbedding } from './sentenceEmbedding.js';

export interface CardFacts {
  readonly name: string;
  /** SPDX name, or "other". */
  readonly license: string;
  readonly config: EncoderConfig;
  readonly parameters: number;
  /** How it embeds a text; without it, as the mean over the tokens. */
  readonly sentence?: SentenceEmbedding;
  /** Name of the base model; `null` if training started from scratch. */
  readonly base: string | null;
  readonly objective: string;
  /** Training data in words. Never note text, or a path that names a person. */
  readonly corpus: string;
  readonly training: {
    readonly documents: number;
    readonly steps: number;
    readonly tokens: number;
    readonly seed: number;
  };
  readonly heldOutLoss: { readonly before: number; readonly after: number } | null;
  /** The command that reproduces the model. */
  readonly command: string | null;
  /** Further paragraphs: scores, limits. */
  readonly remarks?: readonly string[];
}

export function modelCard(facts: CardFacts): string {
  const { config, training, heldOutLoss } = facts;
  const rows: [string, string][] = [
    [
      'Architecture',
      `${families[config.modelType].label}, ${config.hiddenLayers} layers x ${config.hiddenSize}`,
    ],
    ['Vocabulary', count(config.vocabularySize)],
    ['Parameters', count(facts.parameters)],
    ['Started from', facts.base ?? 'random weights'],
    ['Objective', facts.objective],
    ['Corpus', facts.corpus],
    ['Training documents', count(training.documents)],
    ['Steps', count(training.steps)],
    ['Tokens', count(training.tokens)],
    ['Seed', String(training.seed)],
  ];
  if (heldOutLoss !== null) {
    const { before, after } = heldOutLoss;
    rows.push(['Held-out loss', `${before.toFixed(4)} before, ${after.toFixed(4)} after`]);
  }
  const command = facts.command === null ? '' : section('Made by', fence(facts.command));
  return [
    '---',
    'library_name: sentence-transformers',
    `license: ${JSON.stringify(facts.license)}`,
    'language: en',
    'pipeline_tag: sentence-similarity',
    'tags: [notespace, fill-mask, clinical]',
    '---',
    '',
    `# ${oneLine(facts.name)}`,
    '',
    'A language model for clinical text, trained with Notespace. It loads in transformers and in',
    `sentence-transformers as it is; a text’s embedding is ${embeddingInWords(facts)}.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${oneLine(value).replaceAll('|', '\\|')} |`),
    '',
    ...(facts.remarks ?? []).flatMap((remark) => [remark, '']),
    command,
    section(
      'Use it with care',
      'It groups and finds notes for people who read them. It was not validated for any clinical decision. ' +
        '`notespace.json` holds salted hashes of the training documents: whoever has a text can tell whether it was among them.',
    ),
  ].join('\n');
}

function embeddingInWords({ config, sentence = meanEmbedding(config) }: CardFacts): string {
  const dense = sentence.layers.filter(({ kind }) => kind === 'dense').length;
  return `${poolingLabel(sentence.poolings)}${dense === 0 ? '' : ', then a Dense layer that training left as it was'}`;
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}\n`;
}

function fence(text: string): string {
  return '```sh\n' + text + '\n```';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
