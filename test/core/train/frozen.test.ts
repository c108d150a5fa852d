/** What is frozen stays as it was to the last bit, and all that is trained moves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/base/random.js';
import { loraModules } from '../../../src/core/encoder/lora.js';
import { evaluateMaskedLm } from '../../../src/core/evaluate/maskedLm.js';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyParameters } from './toyCorpus.js';
import { toyRun } from './toyRun.js';

let checkpointFolder: string;
beforeEach(async () => {
  checkpointFolder = await mkdtemp(join(tmpdir(), 'frozen-'));
});
afterEach(async () => {
  await rm(checkpointFolder, { recursive: true });
});

/** Names of the parameters that a run left as they were, and of those that it moved. */
async function moved(options: TrainOptions) {
  const { parameters } = await train(options);
  expect([...parameters.keys()]).toEqual([...options.parameters.keys()]);
  const isSame = (name: string): boolean =>
    options.parameters.get(name)!.every((value, i) => Object.is(value, parameters.get(name)![i]));
  const names = [...parameters.keys()];
  return { frozen: names.filter(isSame), trained: names.filter((name) => !isSame(name)) };
}

const embeddings = /\.embeddings\./;
const lowest = /\.layer\.0\./;

describe('frozen layers', () => {
  it.each([
    [{ frozenLayers: 1 }, [lowest]],
    [{ freezeEmbeddings: true }, [embeddings]],
    [{ frozenLayers: 1, freezeEmbeddings: true }, [lowest, embeddings]],
    [{ frozenLayers: 2, freezeEmbeddings: true }, [/\.layer\./, embeddings]],
    [{}, []],
  ])('%j', async (training, patterns) => {
    const { frozen, trained } = await moved(
      toyRun('declutr', { ...training, maxSteps: 3 }, { checkpointFolder }),
    );
    const isFrozen = (name: string): boolean => patterns.some((pattern) => pattern.test(name));
    expect(frozen.filter((name) => !isFrozen(name))).toEqual([]);
    expect(trained.filter(isFrozen)).toEqual([]);
  });
});

describe('low-rank adaptation', () => {
  const adapted = {
    'query and value': { modules: ['query', 'value'], pattern: /self\.(query|value)\.weight$/ },
    'all matrices': { modules: loraModules, pattern: /\.layer\..*(?<!LayerNorm)\.weight$/ },
  };
  const lora = (modules: readonly string[]) => ({
    lora: { rank: 4, alpha: 8, dropout: 0.1, modules },
    learningRate: 0.02,
  });

  it.each(Object.entries(adapted))('moves %s alone', async (_name, { modules, pattern }) => {
    const options = toyRun('mlm', { ...lora(modules), maxSteps: 3 }, { checkpointFolder });
    const { frozen, trained } = await moved(options);
    expect(trained.filter((name) => !pattern.test(name))).toEqual([]);
    expect(frozen.filter((name) => pattern.test(name))).toEqual([]);
  });

  it('moves a new head beside them', async () => {
    const options = toyRun('mlm', { ...lora(['query']), maxSteps: 3 }, { checkpointFolder });
    const { trained } = await moved({ ...options, newHead: true });
    const isHead = (name: string): boolean => name.startsWith('lm_head.');
    expect(trained.filter(isHead)).toEqual([...options.parameters.keys()].filter(isHead));
    expect(trained.filter((name) => !isHead(name) && !/query\.weight$/.test(name))).toEqual([]);
  });

  it('merges into a model of the same held-out loss', async () => {
    // Away from the start, where the factors have next to nothing to follow.
    const random = createRandom(5, 'noise');
    const given = [...toyParameters()].map(
      ([name, values]) => [name, values.map((value) => value + 0.1 * random.normal())] as const,
    );
    const training = { ...lora(loraModules), maxSteps: 12 };
    const overrides = { checkpointFolder, parameters: new Map(given) };
    const options = toyRun('mlm', training, overrides);
    const { parameters, heldOutLoss } = await train(options);
    expect(heldOutLoss.after).toBeLessThan(heldOutLoss.before - 0.05);
    const { backend, config, tokenizer, heldOutDocuments: documents, seed, threads } = options;
    const evaluated = { backend, config, tokenizer, documents, seed, threads };
    const { loss } = await evaluateMaskedLm({ ...evaluated, parameters });
    expect(Math.abs(loss - heldOutLoss.after)).toBeLessThan(1e-5);
  });
});
