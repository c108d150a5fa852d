/** One question of a sequence that is answered by typing. */
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { back } from './steps.js';
import type { StepPlace } from './steps.js';

export interface TextOptions {
  readonly place: StepPlace;
  readonly prompt: string;
  readonly value: string;
  /** Why a text is refused, as a sentence; `null` if it is not. */
  readonly refuse: (text: string) => string | null;
}

/** Throws Cancelled when the user closes the question. */
export async function askTextStep(options: TextOptions): Promise<string | typeof back> {
  const { place, refuse } = options;
  const input = vscode.window.createInputBox();
  input.title = place.title;
  input.step = place.step;
  input.totalSteps = place.totalSteps;
  input.prompt = options.prompt;
  input.value = options.value;
  input.ignoreFocusOut = true;
  if (place.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise<string | typeof back>((resolve, reject) => {
      input.onDidChangeValue(() => {
        input.validationMessage = refuse(input.value.trim()) ?? '';
      });
      input.onDidAccept(() => {
        const problem = refuse(input.value.trim());
        if (problem === null) resolve(input.value.trim());
        else input.validationMessage = problem;
      });
      input.onDidTriggerButton(() => resolve(back));
      input.onDidHide(() => reject(new Cancelled()));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
