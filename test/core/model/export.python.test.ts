/** What we write, read by Python's libraries; runs where NOTESPACE_PYTHON names a Python with them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import { exportOnnx } from '../../../src/core/model/exportOnnx.js';
import { readModel } from '../../../src/core/model/readModel.js';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { loadTokenizer } from '../../../src/core/tokens/loadTokenizer.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = process.env['NOTESPACE_PYTHON'];

it.skipIf(python === undefined).each([
  ['tinyRoberta', 'embeddings.json', 'F32', 'with its head'],
  ['tinyRoberta', 'embeddings.json', 'F16', 'with its head'],
  ['tinyBert', 'bertEmbeddings.json', 'F32', 'with its head'],
  ['tinyBert', 'bertEmbeddings.json', 'F16', 'with its head'],
  ['tinyBert', 'bertEmbeddings.json', 'F32', 'as a bare encoder'],
  ['tinyDistilbert', 'distilbertEmbeddings.json', 'F32', 'with its head'],
  ['tinyDistilbert', 'distilbertEmbeddings.json', 'F16', 'with its head'],
  ['tinyDistilbert', 'distilbertEmbeddings.json', 'F32', 'as a bare encoder'],
  ['tinyModernbert', 'modernbertEmbeddings.json', 'F32', 'with its head'],
  ['tinyModernbert', 'modernbertEmbeddings.json', 'F16', 'with its head'],
  ['tinyModernbert', 'modernbertEmbeddings.json', 'F32', 'as a bare encoder'],
  ['tinyNomicBert', 'nomicBertEmbeddings.json', 'F32', 'with its head'],
  ['tinyNomicBert', 'nomicBertEmbeddings.json', 'F16', 'with its head'],
  ['tinyNomicBert', 'nomicBertEmbeddings.json', 'F32', 'as a bare encoder'],
] as const)(
  'loads in transformers and sentence-transformers as it is: %s (%s), as %s, %s',
  async (name, answers, dtype, part) => {
    const fixture = here(`../../fixtures/${name}`);
    const golden = '../../golden/transformers';
    const out = await mkdtemp(join(tmpdir(), 'notespace-export-'));
    try {
      const { config, parameters } = await readModel(fixture);
      if (part === 'as a bare encoder') {
        for (const spec of parameterSpecs(config, { mlmHead: true })) {
          if (spec.part === 'mlmHead') parameters.delete(spec.name);
        }
      }
      await writeModel(out, {
        config,
        parameters,
        tokenizerFiles: (await loadTokenizer(fixture)).files,
        card: '# Tiny\n',
        dtype,
        trainingHashes: null,
        onnx: exportOnnx(config, parameters, { lowering: 'cpu' }),
      });
      const script = here(`${golden}/check_export.py`);
      const run = promisify(execFile)(python!, [script, out, here(`${golden}/${answers}`)]);
      expect((await run).stdout).toContain('"sentence-transformers"');
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
  300_000,
);
