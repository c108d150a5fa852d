/** The report's style sheet: light and dark by the reader's preference, and fit for printing. */
export const reportStyle = `
:root{--bg:#fbfbfa;--card:#fff;--text:#1d2226;--quiet:#5d6870;--line:#e2e5e8;--accent:#0f6cbd;--held:#c4314b;--good:#107c41;
--c0:#1f77b4;--c1:#e8710a;--c2:#2a9d4a;--c3:#c9302c;--c4:#8557b8;--c5:#8c6150;--c6:#d6569f;--c7:#8a8d00;--c8:#0f9fb0;--c9:#b58900;--c10:#5465d1;--c11:#3f7d6e;--other:#9aa3aa}
@media (prefers-color-scheme:dark){:root{--bg:#16191c;--card:#1e2327;--text:#e6e9eb;--quiet:#9aa6ae;--line:#333a40;--accent:#5cb0f5;--held:#ff7a8f;--good:#5fd08b;
--c0:#5aa9e6;--c1:#ff9f45;--c2:#5fd07a;--c3:#ff6f69;--c4:#b995ec;--c5:#c79a88;--c6:#f58ac4;--c7:#cfd04a;--c8:#4fd3e0;--c9:#e2b93b;--c10:#8f9bff;--c11:#74c2ae;--other:#78828a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:0 0 8px}
p{margin:0 0 12px}
.quiet{color:var(--quiet)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(236px,1fr));gap:12px;margin:24px 0 0;padding:0}
.figure,.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px}
.figure dt{color:var(--quiet);font-size:13px}
.figure dd{margin:2px 0 0;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
.figure small{display:block;font-size:13px;font-weight:400;color:var(--quiet)}
.better{color:var(--good)}
.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:12px}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--quiet);font-size:12px}
.grid{stroke:var(--line)}
.raw{fill:none;stroke:var(--accent);opacity:.3}
.smooth{fill:none;stroke:var(--accent);stroke-width:2.2}
.held-out-line{fill:none;stroke:var(--held);stroke-width:1.4;stroke-dasharray:4 4}
.held-out{fill:var(--held);stroke:var(--card);stroke-width:1.5}
.map circle{fill-opacity:.8}
.map circle:hover{stroke:var(--text);stroke-width:2;fill-opacity:1}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--quiet);margin:12px 0 0}
.legend b{font-weight:500}
.swatch{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:6px;vertical-align:baseline}
.raw-swatch{background:var(--accent);opacity:.35}.smooth-swatch{background:var(--accent)}.held-out-swatch{background:var(--held)}
${Array.from({ length: 12 }, (_, i) => `.c${i}{fill:var(--c${i});--swatch:var(--c${i})}`).join('')}
.other{fill:var(--other);--swatch:var(--other)}
i[class*=" c"],i.other{background:var(--swatch)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;font-size:13px;color:var(--quiet)}
td.number,th.number{text-align:right}
tr:last-child td{border-bottom:0}
.bar{display:inline-block;height:8px;border-radius:4px;background:var(--accent);min-width:2px}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 9px;font-size:12px;color:var(--quiet);white-space:nowrap}
.tag.same{color:var(--good);border-color:currentColor}
blockquote{margin:0 0 14px;padding:8px 14px;border-left:3px solid var(--accent);color:var(--quiet);white-space:pre-line}
.card+.card{margin-top:12px}
.maps .card{margin:0}
.note{border-left:3px solid var(--c9);padding:6px 14px;margin:8px 0}
footer{margin-top:48px;font-size:13px;color:var(--quiet)}
@media print{body{background:#fff}.card,.figure{break-inside:avoid}}
`;
