/**
 * Makes the bundled model from scratch: vocabulary, word vectors, masked language modelling, DeCLUTR,
 * scores, card.
 *
 *     npm run run-ts -- scripts/starter/main.ts --data DIR [--out models/notespace-starter]
 *         [--work out/starter] [--threads N] [--mlm-steps N] [--declutr-steps N]
 *
 * DIR holds the public sets of `sources.ts` as `NAME.jsonl.gz` with id, text and category. After an
 * interruption, the same command continues from the last checkpoint.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { trainingBackend } from '../../src/core/backend/registry.js';
import { createRandom } from '../../src/core/base/random.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import { parameterSpecs, wordTable } from '../../src/core/encoder/declarations.js';
import { initialParameters } from '../../src/core/encoder/parameters.js';
import { evaluateMaskedLm } from '../../src/core/evaluate/maskedLm.js';
import { modelCard } from '../../src/core/model/modelCard.js';
import { createTrainingHashes } from '../../src/core/model/trainingHashes.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { declutr } from '../../src/core/objectives/declutr.js';
import { mlm } from '../../src/core/objectives/mlm.js';
import { createTokenizer } from '../../src/core/tokens/tokenizer.js';
import { trainByteLevelBpe } from './trainByteLevelBpe.js';
import { unigramLogFrequencies } from '../../src/core/tokens/unigrams.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import { train } from '../../src/core/train/trainer.js';
import type { TrainResult } from '../../src/core/train/trainer.js';
import { starterRemarks } from './card.js';
import type { ModelScores } from './card.js';
import { scoreModel } from './score.js';
import { readSets } from './sources.js';
import { wordVectors } from './wordVectors.js';

const seed = 20_261_123;
const project = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: join(project, 'models', 'notespace-starter') },
    work: { type: 'string', default: join(project, 'out', 'starter') },
    threads: { type: 'string', default: String(availableParallelism()) },
    'mlm-steps': { type: 'string', default: '3000' },
    'declutr-steps': { type: 'string', default: '600' },
  },
});
if (values.data === undefined) {
  console.error('Say where the public sets are: --data DIR');
  process.exit(2);
}
const threads = Number(values.threads);

const shared = {
  adamBeta2: 0.98,
  adamEpsilon: 1e-6,
  warmupRatio: 0.06,
  mlmProbability: 0.25,
  heldOutTokens: 20_000,
  evalSteps: 200,
  saveSteps: 25,
};
const stages = [
  {
    name: 'mlm',
    training: parseTrainingConfig({
      ...shared,
      learningRate: 5e-4,
      batchTokens: 2048,
      maxSteps: Number(values['mlm-steps']),
    }),
    objective: mlm,
  },
  {
    name: 'declutr',
    training: parseTrainingConfig({
      ...shared,
      learningRate: 2e-4,
      batchDocuments: 32,
      positivesPerAnchor: 1,
      maxSteps: Number(values['declutr-steps']),
    }),
    objective: declutr,
  },
] as const;

const sets = await readSets(values.data, join(project, 'samples'), seed);
const trainDocuments = sets.flatMap((set) => set.train);
const texts = trainDocuments.map(({ text }) => text);
const tokenizerFiles = await trainByteLevelBpe(texts, { vocabularySize: 8192 });
const tokenizer = createTokenizer(tokenizerFiles.tokenizerJson, tokenizerFiles.tokenizerConfig);
const config: EncoderConfig = {
  modelType: 'roberta',
  vocabularySize: tokenizer.vocabularySize,
  hiddenSize: 256,
  hiddenLayers: 4,
  attentionHeads: 4,
  intermediateSize: 1024,
  activation: 'gelu',
  maxPositionEmbeddings: 514,
  typeVocabularySize: 1,
  padTokenId: tokenizer.special.pad,
  layerNormEps: 1e-5,
  hiddenDropout: 0.1,
  attentionDropout: 0,
  initializerRange: 0.02,
};
const specs = parameterSpecs(config, { mlmHead: true });
const random = initialParameters(specs, config, createRandom(seed, 'starter'));
const start = new Map(random);
const ids = texts.map((text) => tokenizer.encode(text));
start.set(
  specs.find(({ inNewHead }) => inNewHead === 'logFrequencies')!.name,
  unigramLogFrequencies(ids, config.vocabularySize, { smoothing: 0.5 }),
);
start.set(
  wordTable(config).name,
  wordVectors(ids, {
    vocabularySize: config.vocabularySize,
    dimension: config.hiddenSize,
    reach: 10,
    scale: config.initializerRange,
    random: createRandom(seed, 'word vectors'),
  }),
);
console.error(
  `${trainDocuments.length} documents to train on, ${tokenizer.vocabularySize} tokens in the vocabulary`,
);

const backend = trainingBackend('auto');
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
const heldOutDocuments = sets.flatMap(({ heldOut }) => heldOut);
const files = { config, tokenizerFiles, dtype: 'F16', onnx: null } as const;

async function trainStage(
  { name, training, objective }: (typeof stages)[number],
  parameters: Map<string, Float32Array>,
): Promise<TrainResult> {
  return train({
    backend,
    objective: objective({ config, settings: training, categories: [] }),
    config,
    parameters,
    tokenizer,
    trainDocuments,
    heldOutDocuments,
    training,
    seed,
    threads,
    checkpointFolder: join(values.work, `${name}-checkpoints`),
    resume: true,
    signal: controller.signal,
    onMetrics: ({ step, losses, tokensPerSecond, heldOutLoss, heldOutLosses }) => {
      const show = (parts: typeof losses): string =>
        Object.entries(parts)
          .map(([loss, value]) => `${loss} ${value.toFixed(3)}`)
          .join(', ');
      if (heldOutLoss !== null) {
        console.error(`${name} ${step}: held out: ${show(heldOutLosses ?? {})}`);
      } else if (step % 20 === 0) {
        const rate = tokensPerSecond?.toFixed(0) ?? '?';
        console.error(`${name} ${step}: ${show(losses)}, ${rate} tokens/s`);
      }
    },
    onProgress: () => undefined,
    onNote: (sentence) => {
      console.error(sentence);
    },
    now: () => performance.now(),
  });
}

async function score(name: string, parameters: Map<string, Float32Array>): Promise<ModelScores> {
  const modelFolder = join(values.work, name);
  await writeModel(modelFolder, { ...files, parameters, card: '', trainingHashes: null });
  const options = { modelFolder, cacheFolder: join(values.work, 'cache'), threads };
  const neighbours = await scoreModel(options, sets);
  const documents = heldOutDocuments;
  const heldOut = { backend, config, parameters, tokenizer, documents, seed, threads };
  return { neighbours, maskedLm: await evaluateMaskedLm(heldOut) };
}

await mkdir(values.work, { recursive: true });
const scores = [
  { name: 'untrained', ...(await score('untrained', random)) },
  { name: 'word vectors', ...(await score('word-vectors', start)) },
];
let parameters = start;
let tokens = 0;
let steps = 0;
for (const stage of stages) {
  const result = await trainStage(stage, parameters);
  parameters = result.parameters;
  tokens += result.tokens;
  steps += result.steps;
  scores.push({ name: stage.name, ...(await score(stage.name, parameters)) });
}
const remarks = starterRemarks(sets, scores);
console.error(remarks[1]);
const model = {
  ...files,
  parameters,
  trainingHashes: createTrainingHashes(texts, randomBytes(16).toString('hex')),
};

const licence = join(values.out, 'LICENSE');
await rm(licence, { force: true });
await writeModel(values.out, {
  ...model,
  card: modelCard({
    name: 'notespace-starter',
    license: 'mit',
    config,
    parameters: specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    base: null,
    objective: `masked language modelling (${values['mlm-steps']} steps), then DeCLUTR (${values['declutr-steps']} steps); ${100 * shared.mlmProbability} % of the tokens are predicted`,
    corpus: 'synthetic, role-played and public clinical texts, listed below',
    training: {
      documents: trainDocuments.length,
      steps,
      tokens,
      seed,
    },
    heldOutLoss: null,
    command: 'npm run run-ts -- scripts/starter/main.ts --data DIR',
    remarks,
  }),
});
await writeFile(licence, mitLicence());

function mitLicence(): string {
  return `MIT License

Copyright (c) 2026 the Notespace authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this model and
associated files (the "Model"), to deal in the Model without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Model, and to permit persons to whom the Model is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Model.

THE MODEL IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE MODEL OR THE USE OR OTHER DEALINGS IN THE MODEL.

The texts that the model was trained on keep their own licences; README.md names them.
`;
}
