/** Formats figures. Independent of the locale, so that pictures and tests agree everywhere. */

export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

export function formatPlural(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** Three significant digits, or more if the integer part has more. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return formatCount(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1 || size === 0) return value.toFixed(2);
  return size >= 0.001 ? value.toPrecision(2) : value.toExponential(1).replace('-', '−');
}

export function formatSigned(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}

/** A rough duration: "about 12 min". */
export function formatAbout(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 0.75) return 'under a minute';
  if (minutes < 55) return `about ${Math.max(1, Math.round(minutes))} min`;
  const hours = minutes / 60;
  const text = hours < 3 ? (Math.round(hours * 2) / 2).toString() : Math.round(hours).toString();
  return `about ${text} h`;
}

export function formatMillions(value: number): string {
  return value < 1e5 ? formatCount(value) : `${formatFigure(value / 1e6)}\u2009M`;
}

/** A p-value: "< 0.001". */
export function formatChance(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
