/** Flavour (c): patient-safety incident reports with category and degree of harm. */
import type { Random } from '../../src/core/base/random.js';
import { createAuthor, inHand } from './author.js';
import { incidentCategories } from './incidents/categories.js';
import type { IncidentCategory } from './incidents/categories.js';
import { outcomes } from './incidents/outcomes.js';
import { factors, followUps, openings, places } from './incidents/shared.js';
import { clock, createPerson, dayAfter, wordsFor } from './people.js';
import { between, chance, sample, sentences, weighted, write } from './prose.js';
import type { Context } from './prose.js';

export interface IncidentReport {
  readonly id: string;
  readonly text: string;
  readonly category: string;
  readonly degree_of_harm: string;
  readonly patient_id: string;
  readonly date: string;
}

const degrees = ['no harm', 'low', 'moderate', 'severe', 'death'] as const;

export function incidentReports(count: number, random: Random): IncidentReport[] {
  const reports: IncidentReport[] = [];
  for (let number = 1; reports.length < count; number++) {
    const stream = random.fork('patient', number);
    const patientId = `S${String(number).padStart(4, '0')}`;
    const person = createPerson(patientId, chance(0.1, stream) ? [2, 16] : [19, 95], null, stream);
    // Some patients have several incidents in one stay.
    const incidents = 1 + weighted([7, 2, 1], stream);
    let day = between(0, 1300, stream);
    for (let i = 0; i < incidents; i++) {
      const words = { ...wordsFor(person), place: write(stream.pick(places), {}, stream) };
      reports.push(createReport(reports.length, patientId, words, day, stream));
      day += between(1, 12, stream);
    }
  }
  return reports.slice(0, count);
}

function createReport(
  index: number,
  patientId: string,
  words: Context,
  day: number,
  random: Random,
): IncidentReport {
  const category = drawCategory(random);
  const degree = degrees[weighted(category.harm, random)] ?? 'no harm';
  const author = createAuthor(random);
  const other = chance(0.65, random) ? drawCategory(random) : category;
  return {
    id: `INC-${String(20_001 + index)}`,
    text: inHand(reportText(category, other, degree, words, random), author, random),
    // People file a report of two matters under either.
    category: chance(0.1, random) ? other.name : category.name,
    degree_of_harm: degree,
    patient_id: patientId,
    date: `${dayAfter(day, 0)}T${clock(random)}`,
  };
}

function drawCategory(random: Random): IncidentCategory {
  const weights = incidentCategories.map(({ share }) => share);
  return incidentCategories[weighted(weights, random)] as IncidentCategory;
}

function reportText(
  category: IncidentCategory,
  other: IncidentCategory,
  degree: (typeof degrees)[number],
  words: Context,
  random: Random,
): string {
  const say = (templates: readonly string[], count: number): string[] =>
    sample(templates, templates.length, random)
      .map((template) => write(template, words, random))
      .filter((text) => suits(text, Number(words['age'])))
      .slice(0, count);
  const opening = write(random.pick(openings), words, random);
  const event = say(category.events, 1);
  const details = say(category.details, between(0, 2, random));
  const around = say(factors, between(0, 2, random));
  const outcome = say(outcomes[category.name]?.[degree] ?? [], chance(0.9, random) ? 1 : 0);
  const actions = say(category.actions, between(0, 2, random));
  const after = say(followUps, between(0, 3, random));
  const aside =
    other === category
      ? []
      : say(chance(0.75, random) ? other.events : other.details, 1).map(
          (text) =>
            `${random.pick(['Also', 'Earlier that day', 'Of note', 'The day before', 'Meanwhile'])}: ${text}`,
        );
  if (chance(0.25, random)) {
    return [
      sentences([opening, ...event, ...details]),
      `${random.pick(['Action', 'Immediate action', 'Action taken'])}: ${sentences(actions.length === 0 ? ['as above'] : actions)}`,
      `${random.pick(['Outcome', 'Harm', 'Result'])}: ${sentences(outcome.join('') === '' ? ['to be reviewed'] : outcome)}`,
      sentences([...aside, ...around, ...after]),
    ]
      .filter((part) => part !== '')
      .join('\n');
  }
  const first = chance(0.35, random)
    ? [...around, ...aside, ...event]
    : [...event, ...details.splice(0, 1), ...aside, ...around];
  return `${opening}${opening === '' ? '' : ' '}${sentences([...first, ...details, ...outcome, ...actions, ...after])}`;
}

const oldAge = /dementia|delirium|unsteady|apixaban|confused|hearing|stick\b/i;

function suits(text: string, age: number): boolean {
  if (age < 65 && oldAge.test(text)) return false;
  return (
    age >= 17 ||
    !/alcohol|one-to-one|warfarin|digoxin|methotrexate|work\b|midwife|labour/i.test(text)
  );
}
