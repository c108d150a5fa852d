/** Flavour (b): notes of a UK mental-health trust; the team that a person was referred to is the label. */
import type { Random } from '../../src/core/base/random.js';
import { assemble, createAuthor, inHand, section } from './author.js';
import type { Author } from './author.js';
import { problems } from './mental/problems.js';
import type { Problem } from './mental/problem.js';
import type { ProblemName } from './mental/problems.js';
import { actions, contacts, history, social } from './mental/shared.js';
import { teams } from './mental/teams.js';
import type { Team } from './mental/teams.js';
import { createPerson, dayAfter, wordsFor } from './people.js';
import { between, capital, chance, listed, sentences, weighted, write } from './prose.js';
import type { Context } from './prose.js';

export interface MentalHealthNote {
  readonly id: string;
  readonly text: string;
  readonly team: string;
  readonly patientId: string;
  readonly date: string;
}

/** One person under one team. */
interface Care {
  readonly team: Team;
  readonly problem: Problem;
  readonly second: Problem;
  readonly words: Context;
  readonly age: number;
  readonly say: (templates: readonly string[], count: number, random: Random) => string[];
}

export function mentalHealthNotes(count: number, random: Random): MentalHealthNote[] {
  const notes: MentalHealthNote[] = [];
  for (let number = 1; notes.length < count; number++) {
    const stream = random.fork('person', number);
    const patientId = `M${String(number).padStart(4, '0')}`;
    const care = createCare(patientId, stream);
    let day = between(0, 1200, stream);
    let last: string | null = null;
    for (let i = between(1, 5, stream); i > 0; i--) {
      const author = createAuthor(stream.fork('author', i));
      const text = inHand(noteText(care, author, stream), author, stream);
      // As electronic records invite it: the last entry stays below the new one.
      const copied: string =
        last !== null && chance(0.25, stream) ? `\n\nLast entry:\n${last}` : '';
      notes.push({
        id: `MH-${String(10_001 + notes.length)}`,
        text: text + copied,
        team: care.team.name,
        patientId,
        date: dayAfter(day, 0),
      });
      last = text;
      day += between(2, 40, stream);
    }
  }
  return notes.slice(0, count);
}

function createCare(patientId: string, random: Random): Care {
  const team = teams[
    weighted(
      teams.map(({ share }) => share),
      random,
    )
  ] as Team;
  const problem = drawProblem(team, random);
  const [youngest, oldest] = [
    Math.max(team.ages[0], problem.ages[0]),
    Math.min(team.ages[1], problem.ages[1]),
  ];
  const person = createPerson(patientId, [youngest, oldest], team.sex ?? null, random);
  const words = wordsFor(person);
  const said = new Set<string>();
  // A mother-to-be has no baby at home, and the other way round.
  const otherStage = random.pick([
    /\bbaby\b|health visitor|breastfeeding|the birth/i,
    /pregnant|antenatal|midwife/i,
  ]);
  return {
    team,
    problem,
    second: drawProblem(team, random),
    words,
    age: person.age,
    say(templates, count, from) {
      const chosen: string[] = [];
      for (const template of from.shuffle([...templates])) {
        const text = write(template, words, from);
        if (chosen.length >= count) break;
        if (team.name === 'perinatal' && otherStage.test(text)) continue;
        if (person.sex === 'M' && /the birth/.test(text)) continue;
        if (!suitsAge(text, person.age) || (said.has(template) && chance(0.8, from))) continue;
        if (chosen.some((other) => aboutDying.test(other)) && aboutDying.test(text)) continue;
        said.add(template);
        chosen.push(text);
      }
      return chosen;
    },
  };
}

function drawProblem(team: Team, random: Random): Problem {
  const names = Object.keys(team.problems) as ProblemName[];
  const weights = names.map((name) => team.problems[name] ?? 0);
  return problems[names[weighted(weights, random)] as ProblemName];
}

const forAdults =
  /\bjob\b|employer|work\b|tenancy|rent |benefits|debt|driving|pregabalin|venlafaxine|children at home|partner|alcohol|wine|vodka|cans|bank cards|teenager|twenties|dementia|separation|deployment|wedding|CAMHS|postnatal|business|\bcourt|housing|garden|allotment/i;
/** A note says one thing about this. */
const aboutDying =
  /suicid|not wanting to wake|self-harm|wishes it would all stop|harm to self|overdose/i;
const forYoung = /\bcollege|exams|bullying|\bcourse\b/i;
const forPupils = /school|\bpupil|lesson|a teacher/i;
const forElders = /widow|day centre|meals on wheels|care home/i;

function suitsAge(text: string, age: number): boolean {
  if (age < 17)
    return !forAdults.test(text) && !forElders.test(text) && !/unopened post|church/i.test(text);
  if (age > 18 && forPupils.test(text)) return false;
  if (age > 30 && forYoung.test(text)) return false;
  if (age < 60 && forElders.test(text)) return false;
  if (age > 60 && /cannabis|ketamine|cocaine|CAMHS|gaming|bullying|\bonline\b/i.test(text))
    return false;
  if (age > 68 && /\bwork\b|employer|losing a job/i.test(text)) return false;
  return age >= 35 || !/twenties|as a teenager|(four|six|ten) years ago/.test(text);
}

function noteText(care: Care, author: Author, random: Random): string {
  const kind = random.next();
  if (kind < 0.34) return shortContact(care, random);
  if (kind < 0.62) return review(care, author, random);
  if (kind < 0.8) return assessment(care, author, random);
  if (kind < 0.9) return letter(care, random);
  return meeting(care, random);
}

function who({ words, age }: Care, random: Random): string {
  if (age < 17)
    return write(
      random.pick(['$age year old $man', '$age-year-old', 'young person']),
      words,
      random,
    );
  return write(
    random.pick([
      '$age year old $man',
      '$title $surname',
      '$age$sexLetter',
      'this $age year old $man',
      'the patient',
    ]),
    words,
    random,
  );
}

/** What gives the team away, only sometimes. */
function teamRemarks({ team, say }: Care, probability: number, random: Random): string[] {
  return chance(probability, random) ? say(team.remarks, 1, random) : [];
}

function shortContact(care: Care, random: Random): string {
  const { problem, second, say, team } = care;
  const start = chance(0.6, random) ? say(team.settings, 1, random) : say(contacts, 1, random);
  return sentences([
    ...start,
    ...say(
      random.pick([problem, problem, second]).symptoms,
      chance(0.6, random) ? 1 : 0,
      random,
    ).map(
      (text) =>
        `${random.pick(['Reports', 'Describes', 'Still has', 'Main concern today:'])} ${text}`,
    ),
    ...say(social, between(1, 2, random), random),
    ...say(problem.risk, chance(0.6, random) ? 1 : 0, random),
    ...teamRemarks(care, 0.5, random),
    `Plan: ${say(actions, between(1, 2, random), random).join(', ')}`,
  ]);
}

function review(care: Care, author: Author, random: Random): string {
  const { problem, say, team } = care;
  const start = say(team.settings, chance(0.75, random) ? 1 : 0, random);
  return assemble(
    [
      sentences(start),
      section(
        random.pick(['Presentation', 'Update', 'Current situation']),
        sentences([
          `${who(care, random)} ${random.pick(['reports', 'describes', 'is troubled by'])} ${listed(say(problem.symptoms, 2, random))}`,
          ...say(social, between(1, 2, random), random),
          ...teamRemarks(care, 0.65, random),
        ]),
        author,
      ),
      section(
        random.pick(['Mental state', 'MSE', 'Mental state examination']),
        sentences(say(problem.state, between(1, 2, random), random)),
        author,
      ),
      section('Risk', sentences(say(problem.risk, between(1, 2, random), random)), author),
      section(
        random.pick(['Medication', 'Meds']),
        sentences(say(problem.medication, 1, random)),
        author,
      ),
      section(
        'Plan',
        sentences(say([...problem.plan, ...actions, ...actions], between(2, 4, random), random)),
        author,
      ),
    ],
    author,
  );
}

function assessment(care: Care, author: Author, random: Random): string {
  const { problem, second, say, words, team } = care;
  return assemble(
    [
      section(
        random.pick(['Reason for referral', 'Referral', 'Presenting problem']),
        sentences([
          `${who(care, random)} referred by ${random.pick(['the GP', 'A&E', 'another team', 'self', 'social care', 'the practice nurse'])} with ${listed(say(problem.symptoms, 3, random))}`,
        ]),
        author,
      ),
      section(
        random.pick(['History', 'Background']),
        sentences([
          ...say(problem.story, between(2, 3, random), random),
          ...say(second.symptoms, chance(0.5, random) ? 1 : 0, random).map(
            (text) => `Also ${text}`,
          ),
        ]),
        author,
      ),
      section(
        random.pick(['Past psychiatric history', 'Past history']),
        sentences(say(history, between(1, 2, random), random)),
        author,
      ),
      section(
        random.pick(['Personal and social', 'Social circumstances']),
        sentences([
          write('$home, $work', words, random),
          ...say(social, between(1, 3, random), random),
        ]),
        author,
      ),
      section(
        random.pick(['Mental state examination', 'MSE']),
        sentences(say(problem.state, 2, random)),
        author,
      ),
      section(
        random.pick(['Risk', 'Risk assessment']),
        sentences([
          ...say(problem.risk, 2, random),
          ...say(second.risk, chance(0.3, random) ? 1 : 0, random),
        ]),
        author,
      ),
      section(
        random.pick(['Impression', 'Formulation']),
        sentences([
          `${random.pick(['Impression of', 'Picture in keeping with', 'Likely', 'Working diagnosis'])} ${problem.name}${chance(0.3, random) ? `, with ${second.name === problem.name ? 'social stressors' : second.name}` : ''}`,
          ...teamRemarks(care, 0.5, random),
        ]),
        author,
      ),
      section(
        'Plan',
        numberedLines([
          ...say(problem.plan, 2, random),
          ...say(actions, between(1, 3, random), random),
          ...(chance(0.2, random) ? [`accepted by ${team.name}`] : []),
        ]),
        author,
      ),
    ],
    author,
  );
}

function letter(care: Care, random: Random): string {
  const { problem, say, words } = care;
  return [
    random.pick(['Dear Doctor,', 'Dear colleague,', 'Dear GP,']),
    sentences([
      `Thank you for ${random.pick(['referring', 'asking us to see'])} ${care.age < 17 ? write('this $age year old', words, random) : write('$title $surname', words, random)}, who ${random.pick(['reports', 'describes'])} ${listed(say(problem.symptoms, 2, random))}`,
      ...say(problem.story, between(1, 2, random), random),
      ...say(history, 1, random),
    ]),
    sentences([
      ...say(problem.state, 1, random),
      ...say(problem.risk, 1, random),
      ...teamRemarks(care, 0.7, random),
    ]),
    sentences([
      `${random.pick(['Medication', 'Currently taking'])}: ${say(problem.medication, 1, random)[0] ?? 'none'}`,
      `We would suggest: ${say([...problem.plan, ...actions], 3, random).join('; ')}`,
    ]),
    random.pick(['Yours sincerely', 'Kind regards', 'With best wishes']),
  ].join('\n\n');
}

function meeting(care: Care, random: Random): string {
  const { problem, say } = care;
  return `${random.pick(['MDT discussion', 'Supervision', 'Professionals meeting', 'Referral meeting', 'Handover'])}: ${sentences(
    [
      `${who(care, random)}, ${problem.name}`,
      ...say(problem.story, 1, random),
      ...say(problem.risk, 1, random),
      ...say(history, chance(0.5, random) ? 1 : 0, random),
      ...teamRemarks(care, 0.7, random),
      `Agreed: ${say([...problem.plan, ...actions], between(1, 3, random), random).join(', ')}`,
    ],
  )}`;
}

function numberedLines(items: readonly string[]): string {
  return items.map((item, i) => `${i + 1}. ${capital(item)}`).join('\n');
}
