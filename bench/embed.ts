/**
 * Times the embedding of clinical texts with a model of MiniLM's size, from text to vector, beside
 * sentence-transformers with the same model, texts and number of threads, in turns.
 *
 *     npm run bench -- embed [--model DIR] [--texts N] [--threads N] [--rounds N] [--python PYTHON] [--json]
 *
 * Texts are the first of each public set that NOTESPACE_DATA holds, cut to the model's window, or the samples.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEmbedder } from '../src/core/embed/embedder.js';
import { firstPassages } from './search/madeNotes.js';
import { quartiles, showQuartiles } from './shared/quartiles.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    texts: { type: 'string', default: '200' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const bundled = fileURLToPath(new URL('../models/notespace-minilm', import.meta.url));
const modelFolder = resolve(values.model ?? bundled);
const work = await mkdtemp(join(tmpdir(), 'notespace-embed-'));
const threads = Number(values.threads);
const embedder = await createEmbedder({
  ...{ modelFolder, cacheFolder: work, device: 'cpu', threads },
});

interface Round {
  readonly seconds: number;
  /** Of all threads: what other programs take does not count. */
  readonly processorSeconds: number;
  readonly first: readonly number[];
}

interface Side {
  readonly name: string;
  readonly embed: () => Promise<Round>;
}

let close = (): void => undefined;
try {
  const texts = await firstPassages(embedder, Number(values.texts));
  const begun = performance.now();
  const tokens = texts.reduce((sum, text) => sum + embedder.tokenizer.countTokens(text), 0);
  const tokenizing = (performance.now() - begun) / 1000;
  const sides: Side[] = [{ name: 'Notespace', embed: () => ours(texts) }];
  if (values.python !== undefined) sides.push(...(await peers(values.python, texts)));
  await ours(texts.slice(0, 16));
  const rounds = new Map<string, Round[]>(sides.map(({ name }) => [name, []]));
  for (let i = 0; i < Number(values.rounds); i++) {
    for (const { name, embed } of sides) rounds.get(name)!.push(await embed());
  }
  const reference = rounds.get('Notespace')!;
  say(`${texts.length} texts of ${(tokens / texts.length).toFixed(0)} tokens, ${threads} threads`);
  say(
    `tokenizing alone: ${(tokenizing / quartiles(reference.map((one) => one.seconds)).median).toFixed(3)} of the time`,
  );
  for (const [name, own] of rounds) {
    const speed = quartiles(own.map(({ seconds }) => texts.length / seconds));
    const clock = quartiles(own.map(({ seconds }, i) => seconds / reference[i]!.seconds));
    const processor = quartiles(
      own.map(({ processorSeconds }, i) => processorSeconds / reference[i]!.processorSeconds),
    );
    const cosine = cosineOf(own[0]!.first, reference[0]!.first);
    if (values.json)
      process.stdout.write(`${JSON.stringify({ name, speed, clock, processor, cosine })}\n`);
    else {
      say(
        `${name}: ${showQuartiles(speed, 1)} texts/s, takes ${showQuartiles(clock, 2)} times ours (processor time ${showQuartiles(processor, 2)}), cosine ${cosine.toFixed(5)}`,
      );
    }
  }
} finally {
  close();
  await embedder.release();
  await rm(work, { recursive: true, force: true });
}

async function ours(texts: readonly string[]): Promise<Round> {
  const begun = performance.now();
  const worked = process.cpuUsage();
  const { vectors } = await embedder.embedPassages(texts);
  const { user, system } = process.cpuUsage(worked);
  return {
    seconds: (performance.now() - begun) / 1000,
    processorSeconds: (user + system) / 1e6,
    first: [...vectors.subarray(0, embedder.dimension)],
  };
}

async function peers(python: string, texts: readonly string[]): Promise<Side[]> {
  const found = spawnSync(python, ['-c', 'import sentence_transformers'], { stdio: 'ignore' });
  if (found.status !== 0) {
    console.log(`sentence-transformers was not compared: ${python} does not have it.`);
    return [];
  }
  const file = join(work, 'texts.json');
  await writeFile(file, JSON.stringify(texts));
  const script = fileURLToPath(new URL('./peers/sentence_embed.py', import.meta.url));
  const child = spawn(python, [script, modelFolder, file, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Their tokenizer has threads of its own.
    env: { ...process.env, RAYON_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) },
  });
  close = () => {
    child.stdin.end();
  };
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const answer: IteratorResult<string, unknown> = await lines.next();
    if (answer.done === true) throw new Error('sentence_embed.py ended early');
    return JSON.parse(answer.value);
  };
  say(`beside ${((await next()) as { versions: string }).versions}`);
  return ['fp32', 'bf16'].map((precision) => ({
    name: `sentence-transformers, ${precision}`,
    async embed() {
      child.stdin.write(`${precision}\n`);
      return (await next()) as Round;
    },
  }));
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function say(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`);
}
