/** What we write of each family, read by transformers; runs where NOTESPACE_PYTHON names a Python with it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { writeModel } from '../../../src/core/model/writeModel.js';
import { references } from '../objectives/golden.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = process.env['NOTESPACE_PYTHON'];
it.skipIf(python === undefined)(
  'models of every family load in transformers as they are, with the golden numbers',
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'notespace-families-'));
    try {
      const checked: string[] = [];
      for (const [, { config, goldenParameters }] of references) {
        const name = config.modelType.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        // Its code is not part of transformers.
        if (name === 'nomic_bert') continue;
        await writeModel(join(out, name), {
          config,
          parameters: goldenParameters(),
          tokenizerFiles: { tokenizerJson: {}, tokenizerConfig: {} },
          card: '# Tiny\n',
          dtype: 'F32',
          trainingHashes: null,
          onnx: null,
        });
        checked.push(join(out, name), here(`../../golden/${name}/${name}.json`));
      }
      const script = here('../../golden/transformers/check_families.py');
      const { stdout } = await promisify(execFile)(python!, [script, ...checked]);
      expect(stdout.trim().split('\n')).toHaveLength(references.length - 1);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
  300_000,
);
