/** Embeddings and notes of overlapping classes, for the benchmark of probes. */
import { createRandom } from '../../src/core/base/random.js';

export interface ProbeData {
  /** [rows, columns] of length 1, correlated as embeddings are. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
  /** 100 words each. */
  readonly notes: readonly string[];
}

export function probeData({
  rows,
  columns,
  classes,
}: {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}): ProbeData {
  const random = createRandom(1, 'probe');
  const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
  return { labels, values: embeddings(), notes: texts() };

  /** Most variance lies in few directions, a twentieth of it between classes; all share one mean. */
  function embeddings(): Float32Array {
    const normals = new Float64Array(2 ** 16);
    for (let i = 0; i < normals.length; i++) normals[i] = random.normal();
    const directions = 64;
    const mixing = Float64Array.from(
      { length: directions * columns },
      (_, i) => random.normal() / (1 + Math.floor(i / columns) / 8),
    );
    const centres = Float64Array.from(
      { length: classes * directions },
      () => 0.6 * random.normal(),
    );
    const mean = Float64Array.from({ length: columns }, () => random.normal());
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const own = Float64Array.from(mean);
      for (let i = 0; i < columns; i++) own[i]! += 0.3 * normals[random.integer(2 ** 16)]!;
      for (let d = 0; d < directions; d++) {
        const weight = centres[labels[row]! * directions + d]! + normals[random.integer(2 ** 16)]!;
        for (let i = 0; i < columns; i++) own[i]! += weight * mixing[d * columns + i]!;
      }
      const length = Math.hypot(...own);
      values.set(
        own.map((value) => value / length),
        row * columns,
      );
    }
    return values;
  }

  /** Words follow Zipf's law; every tenth is one of the class's own fifty, or of another class's. */
  function texts(): string[] {
    return Array.from(labels, (label) =>
      Array.from({ length: 100 }, (_, place) => {
        if (place % 10 > 0) return `word${Math.ceil(20_000 ** random.next())}`;
        const topic = random.next() < 0.4 ? label : random.integer(classes);
        return `topic${topic}x${random.integer(50)}`;
      }).join(' '),
    );
  }
}
