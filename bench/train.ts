/**
 * How fast one step of masked language modelling is with the 4 x 256 model, dropout on, as a share of
 * what ONNX Runtime's own matrix product reaches next to it.
 *
 *     npm run bench -- train [--threads N] [--steps N] [--json] [--python PATH]
 *
 * With a Python that has torch and transformers, the same step in PyTorch eager is timed after it.
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
