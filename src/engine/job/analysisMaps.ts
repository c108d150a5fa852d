/** The notes of an analysis on a map for each model, all turned onto that of the first. */
import { join } from 'node:path';
import { alignMap, centred } from '../../core/analyze/alignMaps.js';
import type { AlignedMap } from '../../core/analyze/alignMaps.js';
import { projectUmap } from '../../core/analyze/projection.js';
import { writeFileAtomic } from '../../core/base/files.js';
import { hashText } from '../../core/base/hash.js';
import { modelHash } from '../../core/model/modelFiles.js';
import { mapsName } from '../../protocol/analysis.js';
import type { AnalysisMaps, AnalyzeJob } from '../../protocol/analysis.js';
import { chooseDevice } from '../devices.js';
import type { JobContext } from './context.js';
import { embedTexts } from './evaluationVectors.js';
import { keptPart } from './keptParts.js';
import type { Analysis } from './measureSpaces.js';

export async function writeMaps(
  folder: string,
  spec: AnalyzeJob,
  { documents, names, categories, spaces }: Analysis,
  context: JobContext,
): Promise<void> {
  const { cacheFolder, threads, onProgress, signal } = context;
  const device = await chooseDevice(spec.device, { cacheFolder, threads, onProgress, signal });
  const texts = documents.map(({ text }) => text);
  const basis = hashText(JSON.stringify({ texts, device, seed: spec.seed }));
  let first: AlignedMap | null = null;
  const models: AnalysisMaps['models'][number][] = [];
  for (const { model, name } of spaces) {
    const key = `map ${basis} ${await modelHash(model)}`;
    const projected = await keptPart(join(folder, 'parts'), key, async () => {
      // The analysis has left them in the folder of vectors.
      const from = { store: spec.store, device };
      const { vectors, dimension } = await embedTexts(
        { folder: model, name },
        texts,
        from,
        context,
      );
      const { x, y } = await projectUmap(vectors, {
        ...{ n: texts.length, dimension, seed: spec.seed, signal },
        onProgress: (done, total) =>
          onProgress({ phase: `Map of ${name}`, done, total, unit: 'rounds' }),
      });
      return { x: Float64Array.from(x), y: Float64Array.from(y) };
    });
    const map: AlignedMap = first === null ? centred(projected) : alignMap(projected, first);
    first ??= map;
    models.push({ model, x: rounded(map.x), y: rounded(map.y) });
  }
  const maps: AnalysisMaps = {
    format: 1,
    categories: names,
    category: [...categories],
    models,
  };
  await writeFileAtomic(join(folder, mapsName), `${JSON.stringify(maps)}\n`);
}

/** Finer places cannot be seen. */
function rounded(values: Float64Array): number[] {
  return Array.from(values, (value) => Number(value.toFixed(3)));
}
