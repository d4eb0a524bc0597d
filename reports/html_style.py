"""The look of the HTML page: system fonts, one column, light and dark."""

from __future__ import annotations

from reports import style
from reports.inline_svg import variable

PAGE = """
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1.25rem 1rem 3rem; max-width: 56rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
  "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
h1, h2, h3 { color: var(--accent); line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1.75rem; margin: 0 0 .35rem; }
h2 { font-size: 1.35rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
section[aria-labelledby] > h2 { border-top: 1px solid var(--rule); padding-top: 1.5rem; }
p, ul, blockquote { margin: 0 0 .9rem; }
main p, main li { max-width: 44rem; }
ul { padding-left: 1.2rem; }
li { margin-bottom: .4rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; padding: .5rem .9rem; background: var(--paper);
  z-index: 1; }
.skip:focus { left: 1rem; top: .5rem; }
.subtitle, .muted, .source { color: var(--muted); }
.small, figcaption { font-size: .9rem; }
.lead { font-size: 1.1rem; }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
blockquote { padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--rule); }
blockquote p { margin: 0; font-style: italic; }
blockquote .source { font-style: normal; font-size: .9rem; }
.callout { padding: .6rem .8rem; border-left: 4px solid var(--look, var(--accent));
  background: var(--back, var(--wash)); }
.callout.quiet { font-size: .9rem; }
.chip { display: inline-block; padding: .05rem .4rem; border: 1px solid var(--look);
  border-radius: .25rem; background: var(--back); color: var(--look); font-size: .72rem;
  font-weight: 700; letter-spacing: .03em; white-space: nowrap; }
nav { font-size: .875rem; margin-bottom: 1.5rem; }
nav h2 { font-size: 1rem; margin: 1rem 0 .3rem; }
nav ol { list-style: none; margin: 0; padding: 0; columns: 2; column-gap: 1rem; }
nav li { margin: 0; break-inside: avoid; }
nav a { display: block; padding: .2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.scroll { overflow-x: auto; margin: 0 0 1rem; background:
  linear-gradient(to right, var(--paper) 30%, transparent) left / 3rem 100% local no-repeat,
  linear-gradient(to left, var(--paper) 30%, transparent) right / 3rem 100% local no-repeat,
  linear-gradient(to right, var(--rule), transparent) left / .8rem 100% scroll no-repeat,
  linear-gradient(to left, var(--rule), transparent) right / .8rem 100% scroll no-repeat; }
.scroll:has(> table) { margin-bottom: 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
table.wide { min-width: 40rem; }
th, td { padding: .4rem .6rem .4rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
tbody th { font-weight: inherit; }
thead th { color: var(--accent); border-bottom: 2px solid var(--accent); vertical-align: bottom; }
.right { text-align: right; }
tbody .short { white-space: nowrap; }
figure { margin: 1.25rem 0 1.5rem; }
figure .scroll { margin-bottom: .4rem; }
figure svg { display: block; width: 100%; min-width: 37rem; max-width: 52rem; height: auto;
  stroke-linejoin: round; stroke-linecap: butt; }
figcaption { color: var(--muted); max-width: 44rem; }
figcaption strong { color: var(--ink); }
.glyphs { position: absolute; width: 0; height: 0; }
details { border-top: 1px solid var(--rule); }
details + :not(details) { border-top: 1px solid var(--rule); padding-top: 1.2rem; }
summary { cursor: pointer; padding: .6rem 0; }
summary h3 { display: inline; margin: 0; }
details[open] { padding-bottom: .6rem; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule);
  color: var(--muted); font-size: .9rem; }
"""

NARROW = """
@media (max-width: 46rem) {
  table.stacks, .stacks tbody, .stacks tr, .stacks th, .stacks td { display: block; width: auto; }
  .stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; }
  .stacks tr { padding: .6rem 0; border-bottom: 1px solid var(--rule); }
  .stacks tr:first-child { border-top: 2px solid var(--accent); }
  .stacks th, .stacks td { border: 0; padding: .12rem 0; text-align: left; }
  .stacks td[data-label] { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr);
    column-gap: .6rem; }
  .stacks td.none { display: none; }
  .stacks td[data-label]::before { content: attr(data-label); color: var(--muted); }
}
"""

BROAD = """
@media (min-width: 76rem) {
  body { display: grid; grid-template-columns: 13.5rem minmax(0, 54rem); column-gap: 3rem;
    max-width: 74rem; }
  body > :not(nav):not(.skip):not(.glyphs) { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 1rem; align-self: start;
    max-height: calc(100vh - 2rem); overflow-y: auto; }
  nav ol { columns: 1; }
}
"""

PRINTED = """
@media print {
  nav, .skip { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  figure, tr { break-inside: avoid; }
}
"""


def css() -> str:
    """Return the style sheet of the page."""
    names = {
        "paper": style.PAPER, "wash": style.WASH, "ink": style.INK, "muted": style.MUTED,
        "rule": style.RULE, "accent": style.ACCENT,
    }  # fmt: skip
    named = "".join(f" --{name}: var({variable(colour)});" for name, colour in names.items())
    light = "".join(f" {variable(c)}: {c};" for c in style.DARK)
    dark = "".join(f" {variable(c)}: {to};" for c, to in style.DARK.items())
    verdicts = "".join(
        f".{v.value.lower()} {{ --look: var({variable(look.ink)}); "
        f"--back: var({variable(look.fill)}); }}\n"
        for v, look in style.LOOKS.items()
    )
    colours = (
        f":root {{{light}{named} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{{dark} }} }}\n"
    )
    return colours + verdicts + PAGE + NARROW + BROAD + PRINTED
