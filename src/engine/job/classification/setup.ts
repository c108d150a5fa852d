/** What the protocols of an evaluation are given. */
import { join } from 'node:path';
import { hashText } from '../../../core/base/hash.js';
import type { Backend } from '../../../core/backend/backend.js';
import type { Corpus } from '../../../core/corpus/corpus.js';
import type { Document } from '../../../core/corpus/document.js';
import type { Material } from '../../../core/evaluate/classification/material.js';
import { parseFineTuningSettings } from '../../../core/evaluate/fineTuning/settings.js';
import type { Candidate, EvaluationSetup } from '../../../core/evaluate/protocol.js';
import { modelHash } from '../../../core/model/modelFiles.js';
import type { ClassificationSpec, EvaluateJob } from '../../../protocol/evaluation.js';
import type { EmbeddingDevice } from '../../devices.js';
import { availableMemoryBytes } from '../../resources.js';
import type { JobContext } from '../context.js';
import { embedTexts } from '../evaluationVectors.js';
import { keptPart } from '../keptParts.js';

export interface SetupOptions {
  readonly job: EvaluateJob & { readonly classification: ClassificationSpec };
  readonly corpus: Corpus;
  readonly candidates: readonly Candidate[];
  readonly untrained: Candidate;
  readonly backend: Backend;
  readonly device: EmbeddingDevice;
  /** What a protocol may train on. */
  readonly train: readonly Document[];
  readonly material: Material;
  /** Of each document: what it must not be told apart from, its group or its near-copies. */
  readonly unitOf: ReadonlyMap<Document, string>;
}

export async function setupOf(
  options: SetupOptions,
  context: JobContext,
): Promise<EvaluationSetup> {
  const { job, corpus, candidates, untrained, backend, device, train, material, unitOf } = options;
  const { threads, signal, pauseGate, onProgress, note, now, runFolder } = context;
  const { classification: spec, seed } = job;
  const basis = await basisOf(material, candidates);
  const parts = runFolder === null ? null : join(runFolder, 'parts');
  return {
    candidates,
    mapping: corpus.mapping,
    train,
    heldOut: material.test.documents,
    shots: spec.shots,
    seeds: [seed],
    ...{ backend, threads, signal, pauseGate, onProgress, note },
    classification: {
      material,
      untrained,
      embed: (candidate, texts) =>
        embedTexts(candidate, texts, { store: spec.store, device }, context),
      belongTogether: (test, position) =>
        unitOf.get(material.test.documents[test]!) ===
        unitOf.get(material.train.documents[position]!),
      fineTuning: parseFineTuningSettings(spec.fineTuning),
      availableMemoryBytes: availableMemoryBytes(),
      residentBytes: () => process.memoryUsage().rss,
      once: (name, compute) => keptPart(parts, `${basis} ${name}`, compute),
      now,
    },
  };
}

/** Changes when a note, its class, its part or a model does. */
async function basisOf(
  { target, train, validation, test }: Material,
  candidates: readonly Candidate[],
): Promise<string> {
  const notes = [train, validation, test].map(({ texts, actual }) => [texts, [...actual]]);
  const models = await Promise.all(candidates.map(({ folder }) => modelHash(folder)));
  return hashText(JSON.stringify([target.classes, notes, models]));
}
