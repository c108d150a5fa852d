/** Radiology reports and discharge summaries. */
import type { Random } from '../../src/core/base/random.js';
import { assemble, section } from './author.js';
import type { Author } from './author.js';
import { clerking } from './clerking.js';
import type { Admission } from './admission.js';
import { background, numbered, opening } from './hospitalParts.js';
import { clock } from './people.js';
import { between, capital, chance, sample, sentences, write } from './prose.js';
import { wardEvents } from './wardEvents.js';

export function radiology(
  admission: Admission,
  _day: number,
  author: Author,
  random: Random,
): string {
  const { condition, say, words } = admission;
  const imaging = random.pick(condition.imaging);
  const study = write(imaging.study, words, random);
  const clinical = chance(0.6, random)
    ? write(imaging.clinical, words, random)
    : sentences([
        `${admission.person.age}${admission.person.sex}. ${capital(admission.complaint)}`,
        ...say(condition.tests, 1, random),
      ]);
  const findings = say(imaging.findings, between(2, 4, random), random);
  const impressionText = say(imaging.impression, 1, random);
  if (chance(0.3, random)) {
    return sentences([
      random.pick([`${study} ${clock(random)}`, `${capital(study)} reviewed`, study]),
      clinical,
      ...findings,
      ...impressionText,
    ]);
  }
  return assemble(
    [
      section(random.pick(['Examination', 'Study', 'Procedure']), sentences([study]), author),
      section(
        random.pick(['Clinical details', 'History', 'Indication']),
        sentences([clinical]),
        author,
      ),
      section(random.pick(['Report', 'Findings']), sentences(findings), author),
      impressionText.length === 0
        ? ''
        : section(
            random.pick(['Conclusion', 'Impression', 'Comment']),
            sentences(impressionText),
            author,
          ),
    ],
    author,
  );
}

export function dischargeSummary(
  admission: Admission,
  day: number,
  author: Author,
  random: Random,
): string {
  if (chance(0.3, random)) return clerking(admission, 'discharge summary', day, author, random);
  const { condition, say, words, stay } = admission;
  const treatment = say(condition.treatment, between(1, 3, random), random);
  const course = say(condition.course, between(1, 3, random), random);
  const after = say(condition.after, between(2, 4, random), random);
  const tests = say(condition.tests, between(1, 3, random), random);
  const story = sentences([
    `${opening(admission, random)} ${admission.complaint}`,
    ...say(condition.story, between(0, 2, random), random),
  ]);
  const inHospital = sentences([
    write(
      random.pick(['Treatment: $t', '$t', 'Management: $t']),
      { ...words, t: treatment.join('; ') },
      random,
    ),
    ...course,
    ...(chance(0.4, random)
      ? sample(wardEvents, 1, random).map((template) => write(template, words, random))
      : []),
  ]);
  const medicines = [
    ...admission.drugs,
    ...(chance(0.4, random)
      ? [
          random.pick([
            'paracetamol 1 g QDS PRN',
            'lansoprazole 15 mg OD',
            'senna 15 mg ON',
            'colecalciferol 800 units OD',
          ]),
        ]
      : []),
  ];
  if (chance(0.35, random)) {
    const letter = write(
      random.pick([
        'Dear Doctor,\n\nThank you for seeing $title $surname after an admission of $stay days with $condition.',
        'Dear colleague,\n\n$Title $surname went home today after treatment for $condition.',
        'To GP:\n\n$age year old $man, $condition, length of stay $stay days.',
      ]),
      { ...words, stay: String(Math.max(1, stay)) },
      random,
    );
    return `${letter}\n\n${story} ${sentences(tests)} ${inHospital}\n\n${sentences([`${random.pick(['We would be grateful for', 'Please arrange', 'Follow up'])}: ${after.join('; ')}`])}${chance(0.6, random) ? ` Medication on leaving: ${medicines.length === 0 ? 'none' : medicines.join(', ')}.` : ''}`;
  }
  return assemble(
    [
      section(
        random.pick(['Diagnosis', 'Primary diagnosis', 'Reason for admission']),
        sentences([condition.name]),
        author,
      ),
      section(random.pick(['History', 'Presenting complaint', 'Clinical summary']), story, author),
      chance(0.7, random)
        ? section(random.pick(['PMH', 'Background']), sentences([background(admission)]), author)
        : '',
      section(random.pick(['Investigations', 'Results']), sentences([tests.join(', ')]), author),
      section(random.pick(['Progress', 'Hospital course', 'Management']), inHospital, author),
      section(
        random.pick(['Medications', 'TTO', 'Medicines']),
        `${medicines.length === 0 ? 'Nil' : medicines.map(capital).join('\n')}\n${capital(admission.allergies)}.`,
        author,
      ),
      section(
        random.pick(['Plan', 'Follow up', 'Actions for GP']),
        numbered(after, random),
        author,
      ),
      chance(0.4, random) ? section('Social', write('$Home.', words, random), author) : '',
    ],
    author,
  );
}
