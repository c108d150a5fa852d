/**
 * Times reading a large CSV of notes, and one whose rows all have the same id. Says how fast, how much
 * memory the reading process took at most, and whether that grows with the file. Given a Python with
 * pandas or DuckDB, reads the same file there, for information.
 *
 *     npm run bench -- read [--megabytes N] [--rows N] [--json] [--python PATH]
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/core/base/random.js';
import { openCorpus } from '../src/core/corpus/openCorpus.js';

const { values: flags } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '300000' },
    json: { type: 'boolean', default: false },
    python: { type: 'string' },
  },
});
const megabytes = Number(flags.megabytes);
const rows = Number(flags.rows);

interface TimedReading {
  readonly notes: number;
  readonly seconds: number;
  /** Most that was held at once, beyond what was held before. */
  readonly heldMegabytes: number;
}

interface PeerReading {
  readonly name: string;
  readonly notes: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const words =
  'seen on the ward this morning comfortable and eating wound clean dry stitches out in ten days'.split(
    ' ',
  );

/** A note of some 1,500 characters, with commas, quotes and line breaks in it. */
function note(random: ReturnType<typeof createRandom>): string {
  const parts: string[] = [];
  for (let i = 0; i < 260; i++) {
    const word = words[random.integer(words.length)] ?? '';
    parts.push(i % 23 === 22 ? `${word},\n` : i % 41 === 40 ? `""${word}""` : word);
  }
  return parts.join(' ');
}

async function writeTable(
  path: string,
  isEnough: (row: number, bytes: number) => boolean,
  rowOf: (row: number) => string,
): Promise<{ rows: number; bytes: number }> {
  const file = createWriteStream(path);
  let bytes = 0;
  let row = 0;
  file.write('id,date,ward,age,text\n');
  while (!isEnough(row, bytes)) {
    const line = rowOf(row++);
    bytes += line.length;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return { rows: row, bytes };
}

async function read(source: string, keep: readonly string[]): Promise<TimedReading> {
  const before = process.memoryUsage().rss;
  let most = before;
  let notes = 0;
  const start = performance.now();
  const reading = keep.length === 0 ? {} : { reading: { keep } };
  const corpus = await openCorpus({ source, mapping: { id: 'id' }, ...reading });
  for await (const _document of corpus.read()) {
    if (++notes % 5000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - start) / 1000;
  return { notes, seconds, heldMegabytes: (most - before) / 1e6 };
}

function readInPython(python: string, file: string): readonly PeerReading[] {
  const script = fileURLToPath(new URL('./peers/read_csv.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as readonly PeerReading[];
}

const folder = await mkdtemp(join(tmpdir(), 'notespace-bench-read-'));
try {
  const random = createRandom(1, 'bench-read');
  const texts = Array.from({ length: 64 }, () => note(random));
  const file = join(folder, 'notes.csv');
  const half = join(folder, 'half.csv');
  const rowOf = (row: number): string =>
    `${row},2024-03-${String((row % 28) + 1).padStart(2, '0')},"Ward ${row % 9}",${20 + (row % 70)},"${texts[row % 64] ?? ''}"\n`;
  const written = await writeTable(file, (_, bytes) => bytes >= megabytes * 1e6, rowOf);
  await writeTable(half, (_, bytes) => bytes >= megabytes * 0.5e6, rowOf);
  const ofHalf = await read(half, []);
  const plain = await read(file, []);
  const kept = await read(file, ['ward', 'age']);

  const short = join(folder, 'ids.csv');
  const timed = async (idOf: (row: number) => number): Promise<TimedReading> => {
    const shortRow = (row: number): string =>
      `${idOf(row)},2024-03-01,A,50,Seen on the ward and well today\n`;
    await writeTable(short, (row) => row >= rows, shortRow);
    return read(short, []);
  };
  const unique = await timed((row) => row);
  const same = await timed(() => 7);
  const peers = flags.python === undefined ? [] : readInPython(flags.python, file);

  const speed = ({ seconds }: { readonly seconds: number }): string =>
    `${(written.bytes / 1e6 / seconds).toFixed(0).padStart(5)} MB/s`;
  if (flags.json) {
    console.log(JSON.stringify({ written, plain, ofHalf, kept, unique, same, peers }));
  } else {
    const line = (name: string, reading: TimedReading): string =>
      `${name.padEnd(24)} ${speed(reading)}  ${reading.heldMegabytes.toFixed(0).padStart(5)} MB held`;
    console.log(`${(written.bytes / 1e6).toFixed(0)} MB, ${written.rows} notes`);
    console.log(line('notes', plain));
    console.log(line('two columns kept', kept));
    console.log(`half of the file: ${ofHalf.heldMegabytes.toFixed(0)} MB held`);
    for (const { name, seconds, peakMegabytes } of peers) {
      console.log(
        `${name.padEnd(24)} ${speed({ seconds })}  ${peakMegabytes.toFixed(0).padStart(5)} MB at its peak`,
      );
    }
    const times = (same.seconds / unique.seconds).toFixed(2);
    console.log(
      `${rows} rows: unique ids ${unique.seconds.toFixed(2)} s, one id ${same.seconds.toFixed(2)} s (${times} x)`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
