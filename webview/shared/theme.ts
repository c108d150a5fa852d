import {
  type CategoryStyle,
  categoryStyle,
  darkPalette,
  lightPalette,
} from '../../src/core/report/drawing/palette.js';

export interface Theme {
  readonly dark: boolean;
  readonly highContrast: boolean;
  readonly foreground: string;
  readonly background: string;
  readonly muted: string;
  readonly focus: string;
  readonly palette: readonly string[];
  category(index: number): CategoryStyle;
}

/** The editor's current theme: VS Code sets its kind on the body and its colours as CSS variables. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const kind = document.body.dataset['vscodeThemeKind'] ?? 'vscode-dark';
  const highContrast = kind.startsWith('vscode-high-contrast');
  const dark = kind === 'vscode-dark' || kind === 'vscode-high-contrast';
  const colour = (name: string, fallback: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = colour('foreground', dark ? '#cccccc' : '#3b3b3b');
  const palette = dark ? darkPalette : lightPalette;
  const muted = highContrast ? foreground : colour('descriptionForeground', '#888888');
  return {
    dark,
    highContrast,
    foreground,
    background: colour('editor-background', dark ? '#1f1f1f' : '#ffffff'),
    muted,
    focus: colour('focusBorder', '#0078d4'),
    palette,
    category: (index) => categoryStyle(palette, muted, highContrast, index),
  };
}

/** Calls `listener` whenever the user changes the theme. */
export function onThemeChange(listener: () => void): void {
  let scheduled = false;
  const observer = new MutationObserver(() => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      listener();
    });
  });
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-kind'] });
  observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
}
