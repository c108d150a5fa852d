/** Folders of `webview/` that are panels. */
export const panels: readonly string[];
