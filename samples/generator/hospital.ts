/** Flavour (a): notes of a general hospital; a few for each admission, as they would gather. */
import type { Random } from '../../src/core/base/random.js';
import type { Admission, NoteKind } from './admission.js';
import { createAuthor, inHand } from './author.js';
import { conditions } from './conditions/all.js';
import type { Condition } from './conditions/condition.js';
import { noteWriters } from './hospitalNotes.js';
import { createPerson, dayAfter, wordsFor } from './people.js';
import type { Person } from './people.js';
import { between, chance, namesOtherSide, weighted, write } from './prose.js';
import type { Context } from './prose.js';

export interface HospitalNote {
  readonly file: string;
  readonly text: string;
  readonly category: NoteKind;
  readonly triage: string;
  readonly patientId: string;
  readonly date: string;
}

const triageNames = ['1 immediate', '2 very urgent', '3 urgent', '4 standard', '5 non-urgent'];

export function hospitalNotes(count: number, random: Random): HospitalNote[] {
  const notes: HospitalNote[] = [];
  for (let number = 1; notes.length < count; number++) {
    const stream = random.fork('admission', number);
    // Every fifth admission is of someone who was here before.
    const patient = number % 5 === 0 ? number - 4 : number;
    const admission = createAdmission(`P${String(patient).padStart(4, '0')}`, number, random);
    const start = between(0, 1100, stream);
    const earlier: HospitalNote[] = [];
    for (const [i, [kind, day]] of timeline(admission, stream).entries()) {
      const author = createAuthor(stream.fork('author', i));
      const random = stream.fork('note', i);
      const text = inHand(noteWriters[kind](admission, day, author, random), author, random);
      const note: HospitalNote = {
        file: `${String(notes.length + 1).padStart(4, '0')}.txt`,
        text: `${text}${carriedOver(kind, earlier, random)}\n`,
        category: kind,
        triage: triageNames[admission.triage - 1] as string,
        patientId: admission.person.id,
        date: dayAfter(start, day),
      };
      notes.push(note);
      earlier.push({ ...note, text });
    }
  }
  return notes.slice(0, count);
}

/** Notes repeat others: a summary quotes the scan, a round copies yesterday's entry forward. */
function carriedOver(kind: NoteKind, earlier: readonly HospitalNote[], random: Random): string {
  const quoted: Readonly<Record<NoteKind, readonly NoteKind[]>> = {
    'ED assessment': [],
    radiology: [],
    nursing: ['nursing', 'progress'],
    progress: ['progress', 'radiology', 'ED assessment'],
    'discharge summary': ['radiology', 'ED assessment', 'progress'],
  };
  const share = kind === 'discharge summary' ? 0.55 : kind === 'progress' ? 0.35 : 0.12;
  return earlier
    .filter(({ category }) => quoted[kind].includes(category) && chance(share, random))
    .slice(-2)
    .map(({ category, date, text }) => {
      const day = date.split('-').reverse().join('/');
      return category === 'radiology'
        ? `\n\nImaging ${day}:\n${text}`
        : `\n\n${random.pick(['Previous entry', 'Copied from', 'Earlier entry'])} ${day}:\n${text}`;
    })
    .join('');
}

/** Which notes an admission leaves, with the day of each. */
function timeline({ stay }: Admission, random: Random): [NoteKind, number][] {
  const notes: [NoteKind, number][] = [];
  if (chance(0.75, random)) notes.push(['ED assessment', 0]);
  if (chance(0.6, random)) notes.push(['radiology', between(0, Math.min(1, stay), random)]);
  for (let day = 0; day <= stay; day++) {
    if (chance(0.3, random)) notes.push(['nursing', day]);
    if (day > 0 && chance(0.3, random)) notes.push(['progress', day]);
  }
  if (chance(0.6, random)) notes.push(['discharge summary', stay]);
  return notes;
}

function createAdmission(id: string, number: number, random: Random): Admission {
  const patient = random.fork('patient', Number(id.slice(1)));
  const first = patient.pick(conditions);
  const person = createPerson(id, first.ages, first.sex ?? null, patient);
  const stream = random.fork('illness', number);
  const isReturn = Number(id.slice(1)) !== number;
  const condition = isReturn ? anotherFor(person, first, stream) : first;
  const triage =
    weighted(
      condition.triage.map((weight) => weight ** 3),
      stream,
    ) + 1;
  const side = /\{(left|right)\|(left|right)\}/i.test(JSON.stringify(condition))
    ? stream.pick(['left', 'right'])
    : null;
  const words: Context = {
    ...wordsFor(person),
    condition: condition.name,
    ...(side === null ? {} : { side, otherSide: side === 'left' ? 'right' : 'left' }),
  };
  // A profile later in the list is no worse: the sicker the triage, the earlier it is taken.
  const profiles = condition.vitals;
  const profile = triage <= 2 ? profiles[0] : triage >= 4 ? 'well' : stream.pick(profiles);

  const said = new Set<string>();
  function say(templates: readonly string[], count: number, from: Random): string[] {
    const chosen: string[] = [];
    for (const template of from.shuffle([...templates])) {
      if (chosen.length >= count) break;
      const text = write(template, words, from);
      if (said.has(template) && chance(0.7, from)) continue;
      if (!suits(text, person) || (side !== null && namesOtherSide(text, { side }))) continue;
      said.add(template);
      chosen.push(text);
    }
    return chosen;
  }

  const history = say(condition.history, between(1, 3, stream), stream);
  const complaint = say(condition.complaint, 1, stream)[0] ?? condition.name;
  return {
    person,
    words,
    condition,
    profile: profile ?? 'well',
    triage,
    history: history.filter((item) => !/^nil/.test(item)),
    drugs: say(condition.drugs, between(1, 4, stream), stream).filter((item) => item !== 'none'),
    complaint,
    allergies: allergyFor(condition, stream),
    stay: triage >= 4 ? between(0, 1, stream) : between(1, 7, stream),
    say,
  };
}

/** Never to what the condition is treated with. */
function allergyFor(condition: Condition, random: Random): string {
  const prescribed = JSON.stringify([condition.drugs, condition.treatment, condition.after]);
  const possible = [
    ['penicillin (rash)', /cillin|amoxiclav|cef/i],
    ['trimethoprim (nausea)', /trimethoprim/i],
    ['codeine (vomiting)', /codeine|codamol|morph/i],
    ['latex', /^$/],
  ] as const;
  const [name, clash] = random.pick(possible);
  return chance(0.35, random) && !clash.test(prescribed)
    ? `allergies: ${name}`
    : 'no known drug allergies';
}

function anotherFor(person: Person, first: Condition, random: Random): Condition {
  const fitting = conditions.filter(
    ({ ages, sex }) =>
      person.age >= ages[0] && person.age <= ages[1] && (sex ?? person.sex) === person.sex,
  );
  return fitting.length === 0 ? first : random.pick(fitting);
}

const women =
  /pregnan|periods|\bovar|contraceptive|combined pill|microgynon|\bHRT\b|oestradiol|hysterectomy|breast cancer|letrozole|polycystic|labour/i;
const men = /prostat|testic|testes|tamsulosin|\bPSA\b/i;
const grown =
  /drinking|drunk|alcohol|pints|smok|drives?\b|driving|work\b|grandchild|carers|stag|wedding|fit note|husband|wife|sertraline|amlodipine|losartan|hypertension/i;

function suits(text: string, { sex, age }: Person): boolean {
  if (sex === 'M' && women.test(text)) return false;
  if (sex === 'F' && men.test(text)) return false;
  if (
    age > 55 &&
    /periods|pregnan|combined pill|microgynon|exams|rugby|trampoline|skateboard|nursery/i.test(text)
  )
    return false;
  if (age > 22 && /\bschool|nappies|nappy/i.test(text)) return false;
  if (age < 70 && /care home/i.test(text)) return false;
  return age >= 17 || !grown.test(text);
}
