/** Spans of time as a user writes them: "8h", "1h30m", "45m", "90s", "2d". */

const unitSeconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;
const pattern = /^(?:\d+(?:\.\d+)?[dhms])+$/;

/** @returns seconds above 0; `null` if it is no span of time */
export function readDuration(text: string): number | null {
  const plain = text.replaceAll(/\s/g, '').toLowerCase();
  if (!pattern.test(plain)) return null;
  const parts = plain.match(/\d+(?:\.\d+)?[dhms]/g) ?? [];
  const seconds = parts.reduce((sum, part) => {
    const unit = part.at(-1) as keyof typeof unitSeconds;
    return sum + Number(part.slice(0, -1)) * unitSeconds[unit];
  }, 0);
  return seconds > 0 ? seconds : null;
}
