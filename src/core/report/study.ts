/** The report of a study: one page that sums up, and everything behind it. */
import { count, plural } from '../base/wording.js';
import { duration } from '../study/plan.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { card, facts, page, paragraph, remark, section, tag } from './page.js';
import { classificationSections } from './studyClassification.js';
import { costSection, settingsSection } from './studyCost.js';
import type { StudyReport } from './studyReport.js';
import { forgettingSection, mapSections, spaceSections } from './studySpaces.js';
import { trainingSection } from './studyTraining.js';

export function renderStudy(report: StudyReport): string {
  return page({
    title: report.title,
    madeAt: report.madeAt,
    hasNoteText: false,
    sections: [
      overview(report),
      findingsSection(report),
      ...missingSections(report),
      ...classificationSections(report.outcome),
      ...mapSections(report.outcome),
      ...spaceSections(report.outcome),
      ...trainingSection(report.outcome),
      ...forgettingSection(report.outcome),
      costSection(report),
      settingsSection(report),
    ],
  });
}

function overview({ plan, parts, isComplete }: StudyReport): Html {
  const { job, data } = plan;
  const taken = parts.reduce((sum, { cost }) => sum + (cost?.seconds ?? 0), 0);
  const done = parts.filter(({ status }) => status === 'done').length;
  return facts([
    {
      name: 'Notes',
      value: count(data.documents),
      remark: `${count(data.train)} to train on, ${count(data.heldOut)} held out by ${data.hasGroups ? 'patient' : 'near-duplicates'}`,
    },
    { name: 'Predicted', value: job.targets.join(', '), remark: classesOf(data.classes) },
    {
      name: 'Parts',
      value: `${count(done)} of ${count(parts.length)}`,
      remark: isComplete ? 'the study has ended' : 'the study goes on: this page is partial',
    },
    {
      name: 'Time',
      value: duration(taken),
      remark: `of all parts, one after the other; planned: ${duration(plan.seconds)}`,
    },
  ]);
}

function classesOf(classes: readonly number[]): string {
  return classes.map((number) => plural(number, 'class', 'classes')).join(', ');
}

const verdicts = { true: 'Holds here', false: 'Does not hold here', null: 'Open' } as const;

function findingsSection({ findings }: StudyReport): Html {
  return section(
    'What the paper found, and what was found here',
    ...findings.map(({ claim, holds, evidence }) =>
      card(
        html`${claim} ${tag(verdicts[`${holds}`], holds === true)}`,
        html`<ul>
          ${evidence.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>`,
      ),
    ),
    paragraph(
      'Differences are of macro-F1 in percentage points with 95 % intervals, over resamples of test notes and of samples of labels. A star marks a difference that stays clear of chance after adjustment for all comparisons of its claim (Holm). A claim is open where some of its comparisons could not be told apart: that is not the same as no difference.',
    ),
  );
}

function missingSections({ missing, plan, isComplete }: StudyReport): Html[] {
  const waiting = isComplete
    ? []
    : ['Some parts have not ended yet; this page is written again whenever one does.'];
  const said = [...waiting, ...plan.cuts, ...missing];
  return said.length === 0 ? [] : [section('What is not in it', ...said.map(remark))];
}
