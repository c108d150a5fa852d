/** Records that are cut out of a text while it streams by. */
import type { NestedRecord } from './nested.js';

export interface SplitRecord {
  /** 1-based lines on which the record begins and ends. */
  readonly line: number;
  readonly lastLine: number;
  /** `null` if it cannot be read. */
  readonly value: NestedRecord | null;
  /** Whether the end of the text cut it off. */
  readonly isCutOff: boolean;
}

export interface RecordSplitter {
  /** Returns the records that are complete. */
  push(piece: string): SplitRecord[];
  /** The records that the end of the text completes or cuts off. */
  end(): SplitRecord[];
}

export async function* splitRecords(
  text: AsyncIterable<string>,
  splitter: RecordSplitter,
): AsyncGenerator<SplitRecord> {
  for await (const piece of text) yield* splitter.push(piece);
  yield* splitter.end();
}

/** So many of the first records show how a text is laid out. */
export const sampleRecords = 200;

/** Whether some of the first records begin on the same line. */
export function shareLines(records: readonly { readonly line: number }[]): boolean {
  const first = records.slice(0, sampleRecords);
  return first.some(({ line }, i) => line === first[i - 1]?.line);
}
