/**
 * Runs a study of each real text (bench/shared/realText.ts), and writes the tables of docs/study.md.
 *
 *     npm run bench -- study [--bases bundled,FOLDER] [--models M1,M2] [--texts NAME,NAME] [--corpus FILE:TARGET,…]
 *                            [--notes N] [--hours H] [--steps N] [--preset quick] [--recipes LIST] [--forgetting FILE]
 *                            [--work FOLDER] [--plan] [--write]
 *
 * `--texts` chooses texts by the beginnings of their names; `--corpus` adds others, such as the bundled samples.
 * `--hours` is shared by all texts alike. `--notes` caps the notes of a text; those are the ones with the smallest hashes of
 * their ids. It calls `dist/cli.mjs` (`npm run build`), keeps everything in `--work` and goes on where it was stopped. `--plan` only says
 * what would be done. Without `--write` the tables are only printed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cappedText } from './shared/cappedText.js';
import { realTextPath, realTexts } from './shared/realText.js';
import { studyTables } from './shared/studyTables.js';

const { values: flags } = parseArgs({
  options: {
    bases: { type: 'string', default: 'bundled' },
    models: { type: 'string' },
    texts: { type: 'string' },
    corpus: { type: 'string' },
    notes: { type: 'string', default: '1200' },
    hours: { type: 'string' },
    steps: { type: 'string' },
    preset: { type: 'string', default: 'overnight' },
    recipes: { type: 'string' },
    forgetting: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'notespace-study') },
    threads: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    plan: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const work = resolve(flags.work);
const program = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));
const page = fileURLToPath(new URL('../docs/study.md', import.meta.url));
const [start, end] = ['<!-- tables -->', '<!-- end of tables -->'] as const;

interface Subject {
  readonly name: string;
  readonly predicted: string;
  readonly source: string;
  readonly target: string;
}

await mkdir(join(work, 'corpora'), { recursive: true });
const subjects = await chosenSubjects();
const sections: string[] = [];
for (const subject of subjects) {
  const out = join(work, subject.name.replace(/\W+/g, '-').toLowerCase());
  if (flags.plan) {
    console.log(`\n${subject.name}`);
    await call([...argumentsOf(subject), '--plan']);
    continue;
  }
  console.error(`\n${subject.name}: ${out}`);
  const isBegun = existsSync(join(out, 'plan.json'));
  await call([...argumentsOf(subject), '--out', out, ...(isBegun ? ['--resume'] : [])]);
  const report: unknown = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
  const section = studyTables(subject, report);
  console.log(section);
  sections.push(section);
  // What is done is worth reading, should the rest not come to an end.
  if (flags.write) await writePage();
}

async function chosenSubjects(): Promise<Subject[]> {
  const wanted = flags.texts?.split(',') ?? null;
  const found: Subject[] = [];
  for (const real of realTexts) {
    if (wanted !== null && !wanted.some((start) => real.name.startsWith(start))) continue;
    const path = realTextPath(real);
    if (path === null) {
      console.error(`${real.name} is left out: ${real.file} is not on this machine.`);
      continue;
    }
    const source = join(work, 'corpora', basename(real.file, '.gz'));
    await writeFile(source, await cappedText(path, Number(flags.notes)));
    found.push({ name: real.name, predicted: real.predicted, source, target: real.target });
  }
  for (const each of flags.corpus?.split(',') ?? []) {
    const at = each.lastIndexOf(':');
    const [source, target] = [resolve(each.slice(0, at)), each.slice(at + 1)];
    found.push({ name: basename(source), predicted: target, source, target });
  }
  return found;
}

function argumentsOf({ source, target }: Subject): string[] {
  const { bases, models, preset, recipes, steps, hours, forgetting } = flags;
  const optional = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, value];
  const minutes = hours === undefined ? undefined : (60 * Number(hours)) / subjects.length;
  return [
    ...['study', '--corpus', source, '--target', target, '--base', bases, '--preset', preset],
    ...optional('models', models),
    ...optional('recipes', recipes),
    ...optional('steps', steps),
    ...optional('budget', minutes === undefined ? undefined : `${Math.floor(minutes)}m`),
    ...optional('forgetting-corpus', forgetting === undefined ? undefined : resolve(forgetting)),
  ];
}

async function call(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', flags.plan ? 'inherit' : 'ignore', 'inherit'],
    env: { ...process.env, NOTESPACE_THREADS: flags.threads, NOTESPACE_CACHE: join(work, 'cache') },
  });
  const interrupt = (): void => void child.kill('SIGINT');
  process.once('SIGINT', interrupt);
  const code = await new Promise<number>((settle) => child.once('close', (c) => settle(c ?? 1)));
  process.off('SIGINT', interrupt);
  if (code !== 0) process.exit(code);
}

async function writePage(): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, rest] = [text.split(start)[0] ?? '', text.split(end)[1] ?? ''];
  const bases = flags.bases.split(',').map((name) => basename(name));
  const said = [
    `npm run bench -- study --bases ${bases.join(',')} --notes ${flags.notes} --preset ${flags.preset}`,
    ...(flags.hours === undefined ? [] : [`--hours ${flags.hours}`]),
    ...(flags.steps === undefined ? [] : [`--steps ${flags.steps}`]),
  ].join(' ');
  await writeFile(
    page,
    `${before}${[start, `Made by \`${said}\`.`, ...sections, end].join('\n\n')}${rest}`,
  );
}
