/**
 * Makes the bundled model from scratch: vocabulary, pre-training, scores, card.
 *
 *     npm run run-ts -- scripts/starter/main.ts --data DIR [--out models/notespace-starter]
 *         [--work out/starter] [--threads N] [--max-steps N]
 *
 * DIR holds the public sets of `sources.ts` as `NAME.jsonl.gz` with id, text and category. Interrupted,
 * it goes on from its last checkpoint when it is started again.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/core/base/random.js';
import type { EncoderConfig } from '../../src/core/encoder/config.js';
import { familyOf } from '../../src/core/encoder/families.js';
import {
  embeddingNames,
  initialParameters,
  parameterSpecs,
} from '../../src/core/encoder/parameters.js';
import { modelCard } from '../../src/core/model/modelCard.js';
import { createTrainingHashes } from '../../src/core/model/trainingHashes.js';
import { writeModel } from '../../src/core/model/writeModel.js';
import { declutr } from '../../src/core/objectives/declutr.js';
import { createTokenizer } from '../../src/core/tokens/tokenizer.js';
import { trainByteLevelBpe } from '../../src/core/tokens/trainByteLevelBpe.js';
import { unigramLogFrequencies } from '../../src/core/tokens/unigrams.js';
import { parseTrainingConfig } from '../../src/core/train/config.js';
import { train } from '../../src/core/train/trainer.js';
import { starterRemarks } from './card.js';
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
    'max-steps': { type: 'string', default: '500' },
  },
});
if (values.data === undefined) {
  console.error('Say where the public sets are: --data DIR');
  process.exit(2);
}
const threads = Number(values.threads);
const maxSteps = Number(values['max-steps']);

const training = parseTrainingConfig({
  learningRate: 5e-4,
  adamBeta2: 0.98,
  adamEpsilon: 1e-6,
  warmupRatio: 0.06,
  batchDocuments: 32,
  positivesPerAnchor: 1,
  mlmProbability: 0.25,
  maxSteps,
  heldOutTokens: 20_000,
  evalSteps: 200,
  saveSteps: 25,
});

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
  familyOf(config).head.bias,
  unigramLogFrequencies(ids, config.vocabularySize, { smoothing: 0.5 }),
);
start.set(
  embeddingNames(config).words,
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

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
const result = await train({
  objective: declutr({ config, settings: training, categories: [] }),
  config,
  parameters: start,
  tokenizer,
  trainDocuments,
  heldOutDocuments: sets.flatMap(({ heldOut }) => heldOut),
  training,
  seed,
  threads,
  checkpointFolder: join(values.work, 'checkpoints'),
  resume: true,
  signal: controller.signal,
  onMetrics: ({ step, losses, tokensPerSecond, heldOutLoss, heldOutLosses }) => {
    const show = (parts: typeof losses): string =>
      Object.entries(parts)
        .map(([name, loss]) => `${name} ${loss.toFixed(3)}`)
        .join(', ');
    if (heldOutLoss !== null) console.error(`step ${step}: held out: ${show(heldOutLosses ?? {})}`);
    else if (step % 20 === 0) {
      const rate = tokensPerSecond?.toFixed(0) ?? '?';
      console.error(`step ${step}: ${show(losses)}, ${rate} tokens/s`);
    }
  },
  onProgress: () => undefined,
  onNote: (sentence) => {
    console.error(sentence);
  },
  now: () => performance.now(),
});

const shared = { config, tokenizerFiles, dtype: 'F16', onnx: null } as const;
await mkdir(values.work, { recursive: true });
async function scoreParameters(name: string, parameters: Map<string, Float32Array>) {
  const modelFolder = join(values.work, name);
  await writeModel(modelFolder, { ...shared, parameters, card: '', trainingHashes: null });
  return scoreModel({ modelFolder, cacheFolder: join(values.work, 'cache'), threads }, sets);
}
const scores = {
  untrained: await scoreParameters('untrained', random),
  start: await scoreParameters('start', start),
  trained: await scoreParameters('trained', result.parameters),
};
const remarks = starterRemarks(sets, scores);
console.error(remarks[1]);
const model = {
  ...shared,
  parameters: result.parameters,
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
    objective: `DeCLUTR: contrast of spans, and masked language modelling of ${100 * training.mlmProbability} % of their tokens`,
    corpus: 'synthetic, role-played and public clinical texts, listed below',
    training: {
      documents: trainDocuments.length,
      steps: result.steps,
      tokens: result.tokens,
      seed,
    },
    heldOutLoss: result.heldOutLoss,
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
