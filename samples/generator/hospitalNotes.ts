/** How each kind of hospital note is put together. Much of what they say is the same on purpose. */
import type { Random } from '../../src/core/base/random.js';
import { assemble, section } from './author.js';
import type { Author } from './author.js';
import { clerking } from './clerking.js';
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
import { dischargeSummary, radiology } from './hospitalReports.js';
import { clock } from './people.js';
import { between, chance, sample, sentences, write } from './prose.js';
import { vitalsLine, vitalsRemark } from './vitals.js';
import { conversations, dispositions, nightEvents, wardEvents } from './wardEvents.js';

type NoteWriter = (admission: Admission, day: number, author: Author, random: Random) => string;

export const noteWriters: Readonly<Record<NoteKind, NoteWriter>> = {
  'ED assessment': edAssessment,
  progress,
  nursing,
  radiology,
  'discharge summary': dischargeSummary,
};

function edAssessment(admission: Admission, _day: number, author: Author, random: Random): string {
  if (chance(0.65, random)) return clerking(admission, 'ED assessment', 0, author, random);
  const { condition, say, words, triage } = admission;
  const story = sentences([
    `${opening(admission, random)} ${admission.complaint}`,
    ...say(condition.story, between(1, 2, random), random),
  ]);
  const no = negatives(admission, story, random);
  const plan = say(condition.treatment, between(1, 2, random), random);
  const events = sample(wardEvents, random.integer(2), random).map((text) =>
    write(text, words, random),
  );
  return [
    random.pick([`Triage ${clock(random)}.`, `Seen ${clock(random)}.`, '']),
    story,
    no === '' ? '' : `${no}.`,
    `${vitalsLine(vitalsAt(admission, 0, random), random)}.`,
    sentences([
      ...(chance(0.4, random) ? say(condition.exam, 1, random) : []),
      ...(chance(0.6, random)
        ? [write(random.pick(dispositions[triage - 1] ?? []), words, random)]
        : []),
      ...(chance(0.35, random) ? say(condition.nursing, 1, random) : []),
      ...events,
      random.pick([
        `Plan: ${plan.join('; ')}`,
        `Given ${plan[0] ?? 'analgesia'}`,
        'Bloods and review',
      ]),
    ]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function progress(admission: Admission, day: number, author: Author, random: Random): string {
  if (day <= 1 && chance(0.75, random)) return clerking(admission, 'progress', day, author, random);
  const { condition, say, words } = admission;
  const vitals = vitalsAt(admission, day, random);
  const who = write(
    random.pick([
      '{WR|Ward round|Post-take ward round} {Dr $surname|consultant|registrar}',
      'Day $day',
      'ATSP',
      '{SHO|FY1} review',
      'Reviewed on the ward round',
      '',
    ]),
    {
      ...words,
      surname: random.pick(['Amin', 'Boyle', 'Cross', 'Datta', 'Ewart', 'Farooq', 'Grieve']),
      day: String(day),
    },
    random,
  );
  const issue = random.pick([
    `${admission.person.age}${admission.person.sex} ${condition.name}`,
    `Admitted with ${admission.complaint}`,
    `Problem: ${condition.name}`,
    '',
  ]);
  const course = say(condition.course, between(1, 3, random), random);
  const events = sample(wardEvents, between(0, 2, random), random).map((template) =>
    write(template, words, random),
  );
  const exam = chance(0.55, random) ? say(condition.exam, 1, random) : [];
  const tests = chance(0.7, random) ? say(condition.tests, between(1, 3, random), random) : [];
  const talk = chance(0.35, random) ? [write(random.pick(conversations), words, random)] : [];
  const plan = [
    ...say(condition.treatment, chance(0.5, random) ? 1 : 0, random),
    ...say(condition.after, chance(0.3, random) ? 1 : 0, random),
    ...extras(admission, between(1, 3, random), random),
  ];
  const remark = random.pick([vitalsRemark(vitals, random), vitalsLine(vitals, random)]);
  if (chance(0.45, random)) {
    return `${[who, issue].filter((part) => part !== '').join(' - ')}\n${sentences([...course, ...events, remark, ...talk])}\n${sentences([...tests])}\nPlan: ${plan.join(', ')}.`.trim();
  }
  return assemble(
    [
      [who, issue].filter((part) => part !== '').join('. '),
      section(
        random.pick(['S', 'Subjective', 'Progress']),
        sentences([...course.slice(0, 1), ...events, ...talk]),
        author,
      ),
      section(
        random.pick(['O', 'Objective', 'Examination']),
        sentences([remark, ...exam, ...tests]),
        author,
      ),
      section(
        random.pick(['A', 'Impression', 'Issues']),
        sentences([...course.slice(1), impression(admission, random)]),
        author,
      ),
      section('Plan', numbered(plan, random), author),
    ],
    author,
  );
}

function nursing(admission: Admission, day: number, author: Author, random: Random): string {
  if (day <= 1 && chance(0.6, random)) return clerking(admission, 'nursing', day, author, random);
  const { condition, say, words } = admission;
  const vitals = vitalsAt(admission, day, random);
  const night = chance(0.4, random);
  const start = write(
    random.pick([
      '{Care taken over|Taken over care} from {day|night|late} staff.',
      'Nursing {entry|update}.',
      '$title $surname nursed in {bed|the chair}.',
      'Received from {ED|AMU}.',
      '',
      '',
    ]),
    words,
    random,
  );
  const care = say(condition.nursing, between(1, 3, random), random);
  const events = sample(
    [...(night ? nightEvents : []), ...wardEvents],
    between(1, 3, random),
    random,
  ).map((template) => write(template, words, random));
  const medical = chance(0.45, random)
    ? [
        write(
          random.pick([
            'Seen by doctors: $plan',
            'Doctors aware, $plan',
            'Reviewed by team, for $plan',
            'Awaiting $plan',
          ]),
          {
            ...words,
            plan:
              [
                ...say(condition.treatment, 1, random),
                ...say(condition.after, 1, random),
                ...extras(admission, 1, random),
              ][0] ?? 'bloods',
          },
          random,
        ),
      ]
    : [];
  const talk = chance(0.4, random) ? [write(random.pick(conversations), words, random)] : [];
  const remark = random.pick([vitalsRemark(vitals, random), vitalsLine(vitals, random)]);
  const clinical = chance(0.35, random) ? [...say(condition.course, 1, random)] : [];
  const body = random.shuffle([...care, ...events, ...medical, ...clinical]);
  if (chance(0.25, random)) {
    return assemble(
      [
        section(
          random.pick(['Situation', 'S']),
          sentences([`${admission.person.age} year old with ${condition.name}`, ...clinical]),
          author,
        ),
        section(random.pick(['Background', 'B']), sentences([background(admission)]), author),
        section(random.pick(['Assessment', 'A']), sentences([remark, ...care, ...events]), author),
        section(
          random.pick(['Recommendation', 'R', 'Plan']),
          sentences([...medical, ...extras(admission, 1, random)]),
          author,
        ),
      ],
      author,
    );
  }
  return [start, sentences([remark, ...body, ...talk])]
    .filter((part) => part !== '')
    .join(chance(0.3, random) ? '\n' : ' ');
}
