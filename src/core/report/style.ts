/**
 * The reports' style sheet: light or dark by the reader's preference, and suitable for printing.
 */
import { darkPalette, lightPalette } from './drawing/palette.js';

/** Class that applies a palette colour; a negative index means "no category". */
export function colourClass(place: number): string {
  return place < 0 ? 'none' : `c${place % lightPalette.length}`;
}

const variables = (palette: readonly string[]): string =>
  palette.map((colour, place) => `--c${place}:${colour}`).join(';');

export const reportStyle = `
:root{--bg:#fbfbfa;--card:#fff;--text:#1d2226;--quiet:#5d6870;--line:#e2e5e8;--accent:#0f6cbd;--good:#107c41;--none:#7d868d;${variables(lightPalette)}}
@media (prefers-color-scheme:dark){:root{--bg:#16191c;--card:#1e2327;--text:#e6e9eb;--quiet:#9aa6ae;--line:#333a40;--accent:#5cb0f5;--good:#5fd08b;--none:#8d979e;${variables(darkPalette)}}}
${lightPalette.map((_, place) => `.c${place}{--mark:var(--c${place})}`).join('')}.none{--mark:var(--none)}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,footer{max-width:1080px;margin:0 auto;padding:40px 24px 0}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:0 0 8px}
p{margin:0 0 12px}
.quiet,caption,small,footer{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px}
.card+.card{margin-top:12px}
.facts,.columns{display:grid;gap:12px;margin:0;padding:0}
.facts{grid-template-columns:repeat(auto-fit,minmax(236px,1fr));margin-top:24px}
.columns{grid-template-columns:repeat(auto-fit,minmax(320px,1fr))}
.facts .card,.columns .card{margin:0}
dt{color:var(--quiet);font-size:13px}
dd{margin:2px 0 0;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
small{display:block;font-size:13px;font-weight:400}
.better{color:var(--good)}
.remark{border-left:3px solid var(--accent);padding:6px 14px;margin:8px 0}
blockquote{margin:0 0 14px;padding:8px 14px;border-left:3px solid var(--accent);color:var(--quiet);white-space:pre-line}
svg{display:block}
.chart,.scatter{width:100%;height:auto}
svg text{fill:var(--quiet);font-size:12px}
.grid{stroke:var(--line)}
.line,.faint,.dots{fill:none;stroke:var(--mark)}
.line{stroke-width:2.2}
.faint{opacity:.45}
.dots{stroke-width:1.4;stroke-dasharray:4 4}
.band{fill:var(--mark);fill-opacity:.18}
.dot{fill:var(--mark);stroke:var(--card);stroke-width:1.5}
.scatter path{fill:var(--mark);fill-opacity:.8}
.scatter path:hover{stroke:var(--text);stroke-width:2;fill-opacity:1}
.mark path{fill:var(--mark)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;font-size:13px;color:var(--quiet);margin:12px 0 0;padding:0}
.legend li{display:flex;align-items:center;gap:6px}
.legend b{font-weight:500}
.sample{width:22px;height:10px}
.mark{width:14px;height:14px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:13px;padding-bottom:4px}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
table:not(.square) td{min-width:9ch}
thead th{font-weight:600;font-size:13px;color:var(--quiet);overflow-wrap:normal}
tbody th{font-weight:400}
.number{text-align:right;white-space:nowrap}
tr:last-child :is(th,td){border-bottom:0}
.bar{display:inline-block;width:min(24vw,240px);margin-right:8px}
.bar i{display:block;height:8px;border-radius:4px;background:var(--accent);min-width:2px}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 9px;font-size:12px;color:var(--quiet);white-space:nowrap}
.tag.match{color:var(--good);border-color:currentColor}
.square td{text-align:right;padding:4px 8px;background:color-mix(in srgb,var(--shade) var(--share,0%),transparent)}
.square .good{--shade:var(--good)}.square .accent{--shade:var(--accent)}
.square thead th{padding:4px 8px;text-align:right;vertical-align:bottom;max-width:9em}
.card .scroll+.scroll{margin-top:18px}
footer{font-size:13px;padding:48px 24px 64px}
@media print{body{background:#fff}.card{break-inside:avoid}}
`;
