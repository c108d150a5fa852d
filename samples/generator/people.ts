/** Invented people. Identifiers are counters with a prefix: they are nobody's. */
import type { Random } from '../../src/core/base/random.js';
import { between, chance, weighted } from './prose.js';
import type { Context } from './prose.js';

export interface Person {
  readonly id: string;
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly surname: string;
  readonly home: string;
  readonly work: string;
  readonly smoking: string;
  readonly alcohol: string;
  readonly relative: string;
}

const surnames =
  'Ashworth Bhatti Birch Carrow Chaudhry Clegg Dacre Doyle Eastham Fairley Gill Goswami Hallam Hirst Ibrahim Jessop Kaur Kinsella Lamb Leung Marlow McBride Nowak Oduya Okafor Pargeter Pemberton Quigley Rahman Redfern Sandhu Sefton Shah Thorne Tindall Underhill Varley Wainwright Whitlock Yeo'.split(
    ' ',
  );

export function createPerson(
  id: string,
  [youngest, oldest]: readonly [number, number],
  sex: 'F' | 'M' | null,
  random: Random,
): Person {
  const age = between(youngest, oldest, random);
  return {
    id,
    age,
    sex: sex ?? (chance(0.5, random) ? 'F' : 'M'),
    surname: random.pick(surnames),
    home: homeAt(age, random),
    work: workAt(age, random),
    smoking: random.pick([
      'never smoked',
      'never smoked',
      'ex-smoker',
      'ex-smoker, stopped over ten years ago',
      `smokes ${between(5, 25, random)} a day`,
      'vapes',
    ]),
    alcohol: random.pick([
      'drinks little',
      'does not drink',
      'alcohol at weekends',
      `about ${between(6, 30, random)} units a week`,
    ]),
    relative: relativeAt(age, random),
  };
}

function homeAt(age: number, random: Random): string {
  if (age < 17)
    return random.pick([
      'lives with parents',
      'lives with mother and siblings',
      'lives with both parents',
      'lives with grandmother',
    ]);
  if (age < 65) {
    return random.pick([
      'lives with partner',
      'lives with wife and two children'.replace('wife', 'partner'),
      'lives alone in a flat',
      'shares a house',
      'lives with parents',
      'in temporary accommodation',
    ]);
  }
  return random.pick([
    'lives alone, independent',
    'lives alone with carers twice a day',
    'lives with spouse, who is frail',
    'lives in a bungalow with spouse',
    'residential home resident',
    'lives in sheltered housing with a pendant alarm',
    'lives with daughter, carers four times a day',
  ]);
}

function workAt(age: number, random: Random): string {
  if (age < 17) return 'at school';
  if (age >= 68)
    return random.pick([
      'retired',
      'retired teacher',
      'retired driver',
      'retired nurse',
      'retired engineer',
    ]);
  return random.pick([
    'works in a warehouse',
    'office worker',
    'teaching assistant',
    'unemployed',
    'bus driver',
    'works in a shop',
    'self-employed builder',
    'care worker',
    'student',
    'chef',
    'off work on long-term sick leave',
  ]);
}

function relativeAt(age: number, random: Random): string {
  if (age < 17) return random.pick(['mother', 'father', 'parents', 'grandmother']);
  if (age < 35) return random.pick(['partner', 'mother', 'friend', 'sister', 'father']);
  if (age < 65) return random.pick(['partner', 'spouse', 'sister', 'brother', 'friend']);
  return random.pick(['daughter', 'son', 'spouse', 'neighbour', 'niece', 'carer']);
}

/** Words for templates: pronouns, age, and so on. */
export function wordsFor(person: Person): Context {
  const { age } = person;
  const female = person.sex === 'F';
  const adult = age >= 75 ? (female ? 'lady' : 'gentleman') : female ? 'woman' : 'man';
  const plural = person.relative === 'parents';
  return {
    he: female ? 'she' : 'he',
    him: female ? 'her' : 'him',
    his: female ? 'her' : 'his',
    himself: female ? 'herself' : 'himself',
    age: String(age),
    anAge: `${/^8|^1[18]$/.test(String(age)) ? 'an' : 'a'} ${age}`,
    man: age < 17 ? (female ? 'girl' : 'boy') : adult,
    sexLetter: person.sex,
    title: age < 17 ? (female ? 'Miss' : 'Master') : female ? (age > 50 ? 'Mrs' : 'Ms') : 'Mr',
    surname: person.surname,
    relative: person.relative,
    says: plural ? 'say' : 'says',
    is: plural ? 'are' : 'is',
    home: person.home,
    work: person.work,
    smoking: person.smoking,
    alcohol: person.alcohol,
  };
}

/** Dates run forward from a start, so that a person's notes stand in order. */
export function dayAfter(start: number, days: number): string {
  return new Date(Date.UTC(2021, 0, 1) + (start + days) * 86_400_000).toISOString().slice(0, 10);
}

export function clock(random: Random, weights: readonly number[] = [1, 3, 3, 2]): string {
  const hour = 6 * weighted(weights, random) + random.integer(6);
  return `${String(hour).padStart(2, '0')}:${String(5 * random.integer(12)).padStart(2, '0')}`;
}
