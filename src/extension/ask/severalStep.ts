/** One question of a sequence with several answers: a list with boxes to tick. */
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { StepPlace } from './steps.js';

export interface SeveralOptions<T> {
  readonly place: StepPlace;
  readonly placeholder: string;
  readonly items: readonly StepItem<T>[];
  /** Ticked at first. */
  readonly isPicked: (value: T) => boolean;
  /** Why these answers are refused, as a sentence; the question stays open. */
  readonly refuse?: (values: readonly T[]) => string | null;
}

/** In the order of the list. Throws Cancelled when the user closes it. */
export async function askSeveralStep<T>(
  options: SeveralOptions<T>,
): Promise<readonly T[] | typeof back> {
  const { place, items, isPicked, refuse } = options;
  const pick = vscode.window.createQuickPick<StepItem<T>>();
  pick.title = place.title;
  pick.step = place.step;
  pick.totalSteps = place.totalSteps;
  pick.placeholder = options.placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  if (place.step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise<readonly T[] | typeof back>((resolve, reject) => {
      pick.onDidAccept(() => {
        const ticked = new Set(pick.selectedItems);
        const values = items.flatMap((item) =>
          item.value !== null && ticked.has(item) ? [item.value] : [],
        );
        const problem = refuse?.(values) ?? null;
        if (problem === null) resolve(values);
        else pick.placeholder = problem;
      });
      pick.onDidTriggerButton(() => resolve(back));
      pick.onDidHide(() => reject(new Cancelled()));
      pick.items = items;
      pick.selectedItems = items.filter(({ value }) => value !== null && isPicked(value));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
