const LIGHT =
  '--ground:#fff;--panel:#f5f6f8;--ink:#14161a;--quiet:#5c626d;--line:#e2e4e9;--accent:#d6360f;--second:#2f62c9';
const DARK =
  '--ground:#0f1114;--panel:#181b20;--ink:#f0f1f4;--quiet:#a2a8b3;--line:#2a2e36;--accent:#ff7447;--second:#86aefc';

/** Colours for light and dark surroundings, and the figures' look. */
export const FIGURE_STYLE = `\
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.q{fill:var(--quiet)}
.b{font-weight:600}
.grid{stroke:var(--line);fill:none}
.line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.line.accent{stroke:var(--accent)}
.line.second{stroke:var(--second)}
.dot.accent{fill:var(--accent)}
.dot.second{fill:var(--second)}
.dots circle{fill:var(--accent);fill-opacity:.55}
.bar{fill:var(--accent)}
.cell{fill:var(--panel)}
.cell.right{fill:var(--ink)}
.cell.wrong{fill:var(--accent)}
.zero{fill:var(--quiet);fill-opacity:.7}
.onright,.onwrong{fill:var(--ground)}
`;

/** The look of a page around the figures. */
export const PAGE_STYLE = `\
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:72rem;margin:0 auto;padding:clamp(1.5rem,4vw,4rem) clamp(1rem,4vw,3rem)}
header{border-bottom:1px solid var(--line);padding-bottom:2.5rem}
header p{margin:0;color:var(--quiet)}
h1{margin:.25rem 0 .5rem;font-size:clamp(1.25rem,1rem + 1.5vw,1.75rem);font-weight:500;line-height:1.2}
h1 strong{display:block;font-size:clamp(3.5rem,2rem + 8vw,7rem);font-weight:650;letter-spacing:-.04em;line-height:1;color:var(--accent);font-variant-numeric:tabular-nums}
h2{margin:0 0 .25rem;font-size:1.25rem;font-weight:600}
section{padding-top:2.5rem}
section>p{margin:0 0 1rem;color:var(--quiet)}
section>svg+p{margin-top:1.5rem}
svg{display:block;width:100%;height:auto;margin-top:.75rem}
.curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:2rem}
.scroll{overflow-x:auto}
.scroll svg{min-width:42rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:0 2.5rem;margin:.75rem 0 0}
dl div{display:flex;justify-content:space-between;gap:1rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--quiet)}
dd{margin:0;text-align:right;overflow-wrap:anywhere}
.scores{grid-template-columns:repeat(auto-fill,minmax(min(100%,28rem),1fr))}
.digests{grid-template-columns:minmax(0,1fr)}
.digests dd{font:13px/1.7 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
@media print{section{break-inside:avoid}}
`;
