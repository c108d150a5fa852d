/** How much a study does: what its preset asks for, and less of it where the budget is short. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { studyFineTuningSeeds, studyPresetEntries } from '../../protocol/catalogue/study.js';
import type { StudyPresetName } from '../../protocol/catalogue/study.js';

export interface StudySettings {
  /** Of the preset's passes over the notes, in (0, 1]. */
  readonly trainingShare: number;
  readonly shots: readonly Shots[];
  readonly frozenSeeds: number;
  readonly fineTuningShots: readonly Shots[];
  readonly fineTuningSeeds: number;
  /** Whether frozen models are measured a second time without the words that name the classes. */
  readonly withoutWords: boolean;
}

export function settingsOf(preset: StudyPresetName): StudySettings {
  const { shots, frozenSeeds, fineTuningShots } = studyPresetEntries[preset];
  return {
    ...{ trainingShare: 1, shots, frozenSeeds, fineTuningShots, withoutWords: true },
    fineTuningSeeds: studyFineTuningSeeds,
  };
}

export interface Cut {
  /** One sentence. */
  readonly sentence: string;
  readonly settings: StudySettings;
}

const leastShots: readonly Shots[] = [16, 'all'];

/**
 * What is given up, in this order, until the time suffices; each cut keeps those before it. What decides most comes
 * last: classification with the model frozen, at 16 labels per class and all.
 *
 * @param isTrainingCut whether the budget decides the steps
 */
export function cutsOf(first: StudySettings, isTrainingCut: boolean): Cut[] {
  const cuts: Cut[] = [];
  let settings = first;
  const give = (sentence: string, change: Partial<StudySettings>): void => {
    settings = { ...settings, ...change };
    cuts.push({ sentence, settings });
  };
  const train = (share: number): void => {
    if (!isTrainingCut) return;
    give(`Pre-training takes ${Math.round(100 * share)} % of the preset's steps.`, {
      trainingShare: share,
    });
  };
  train(0.6);
  const fewer = first.fineTuningShots.filter((count) => leastShots.includes(count));
  if (fewer.length < first.fineTuningShots.length) {
    give('Models are fine-tuned with 16 labels per class and all, not with other numbers.', {
      fineTuningShots: fewer,
    });
  }
  train(0.3);
  if (first.frozenSeeds > 5) {
    give('Each number of labels is drawn 5 times with the model frozen, not 20 times.', {
      frozenSeeds: 5,
    });
  }
  train(0.15);
  give('Models are fine-tuned with 16 labels per class alone.', {
    fineTuningShots: fewer.filter((count) => count !== 'all'),
  });
  give('No model is fine-tuned.', { fineTuningShots: [] });
  give('The words that name the classes are not removed for a second look.', {
    withoutWords: false,
  });
  if (first.shots.length > leastShots.length) {
    give('Frozen models are measured with 16 labels per class and all, not with other numbers.', {
      shots: leastShots,
    });
  }
  train(0.05);
  return cuts;
}
