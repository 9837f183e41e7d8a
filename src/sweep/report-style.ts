/** Style of the report: the page's colours, dark and light. */
export const REPORT_STYLE = `
:root { color-scheme: dark light; --bg: #181818; --fg: #cccccc; --dim: #9d9d9d; --line: #2b2b2b; --good: #4ec9b0; --bad: #f48771; --lost: #9d9d9d; --link: #4daafc; }
@media (prefers-color-scheme: light) { :root { --bg: #ffffff; --fg: #3b3b3b; --dim: #6e6e6e; --line: #e5e5e5; --good: #1a7f6b; --bad: #c4402a; --lost: #8a8a8a; --link: #005fb8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 24px; font-weight: 600; margin: 0 0 4px; }
h2 { font-size: 15px; font-weight: 600; margin: 32px 0 8px; }
.rate { font-size: 16px; margin: 0; } .rate strong { font-size: 20px; }
.interval, .note { color: var(--dim); } .note { margin: 4px 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 3px 16px 3px 0; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: middle; }
thead th { color: var(--dim); font-size: 12px; } .n { font-variant-numeric: tabular-nums; white-space: nowrap; }
.axis { display: grid; grid-template-columns: 1fr 1fr 1fr; width: 208px; } .axis :nth-child(2) { text-align: center; } .axis :nth-child(3) { text-align: right; }
svg .grid { stroke: var(--line); } svg .range { stroke: var(--good); stroke-width: 3; stroke-linecap: round; opacity: .55; } svg circle { fill: var(--good); }
.controls { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin: 8px 0; }
select { font: inherit; color: var(--fg); background: var(--bg); border: 1px solid var(--line); border-radius: 3px; padding: 2px 6px; }
label { color: var(--dim); }
.plot { position: relative; height: 420px; border: 1px solid var(--line); }
.plot canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.plot canvas.link { cursor: pointer; }
.plot canvas:focus-visible { outline: 1px solid var(--link); }
.readout { min-height: 3em; margin: 8px 0; } .readout a { color: var(--link); }
.key { display: inline-flex; gap: 6px; align-items: center; } .dot { width: 9px; height: 9px; border-radius: 50%; display: inline-block; }
@media print { .plot { height: 320px; } }
`;
