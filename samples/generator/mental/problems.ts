import { moodProblems } from './moodProblems.js';
import { otherProblems } from './otherProblems.js';

export const problems = { ...moodProblems, ...otherProblems };

export type ProblemName = keyof typeof problems;
