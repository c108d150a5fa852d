import { describe, expect, it } from 'vitest';
import { parseTrainingConfig, trainingConfigSchema } from '../../src/core/train/config.js';
import {
  configurationPath,
  objectiveOf,
  parseConfiguration,
  startingConfiguration,
} from '../../src/extension/commands/trainingConfiguration.js';
import { objectiveNames } from '../../src/protocol/catalogue/objectives.js';

describe('A training configuration', () => {
  it.each(objectiveNames)('starts with settings that are right (%s)', async (objective) => {
    const text = JSON.stringify(startingConfiguration(objective));
    const overrides = await parseConfiguration(text, 'x');
    expect(parseTrainingConfig(overrides)).toMatchObject(startingConfiguration(objective));
    const { properties } = trainingConfigSchema() as { properties: object };
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(Object.keys(startingConfiguration(objective))),
    );
  });

  it.each(objectiveNames)('says in its name what it is for (%s)', (objective) => {
    expect(objectiveOf(configurationPath('/home', objective))).toBe(objective);
    expect(objectiveOf('/home/mine.notespace.json')).toBeNull();
  });

  it.each([
    ['{\n  "maxSteps": 10,\n  oops\n}', /^x\.json is not JSON.*: mend it, then start again\.$/],
    ['[]', /must be a JSON object/],
    ['{"maxSteps": 0}', /"maxSteps" must be a whole number of at least 1, or null/],
    ['{"lerningRate": 1}', /has no "lerningRate"/],
  ])('that is wrong is refused in one sentence: %s', async (text, sentence) => {
    await expect(parseConfiguration(text, 'x.json')).rejects.toThrow(sentence);
  });
});
