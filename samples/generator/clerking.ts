/**
 * A patient written up in full: by the emergency department, on the post-take round, on admission to
 * a ward by the nurse, or for a transfer. What tells them apart is a line or two.
 */
import type { Random } from '../../src/core/base/random.js';
import { assemble, section } from './author.js';
import type { Author } from './author.js';
import type { Admission, NoteKind } from './admission.js';
import {
  background,
  extras,
  impression,
  negatives,
  numbered,
  opening,
  vitalsAt,
} from './hospitalParts.js';
import { between, capital, chance, sample, sentences, write } from './prose.js';
import { vitalsLine } from './vitals.js';
import { conversations, dispositions, wardEvents } from './wardEvents.js';

type ClerkedKind = Exclude<NoteKind, 'radiology'>;

export function clerking(
  admission: Admission,
  kind: ClerkedKind,
  day: number,
  author: Author,
  random: Random,
): string {
  const { condition, say, words } = admission;
  const story = sentences([
    `${opening(admission, random)} ${admission.complaint}`,
    ...say(condition.story, between(1, 3, random), random),
  ]);
  const no = negatives(admission, story, random);
  const social = write(
    random.pick(['$Home. $Smoking, $alcohol.', '$Work, $home.', '$Home.']),
    words,
    random,
  );
  const drugs = admission.drugs.length === 0 ? 'nil regular' : admission.drugs.join(', ');
  const tests = say(condition.tests, between(2, 5, random), random);
  const vitals = vitalsAt(admission, day, random);
  const exam = say(condition.exam, between(1, 2, random), random);
  const since = sinceThen(admission, kind, random);
  const plan = planFor(admission, kind, random);
  return assemble(
    [
      section(
        random.pick(['Presenting complaint', 'PC', 'History', 'HPC']),
        `${story}${no === '' ? '' : ` ${no}.`}`,
        author,
      ),
      section(
        random.pick(['PMH', 'Past medical history', 'Background']),
        sentences([background(admission)]),
        author,
      ),
      chance(0.75, random)
        ? section(
            random.pick(['DH', 'Drug history', 'Medications']),
            `${capital(drugs)}. ${capital(admission.allergies)}.`,
            author,
          )
        : '',
      chance(0.6, random)
        ? section(random.pick(['SH', 'Social history', 'Social']), social, author)
        : '',
      section(
        random.pick(['O/E', 'Examination', 'On examination', 'Observations']),
        `${vitalsLine(vitals, random)}. ${sentences(exam)}`,
        author,
      ),
      tests.length === 0
        ? ''
        : section(
            random.pick(['Investigations', 'Ix', 'Results', 'Bloods']),
            sentences([tests.join(', ')]),
            author,
          ),
      since.length === 0
        ? ''
        : section(random.pick(['Progress', 'Since arrival', 'Update']), sentences(since), author),
      chance(0.8, random)
        ? section(
            random.pick(['Impression', 'Imp', 'Diagnosis']),
            sentences([impression(admission, random)]),
            author,
          )
        : '',
      section('Plan', numbered(plan, random), author),
    ],
    author,
  );
}

/** What has happened meanwhile, as far as this kind of writer would know. */
function sinceThen(admission: Admission, kind: ClerkedKind, random: Random): string[] {
  const { condition, say, words, triage } = admission;
  const events = sample(wardEvents, between(0, 2, random), random).map((text) =>
    write(text, words, random),
  );
  const talk = chance(0.4, random) ? [write(random.pick(conversations), words, random)] : [];
  const arrival = chance(0.8, random)
    ? [write(random.pick(dispositions[triage - 1] ?? []), words, random)]
    : [];
  switch (kind) {
    case 'ED assessment':
      return [
        ...arrival,
        ...(chance(0.4, random) ? say(condition.nursing, 1, random) : []),
        ...talk,
      ];
    case 'progress':
      return [...say(condition.course, between(1, 2, random), random), ...events, ...talk];
    case 'nursing':
      return [
        ...arrival,
        ...say(condition.nursing, between(1, 2, random), random),
        ...events,
        ...talk,
      ];
    case 'discharge summary':
      return [
        ...arrival,
        ...say(condition.treatment, between(1, 2, random), random),
        ...say(condition.course, between(1, 3, random), random),
        ...(chance(0.3, random) ? events : []),
      ];
  }
}

function planFor(admission: Admission, kind: ClerkedKind, random: Random): string[] {
  const { condition, say } = admission;
  switch (kind) {
    case 'ED assessment':
      return [
        ...say(condition.treatment, between(1, 2, random), random),
        ...extras(admission, between(1, 2, random), random),
      ];
    case 'progress':
    case 'nursing':
      return [
        ...say(condition.treatment, 1, random),
        ...say(condition.after, random.integer(2), random),
        ...extras(admission, between(1, 2, random), random),
      ];
    case 'discharge summary':
      return [
        ...say(condition.after, between(2, 4, random), random),
        random.pick(['GP to recheck in two weeks', 'copy to patient', 'no further follow-up']),
      ];
  }
}
