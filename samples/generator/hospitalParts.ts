/** Parts that several kinds of hospital note share. */
import type { Random } from '../../src/core/base/random.js';
import type { Admission } from './admission.js';
import { between, capital, listed, sample, sentences, write } from './prose.js';
import { createVitals } from './vitals.js';
import { planExtras } from './wardEvents.js';

export function opening(admission: Admission, random: Random): string {
  return write(
    random.pick([
      '$age year old $man {presenting|presents} with',
      '$age year old $man admitted with',
      '$age$sexLetter with',
      '$title $surname is $anAge year old $man who {came in|attended} with',
      '{Brought in by ambulance|Self-presented|Referred by GP|Brought by $relative}. $age year old $man with',
    ]),
    admission.words,
    random,
  );
}

export function background(admission: Admission): string {
  return admission.history.length === 0 ? 'nil of note' : listed(admission.history);
}

export function impression({ condition, words }: Admission, random: Random): string {
  return write(
    random.pick([
      '$condition',
      '?$condition',
      'likely $condition',
      '$condition, {rule out|exclude} other causes',
      'working diagnosis $condition',
    ]),
    { ...words, condition: condition.name },
    random,
  );
}

export function numbered(items: readonly string[], random: Random): string {
  const style = random.integer(3);
  if (style === 0) return items.map((item, i) => `${i + 1}. ${capital(item)}`).join('\n');
  if (style === 1) return items.map((item) => `- ${item}`).join('\n');
  return sentences(items);
}

export function extras({ words }: Admission, count: number, random: Random): string[] {
  return sample(planExtras, count, random).map((template) => write(template, words, random));
}

export function negatives(admission: Admission, said: string, random: Random): string {
  const absent = admission
    .say(admission.condition.absent, between(1, 3, random), random)
    .filter((item) => !(item.match(/[a-z]{5,}/gi) ?? []).some((word) => said.includes(word)));
  return absent.length === 0
    ? ''
    : random.pick([`No ${listed(absent, 'or')}`, `Denies ${listed(absent, 'or')}`]);
}

export function vitalsAt(
  { profile, person, stay }: Admission,
  day: number,
  random: Random,
): ReturnType<typeof createVitals> {
  return createVitals(profile, person.age, stay === 0 ? 0.2 : Math.min(0.95, day / stay), random);
}
