/** The page's own style sheet: readable on a screen, light or dark, and on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --soft: #f3f4f6; --line: #d5d9de; --quiet: #5b6470;
  --critical: #8c1d40; --high: #b42318; --medium: #a15c00; --low: #1f5f99; --info: #4b5563; --pass: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --paper: #14171a; --soft: #1f2428; --line: #363c43;
  --quiet: #9aa4b0; --critical: #ff8fb1; --high: #ff8a7a; --medium: #f2b35b; --low: #7db9ee; --info: #b6bec8; --pass: #69d49b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; border-bottom: 2px solid currentColor; }
h3 { margin: 1.2rem 0 .4rem; font-size: 1rem; } p { margin: .2rem 0; }
a { color: inherit; } code, .id { font: .87em ui-monospace, monospace; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); } .id { font-weight: 600; }
.warning { margin-top: .8rem; padding: .6rem .8rem; border-left: 4px solid var(--high); background: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0 .6rem; padding: 0; list-style: none; }
.tiles li { flex: 1 1 6rem; padding: .5rem .8rem; border: 1px solid var(--line); border-top: 4px solid currentColor; }
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; }
.critical > h2, li.critical { color: var(--critical); } .high > h2, li.high { color: var(--high); }
.medium > h2, li.medium { color: var(--medium); } .low > h2, li.low { color: var(--low); } .info > h2, li.info { color: var(--info); }
li.none { color: var(--quiet); }
article { margin: .5rem 0; padding: .6rem .8rem; border: 1px solid var(--line); background: var(--soft); break-inside: avoid; }
article p, dd { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: .1rem .6rem; margin: .3rem 0 0; } dt { color: var(--quiet); } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
th:first-child { text-align: left; font-weight: normal; } thead th { color: var(--quiet); font-weight: normal; }
td.zero { color: var(--quiet); } td.fail { color: var(--high); font-weight: 600; } td.pass { color: var(--pass); } td.unknown { color: var(--medium); }
td.satisfied { color: var(--pass); } td.not-satisfied { color: var(--high); font-weight: 600; } td.not-decided { color: var(--medium); } td.not-assessable { color: var(--quiet); }
.list { padding-left: 1.2rem; } .list li { margin: .25rem 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } }
@media print { main { max-width: none; padding: 0; } body { font-size: 11px; } }
`;
