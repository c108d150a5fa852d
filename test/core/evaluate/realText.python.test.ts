/**
 * The baseline of words on real notes: it predicts what scikit-learn does after learning from the
 * same notes with the same penalty. Runs where NOTESPACE_PYTHON names a Python with scikit-learn, on
 * the texts of `bench/shared/realText.ts` that are there.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { realTextPath, realTexts } from '../../../bench/shared/realText.js';
import { materialOf } from '../../../src/core/evaluate/classification/material.js';
import { baselineNames, wordBaselines } from '../../../src/core/evaluate/classification/words.js';
import { readTarget } from '../../../src/core/evaluate/samples/target.js';
import type { Document } from '../../../src/core/corpus/document.js';
import { openCorpus } from '../../../src/core/corpus/openCorpus.js';
import { splitInThree, usualFractions } from '../../../src/core/corpus/threeParts.js';
import { skipOrFail } from '../../host/skip.js';

interface Answer {
  /** Numbers of the classes that training notes have. */
  readonly classes: readonly number[];
  /** [test notes][classes] */
  readonly probabilities: readonly (readonly number[])[];
}

const python = process.env['NOTESPACE_PYTHON'];

/** Two solvers may order classes that are nearly as likely as each other differently. */
const near = 1e-4;

for (const real of realTexts) {
  it(`TF-IDF with logistic regression predicts what scikit-learn does: ${real.name}`, async (context) => {
    if (python === undefined) return skipOrFail(context, 'NOTESPACE_PYTHON names no Python.');
    const source = realTextPath(real);
    if (source === null) return skipOrFail(context, `${real.file} is not on this machine.`);
    const { signal } = new AbortController();
    const corpus = await openCorpus({ source, mapping: {} }, signal);
    const documents: Document[] = [];
    for await (const document of corpus.read(signal)) documents.push(document);
    const target = readTarget(documents, real.target, 'one');
    const parts = splitInThree(documents, {
      seed: 0,
      fractions: usualFractions,
      pretrainingHeldOut: 0.1,
      classesOf: target.classesOf,
    });
    const material = materialOf(parts, target, (of) => of.map((each) => each.text));
    const { train, test } = material;
    const watch = { now: () => 0, residentBytes: () => 0, signal };
    const words = wordBaselines(material, watch).find(({ model }) => model === baselineNames.tfIdf);
    const positions = train.documents.map((_, i) => i);
    const ours = await words!.classify({ shots: 'all', seed: 0, positions, train });

    const theirs = await ask({
      train: train.texts,
      test: test.texts,
      classes: [...train.actual],
      c: Number(/C = (\S+)/.exec(ours.choice ?? '')?.[1]),
    });
    let compared = 0;
    theirs.probabilities.forEach((row, i) => {
      const [best = 0, second = 0] = row.toSorted((a, b) => b - a);
      if (best - second < near) return;
      compared++;
      expect(ours.predicted[i], test.documents[i]!.id).toBe(theirs.classes[row.indexOf(best)]);
    });
    // Nearly all of them can be compared.
    expect(compared).toBeGreaterThan(0.98 * test.texts.length);
  }, 3_600_000);
}

async function ask(task: object): Promise<Answer> {
  const script = fileURLToPath(new URL('../../golden/evaluate/checkWords.py', import.meta.url));
  const child = spawn(python!, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(task));
  return JSON.parse(await text(child.stdout)) as Answer;
}
