/** The page of a webview: one script and one style sheet; nothing else may be loaded. */
import { randomBytes } from 'node:crypto';

export interface PageParts {
  readonly title: string;
  readonly script: string;
  /** `null` if the panel has none. */
  readonly style: string | null;
  /** Source expression of the webview's own resources. */
  readonly cspSource: string;
}

export function createNonce(): string {
  return randomBytes(16).toString('base64url');
}

export function renderPage({ title, script, style, cspSource }: PageParts, nonce: string): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  const sheet = style === null ? '' : `<link rel="stylesheet" href="${escapeHtml(style)}">`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${sheet}
</head>
<body>
<div id="app"></div>
<script type="module" nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

/** For text and attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
