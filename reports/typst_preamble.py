"""The look of the PDF, in Typst. Fonts are those that Typst carries itself."""

from __future__ import annotations

PREAMBLE = r"""
#let body-size = 9.5pt
#let table-size = 7.6pt
#let muted(it) = text(fill: muted-ink, it)
#let typed(it) = text(font: "DejaVu Sans Mono", size: 0.8em, it)
#let running(it) = par(it)
#let lead(it) = block(sticky: true, it)
#let small(it) = { set text(size: 8.2pt); block(it) }
#let chip(word) = box(
  fill: looks.at(word).fill, stroke: 0.5pt + looks.at(word).ink, radius: 2pt,
  inset: (x: 2.6pt), outset: (y: 2pt),
  text(
    fill: looks.at(word).ink, weight: "bold", size: 6.4pt, tracking: 0.25pt, hyphenate: false,
    word,
  ),
) + h(1.5pt)
#let said(words, source) = block(
  sticky: true, breakable: false,
  inset: (left: 9pt, y: 2pt), stroke: (left: 2pt + luma(190)),
  { emph(words); if source != [] { linebreak(); text(size: 8.2pt, source) } },
)
#let callout(title, it, verdict) = {
  let look = if verdict == none { (ink: accent, fill: luma(244)) } else { looks.at(verdict) }
  let quiet = verdict == none
  set text(size: 8.2pt) if quiet
  block(
    sticky: not quiet, width: 100%, fill: look.fill,
    stroke: (left: (if quiet { 1.5pt } else { 3pt }) + look.ink),
    inset: (x: 8pt, y: if quiet { 4pt } else { 6pt }), breakable: false, { strong(title); [ ]; it },
  )
}
#let picture(name, alt, caption, place) = figure(
  image(bytes(sys.inputs.at(name)), format: "svg", width: 100%, alt: alt),
  caption: caption, placement: place,
)
#let grid-table(widths, aligned, head, ..cells) = {
  set text(size: table-size, hyphenate: false)
  set par(justify: false, leading: 0.5em)
  set table.cell(breakable: false)
  table(
    columns: widths, align: aligned, inset: (x: 3pt, y: 3.2pt),
    stroke: (x, y) => (bottom: if y == 0 { 0.8pt + accent } else { 0.35pt + luma(200) }),
    table.header(..head.map(it => text(weight: "bold", fill: accent, it))),
    ..cells,
  )
}
#let leading(anchor, it) = context {
  if query(label(anchor)).len() == 1 { link(label(anchor), it) } else { it }
}
#let contents(title) = context {
  let chapters = query(heading.where(level: 1))
  if chapters.len() > 0 {
    let half = calc.ceil(chapters.len() / 2)
    let line(chapter) = {
      let at = chapter.location()
      link(at, [#chapter.body #box(width: 1fr, repeat(gap: 2pt)[.]) #counter(page).at(at).first()])
    }
    set text(size: 8.6pt)
    block(above: 1.6em, below: 0.6em, breakable: false, sticky: true,
      text(weight: "bold", size: 10.2pt, fill: accent, title))
    block(breakable: false, grid(
      columns: (1fr, 1fr), column-gutter: 9mm,
      ..(chapters.slice(0, half), chapters.slice(half)).map(
        part => stack(spacing: 0.65em, ..part.map(line)),
      ),
    ))
  }
}
#let report(title: "", subtitle: "", running: "", description: "", keywords: (), it) = {
  set document(
    title: title, author: "Postmortem", date: none, description: description, keywords: keywords,
  )
  set text(font: "Libertinus Serif", size: body-size, lang: "en", hyphenate: true)
  set par(justify: true, leading: 0.58em, spacing: 0.8em)
  set list(spacing: 0.6em, indent: 2pt, marker: text(fill: accent, sym.bullet))
  set page(
    paper: "a4", margin: (x: 20mm, top: 19mm, bottom: 18mm),
    header: context if counter(page).get().first() > 1 {
      set text(size: 8pt, fill: muted-ink)
      [Postmortem #h(1fr) #running]
      v(-0.55em)
      line(length: 100%, stroke: 0.4pt + luma(190))
    },
    footer: context {
      set align(center)
      set text(size: 8pt, fill: muted-ink)
      [#counter(page).display() / #counter(page).final().first()]
    },
  )
  show heading: set text(fill: accent, hyphenate: false)
  show heading.where(level: 1): set text(size: 15pt)
  show heading.where(level: 2): set text(size: 10.2pt)
  show heading.where(level: 1): set block(above: 1.5em, below: 0.8em)
  show heading.where(level: 2): set block(above: 1.1em, below: 0.6em)
  show figure.caption: set text(size: 8.2pt)
  show figure.caption: set align(left)
  set figure(gap: 0.5em, numbering: none)
  show link: set text(fill: accent)
  block(below: 0.8em, text(size: 19pt, weight: "bold", fill: accent, hyphenate: false, title))
  text(size: 9pt, fill: muted-ink, subtitle)
  v(0.2em)
  it
}
"""
