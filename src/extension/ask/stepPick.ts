/** One question of a sequence, shown as a list. */
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { back } from './steps.js';
import type { StepPlace } from './steps.js';

export interface StepItem<T> extends vscode.QuickPickItem {
  /** `null` for a separator. */
  readonly value: T | null;
}

export interface StepOptions<T> {
  readonly place: StepPlace;
  readonly placeholder: string;
  readonly items: readonly StepItem<T>[];
  /** Which item has the focus initially. */
  readonly isActive?: (value: T) => boolean;
  /** Items with more detail, once it is known. */
  readonly later?: Promise<readonly StepItem<T>[]>;
  /** Why a choice is refused, as a sentence; the question stays open. */
  readonly refuse?: (value: T) => Promise<string | null>;
}

/** Throws Cancelled when the user closes the list. */
export async function askStep<T>(options: StepOptions<T>): Promise<T | typeof back> {
  const { place, items, isActive, later, refuse } = options;
  const pick = vscode.window.createQuickPick<StepItem<T>>();
  pick.title = place.title;
  pick.step = place.step;
  pick.totalSteps = place.totalSteps;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  if (place.step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  let isOpen = true;

  function show(shown: readonly StepItem<T>[], active: StepItem<T> | undefined): void {
    pick.items = shown;
    if (active !== undefined) pick.activeItems = [active];
  }

  async function showLater(): Promise<void> {
    if (later === undefined) return;
    pick.busy = true;
    const known = await later.catch(() => null);
    if (!isOpen) return;
    pick.busy = false;
    if (known === null) return;
    const active = pick.activeItems[0]?.value;
    show(
      known,
      known.find(({ value }) => value !== null && value === active),
    );
  }

  try {
    return await new Promise<T | typeof back>((resolve, reject) => {
      async function accept(): Promise<void> {
        const value = pick.activeItems[0]?.value ?? null;
        if (value === null) return;
        pick.enabled = false;
        const problem = (await refuse?.(value)) ?? null;
        if (problem === null) {
          resolve(value);
          return;
        }
        pick.enabled = true;
        pick.placeholder = problem;
      }
      pick.onDidAccept(() => void accept().catch(reject));
      pick.onDidTriggerButton(() => resolve(back));
      pick.onDidHide(() => reject(new Cancelled()));
      show(
        items,
        items.find(({ value }) => value !== null && isActive?.(value) === true),
      );
      pick.show();
      void showLater();
    });
  } finally {
    isOpen = false;
    pick.dispose();
  }
}

export function separator<T>(label: string): StepItem<T> {
  return { label, kind: vscode.QuickPickItemKind.Separator, value: null };
}
