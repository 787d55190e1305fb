/** One style for every page. No file beside it: the pages work without a network. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6875; --line: #d9e0e6; --page: #f3f6f8; --card: #fff; --accent: #0b6e74;
  --accent-ink: #fff; --good: #17703a; --bad: #b3261e; --note: #fff6dd; --note-ink: #6b5200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b3; --line: #313c47; --page: #12181e; --card: #1b242c;
  --accent: #4fc3c9; --accent-ink: #06282a; --good: #6fd394; --bad: #ff8f87; --note: #3a3215; --note-ink: #f2dc9b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
main.narrow { max-width: 34rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: .25rem 0 1rem; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); }
small, .soft { color: var(--soft); font-size: .875rem; }
code, pre, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .8125rem; }
.id { white-space: nowrap; }
[hidden] { display: none !important; }
.note { background: var(--note); color: var(--note-ink); border-radius: .5rem; padding: .6rem .85rem; margin: 0 0 1rem; font-size: .9rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.25rem; margin: 0 0 1rem; min-width: 0; }
.card > :last-child, #world > :last-child { margin-bottom: 0; }
.columns { display: grid; gap: 1rem; align-items: start; }
@media (min-width: 48rem) { .columns { grid-template-columns: 1fr 1fr; } }
label, legend { display: block; font-weight: 600; font-size: .9rem; margin: 0 0 .25rem; padding: 0; }
input:not([type=radio]), select { width: 100%; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line);
  border-radius: .45rem; padding: .5rem .65rem; min-height: 2.6rem; }
:is(input, select, button, a, summary):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; min-width: 0; }
.field { margin: 0 0 .85rem; min-width: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .85rem; }
.pair.code { grid-template-columns: 1fr auto; align-items: end; gap: .5rem; }
.choice { display: flex; gap: .6rem; align-items: center; font-weight: 400; border: 1px solid var(--line); border-radius: .45rem;
  padding: .5rem .7rem; margin: 0 0 .4rem; cursor: pointer; }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.choice input { margin: 0; accent-color: var(--accent); }
.choice span { display: block; }
button, .button { display: inline-block; font: inherit; font-weight: 600; color: var(--ink); background: transparent; border: 1px solid var(--line);
  border-radius: .45rem; padding: .45rem .8rem; min-height: 2.6rem; cursor: pointer; text-decoration: none; }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.small { min-height: 2.1rem; padding: .2rem .65rem; font-size: .875rem; }
button:hover, .button:hover { border-color: var(--accent); }
button:disabled { opacity: .55; cursor: default; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.wide .main { flex: 1; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li, .sums div { display: flex; justify-content: space-between; gap: 1rem; padding: .35rem 0; }
.lines li { border-bottom: 1px solid var(--line); padding: .6rem 0; }
.lines b, .sums dd { white-space: nowrap; font-variant-numeric: tabular-nums; }
.sums { margin: .5rem 0 0; }
.sums dt, .sums dd { margin: 0; }
.sums .total { font-weight: 700; font-size: 1.15rem; border-top: 1px solid var(--line); margin-top: .35rem; padding-top: .6rem; }
.message { font-weight: 600; margin: 0 0 .85rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .8125rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td > input:not([type=radio]) { width: 6rem; min-height: 2.1rem; padding: .2rem .5rem; }
@media (max-width: 40rem) {
  thead { display: none; }
  tr { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-items: center; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  tr:last-child { border-bottom: 0; }
  td { border: 0; padding: 0; }
  td:first-child { flex: 1 0 100%; }
  td:nth-child(2) { flex: 1; }
  td > input:not([type=radio]) { width: 4rem; }
}
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.counts { display: flex; flex-wrap: wrap; gap: .35rem 1.5rem; margin: 0; }
.counts div { display: flex; gap: .4rem; align-items: baseline; }
.counts dt { color: var(--soft); font-size: .875rem; order: 2; }
.counts dd { margin: 0; font-weight: 700; font-variant-numeric: tabular-nums; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20rem; overflow-y: auto; }
`;
