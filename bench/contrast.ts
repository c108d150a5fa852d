/**
 * Times one step of DeCLUTR with the 4 x 256 model and dropout: 32 notes of 256 tokens, two anchors per
 * note, two positives per anchor, anchors masked. Gradient caching processes all spans twice.
 *
 *     npm run bench -- contrast [--threads N] [--steps N] [--json] [--python PATH]
 *
 * Given a Python with torch and transformers, then times the same step in PyTorch eager: with gradient
 * caching, and with all spans in one batch.
 */
import { declutr } from '../src/core/objectives/declutr.js';
import { benchDocuments, benchSizes } from './shared/syntheticNotes.js';
import { benchmarkSteps } from './shared/trainingSteps.js';

const size = benchSizes['4x256'];
const notes = { count: 32, length: 256 };

await benchmarkSteps({
  title: `DeCLUTR of ${notes.count} notes of ${notes.length} tokens`,
  size,
  objective: declutr,
  training: { batchDocuments: notes.count },
  documents: benchDocuments(size, notes.count * 16, notes.length),
  heldOutDocuments: benchDocuments(size, 2, notes.length),
  peer: 'pytorch_declutr.py',
});
