/**
 * Times one step of masked language modelling with the 4 x 256 model and dropout, and compares it with the
 * speed of ONNX Runtime's own matrix product, measured next to it.
 *
 *     npm run bench -- train [--threads N] [--steps N] [--json] [--python PATH]
 *
 * Given a Python with torch and transformers, then times the same step in PyTorch eager.
 */
import { mlm } from '../src/core/objectives/mlm.js';
import { benchDocuments } from './shared/syntheticNotes.js';
import { benchmarkSteps } from './shared/trainingSteps.js';

const batch = { sequences: 16, length: 128 };

await benchmarkSteps({
  title: `batch ${batch.sequences}x${batch.length}`,
  objective: mlm,
  training: { batchTokens: batch.sequences * batch.length },
  documents: benchDocuments(512, batch.length - 2),
  heldOutDocuments: benchDocuments(1, batch.length - 2),
  peer: 'pytorch_mlm.py',
});
