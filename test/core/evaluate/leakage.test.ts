import { describe, expect, it } from 'vitest';
import { removeWords } from '../../../src/core/evaluate/leakage/removeWords.js';
import {
  formatWordList,
  parseWordList,
  proposeLeakageWords,
} from '../../../src/core/evaluate/leakage/words.js';

const notes = [
  { text: 'ROS: as stated.\nNo fever.', categories: ['Review of Systems'] },
  { text: 'Review of systems - negative', categories: ['Review of Systems'] },
  { text: 'Physical Examination: normal. Exam repeated.', categories: ['PHYSICAL EXAM'] },
  { text: 'The exams were reviewed; follow-up in a week', categories: ['FollowUp plan'] },
  { text: 'GP letter about injuries', categories: ['GP'] },
];
const categories = ['Review of Systems', 'PHYSICAL EXAM', 'FollowUp plan', 'GP', 'Injury', '1'];
const proposals = proposeLeakageWords(categories, notes);
const proposed = new Map(proposals.map((each) => [each.words, each]));

describe('Words that name a category', () => {
  it('are proposed in the forms that occur, with the notes in which they do', () => {
    expect([...proposed.keys()].sort()).toEqual(
      'exam|exams|follow up plan|gp|injuries|physical|review|review of systems|ros|systems|up'
        .split('|')
        .filter((words) => words !== 'follow up plan' && words !== 'up')
        .concat('follow')
        .sort(),
    );
    expect(proposed.get('review')).toEqual({
      words: 'review',
      categories: ['Review of Systems'],
      notes: 1,
      notesOfCategory: 1,
    });
    expect(proposed.get('exam')).toMatchObject({ notes: 1, notesOfCategory: 1 });
    expect(proposed.get('exams')).toMatchObject({ notes: 1, notesOfCategory: 0 });
    expect(proposed.get('injuries')).toMatchObject({ categories: ['Injury'] });
    expect(proposed.has('of')).toBe(false);
    expect(proposed.has('1')).toBe(false);
  });

  it('can be edited as a list', () => {
    const text = formatWordList(proposals);
    expect(parseWordList(text).sort()).toEqual([...proposed.keys()].sort());
    expect(text).toContain('exams  # 1 note, 0 of the category that it names\n');
    expect(parseWordList('Plan # x\r\n\n# all\n -- \nplan\nside effect')).toEqual([
      'plan',
      'side effect',
    ]);
  });

  it('are removed as whole words, in any case, hyphenated or not', () => {
    const { texts, changed, empty } = removeWords(
      [
        'Follow-up: PLAN of the planner',
        "followup, the plan's end",
        'Follow  up',
        'naïveté (plan)',
        'other',
      ],
      ['follow up', 'plan', 'naïv', 'a(b'],
    );
    expect(texts).toEqual([':  of the planner', ', the  end', '', 'naïveté ()', 'other']);
    expect([changed, empty]).toEqual([4, 1]);
    expect(removeWords(['plan'], [])).toEqual({ texts: ['plan'], changed: 0, empty: 0 });
  });

  it('of several words go before one of them does', () => {
    expect(removeWords(['x review of systems y'], ['review', 'review of systems']).texts).toEqual([
      'x  y',
    ]);
  });
});
