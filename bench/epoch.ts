/**
 * Times an epoch over notes of mixed length: ours against what a user would pick instead. For
 * masked language modelling that is Hugging Face's Trainer with its own collator and padding; for
 * DeCLUTR, which has no such trainer, a plain PyTorch loop over the same spans. All start from the
 * same model with the same settings, take turns, and are measured on the same held-out notes by the
 * same code.
 *
 *     npm run bench -- epoch --base FOLDER [--python PATH] [--objective mlm|declutr] [--notes N] [--batch N] [--threads N]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readModel } from '../src/core/model/readModel.js';
import type { ObjectiveName } from '../src/protocol/catalogue/objectives.js';
import { bundledFolderName } from '../src/engine/bundledModel.js';
import { prepareBase } from './epoch/base.js';
import { mixedNotes } from './epoch/notes.js';
import { ownEpoch } from './epoch/ours.js';
import { drawnSteps } from './epoch/drawnSteps.js';
import { epochTable } from './epoch/table.js';
import type { EpochRow } from './epoch/table.js';
import type { Contender, Turn } from './shared/contender.js';
import { hasPeers, peerContender, startPeer } from './shared/peerProcess.js';
import type { PeerProcess } from './shared/peerProcess.js';

/** Turns of each contender. */
const rounds = 8;

const bundled = fileURLToPath(new URL(`../models/${bundledFolderName}`, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    base: { type: 'string', default: bundled },
    python: { type: 'string', default: 'python3' },
    objective: { type: 'string', default: 'mlm' },
    notes: { type: 'string', default: '400' },
    batch: { type: 'string', default: '16' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const peers: Partial<Record<ObjectiveName, { readonly script: string; readonly label: string }>> = {
  mlm: { script: 'epoch_mlm.py', label: 'Hugging Face Trainer' },
  declutr: { script: 'epoch_declutr.py', label: 'PyTorch loop, all spans at once' },
};
const objective = flags.objective as ObjectiveName;
const peer = peers[objective];
if (peer === undefined) throw new Error(`--objective: ${Object.keys(peers).join(' or ')}`);

interface Entrant {
  readonly contender: Contender;
  readonly steps: number;
  readonly process: PeerProcess | null;
  readonly turns: Turn[];
}

const processes: PeerProcess[] = [];

const folder = await mkdtemp(join(tmpdir(), 'notespace-epoch-'));
const entrants: Entrant[] = [];
try {
  const notes = await mixedNotes(Number(flags.notes));
  const base = await prepareBase(resolve(flags.base), notes.train, join(folder, 'base'));
  const [batch, threads] = [Number(flags.batch), Number(flags.threads)];
  const ours = await ownEpoch(base, notes, { objective, batch, threads, folder });
  const before = await ours.heldOutLoss(base.parameters);
  entrants.push({ contender: ours, steps: ours.steps, process: null, turns: [] });
  if (hasPeers(flags.python)) {
    const data = join(folder, 'data.jsonl');
    const lines =
      objective === 'mlm' ? notes.train.map(({ text }) => ({ text })) : drawnSteps(ours);
    await writeFile(data, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { learningRate, temperature } = ours.training;
    for (const precision of ['fp32', 'bf16']) {
      const options = {
        base: join(folder, 'base'),
        ...{ data, threads, precision, batch, temperature },
        'learning-rate': learningRate,
      };
      const process = startPeer(
        flags.python,
        peer.script,
        Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      );
      processes.push(process);
      const { steps } = (await process.ask({})) as { steps: number };
      const contender = peerContender(`${peer.label}, ${precision}`, process);
      entrants.push({ contender, steps, process, turns: [] });
    }
  } else {
    console.log(`PyTorch was not compared: ${flags.python} has no torch and transformers.`);
  }

  for (let round = 0; round < rounds; round++) {
    for (const { contender, steps, turns } of entrants) {
      const [from, to] = [round, round + 1].map((part) => Math.floor((part * steps) / rounds));
      if (to! > from!) turns.push(await contender.advance(to! - from!));
    }
  }

  const rows: EpochRow[] = [];
  for (const [index, { contender, process, turns, steps }] of entrants.entries()) {
    const saved = join(folder, `trained-${index}`);
    let parameters: ReadonlyMap<string, Float32Array> | undefined;
    if (process !== null) {
      await process.ask({ save: saved });
      ({ parameters } = await readModel(saved, { needsMlmHead: true }));
    }
    const heldOut = await ours.heldOutLoss(parameters);
    rows.push({ name: contender.name, steps, turns, heldOut });
  }
  await ours.release();
  console.log(
    `One epoch of ${objective} over ${notes.train.length} notes from ${notes.from}, ${batch} a batch, dropout on, ${threads} threads`,
  );
  console.log(`${cpus()[0]?.model ?? 'unknown'}; taking turns ${rounds} times\n`);
  console.log(epochTable(rows, before));
} finally {
  for (const process of processes) await process.end();
  await rm(folder, { recursive: true, force: true });
}
