/** Changes to HTML and storage format that its grammar suggests, and some that break it. */
import { escapeMarkup, hostileAttribute, hostileCharacter, hostileText } from './hostile.ts'
import { copyOf, type Markup, parseMarkup, type Spot, spotsOf, type Tag, tagOf, textOf, writeMarkup } from './markup.ts'
import type { Random } from './random.ts'

const INLINE = 'a b strong i em s del code kbd span u sup sub mark font q small label abbr time big cite dfn ins'.split(
  ' ',
)
const BLOCK =
  `p div h1 h2 h3 h6 blockquote pre ul ol li dl dt dd table tbody thead tr td th caption section details summary
  figure figcaption address form fieldset center main nav hgroup menu dir aside`.split(/\s+/)
const ODD =
  `script style template title head noscript svg math iframe textarea select option button object xmp plaintext
  listing noembed video dialog html body foreignObject annotation-xml x-y o:p image br hr img input wbr`.split(/\s+/)
const STORAGE =
  `ac:structured-macro ac:rich-text-body ac:plain-text-body ac:parameter ac:link ac:link-body ac:image ri:page
  ri:user ri:attachment ri:url ac:task-list ac:task ac:task-body ac:task-status ac:layout ac:layout-cell ac:placeholder
  ac:emoticon ac:adf-extension ac:adf-node ac:adf-content ac:adf-fallback ac:caption ac:inline-comment-marker ac:x`.split(
    /\s+/,
  )
const MACROS = `info note code panel expand status jira toc excerpt html markdown include noformat details unknown-app
  plantuml mermaid show-if view-file profile drawio latex`.split(/\s+/)

/** How large an input may get: pages of more are the business of shapes.ts. */
const LARGEST = 30_000
/** Of a sample that is taken, most of the time. */
const PART = 2_500

type Mutation = (spot: Spot, setting: Setting) => void

interface Setting {
  readonly random: Random
  readonly format: 'html' | 'storage'
  readonly spots: readonly Spot[]
  /** Another sample to take from. */
  readonly other: Tag
}

export function mutateMarkup(sample: string, other: string, format: 'html' | 'storage', random: Random): string {
  const root = tagOf('', '', 'both', partOf(parseMarkup(sample), random))
  const from = parseMarkup(other.slice(0, 4 * PART))
  for (let left = countOf(random); left > 0; left -= 1) {
    const spots = spotsOf(root)
    if (spots.length === 0) root.children.push(textOf(escapeMarkup(hostileText(random))))
    else random.pick(MUTATIONS)(random.pick(spots), { random, format, spots, other: from })
  }
  const written = writeMarkup(root.children).slice(0, LARGEST)
  return random.chance(0.12) ? noisy(written, random) : written
}

/** The sample's own markup, or a run of siblings of it that is not too long. */
function partOf(root: Tag, random: Random): Markup[] {
  if (random.chance(0.02)) return root.children
  let at = root
  for (let steps = 0; steps < 50 && writeMarkup(at.children).length > PART; steps += 1) {
    const from = random.below(at.children.length)
    const run = runFrom(at.children, from)
    if (run.length > 0) return run
    const child = at.children[from]
    if (child?.kind !== 'tag') return [textOf(child?.text.slice(0, PART) ?? '')]
    at = child
  }
  return at.children
}

function runFrom(children: readonly Markup[], from: number): Markup[] {
  const run: Markup[] = []
  let length = 0
  for (const child of children.slice(from)) {
    length += writeMarkup([child]).length
    if (length > PART) break
    run.push(child)
  }
  return run
}

function countOf(random: Random): number {
  let count = 0
  while (count < 12 && random.chance(count === 0 ? 0.97 : 0.7)) count += 1
  return count
}

const MUTATIONS: readonly Mutation[] = [
  ({ parent, index, node }, { random }) => {
    const copies = random.chance(0.05) ? random.below(60) : 1
    parent.children.splice(index, 0, ...Array.from({ length: copies }, () => copyOf(node)))
  },
  ({ parent, index }) => void parent.children.splice(index, 1),
  swap,
  ({ parent, index, node }, { random, format }) => {
    parent.children[index] = random.chance(0.2) ? macroAround(node, random) : around(node, format, random)
  },
  ({ parent, index, node }, { random, format }) => {
    parent.children[index] = deep(node, format, random)
  },
  ({ parent, index, node }) => {
    if (node.kind === 'tag') parent.children.splice(index, 1, ...node.children)
  },
  unbalance,
  unbalance,
  addAttribute,
  addAttribute,
  ({ node }, { random }) => {
    if (node.kind === 'tag') node.attributes = random.chance(0.5) ? '' : node.attributes.slice(random.below(20))
  },
  ({ node }, { random, format }) => {
    if (node.kind === 'tag') node.name = nameFor(format, random)
  },
  ({ parent, index }, { random, other }) => {
    const spots = spotsOf(other)
    if (spots.length > 0) parent.children.splice(index, 0, copyOf(random.pick(spots).node))
  },
  addText,
  addText,
  addText,
  ({ parent, index }, { random }) => void parent.children.splice(index, 0, textOf(rawText(random))),
  ({ node }, { random }) => {
    if (node.kind === 'text') node.text = escapeMarkup(hostileText(random))
  },
  addTable,
]

function swap({ parent, index, node }: Spot, { random, spots }: Setting): void {
  const other = random.pick(spots)
  const copy = copyOf(other.node)
  other.parent.children[other.index] = copyOf(node)
  parent.children[index] = copy
}

function unbalance({ parent, index, node }: Spot, { random, format }: Setting): void {
  if (node.kind === 'tag' && random.chance(0.7)) node.form = random.pick(['open', 'close', 'both', 'alone'])
  else parent.children.splice(index, 0, tagOf(nameFor(format, random), '', random.pick(['open', 'close'])))
}

function addAttribute({ node }: Spot, { random }: Setting): void {
  if (node.kind === 'tag') node.attributes = hostileAttribute(random) + node.attributes
}

function addText({ parent, index, node }: Spot, { random }: Setting): void {
  const text = escapeMarkup(hostileText(random))
  if (node.kind === 'tag') parent.children.splice(index + random.below(2), 0, textOf(text))
  else {
    const at = random.below(node.text.length + 1)
    node.text = node.text.slice(0, at) + text + node.text.slice(at)
  }
}

/** What is no element: CDATA whole and split, comments, entities, stray angles. */
function rawText(random: Random): string {
  const text = hostileText(random)
  return random.pick([
    `<![CDATA[${text}]]>`,
    `<![CDATA[${text}]]]]><![CDATA[>${text}]]>`,
    `<!--${text}-->`,
    `<!--${text}`,
    `<?php ${text}?>`,
    `<!DOCTYPE ${text}>`,
    '&amp;lt;b&amp;gt;',
    '&lt;script&gt;x&lt;/script&gt;',
    '&#0;&#x110000;&#xD800;&#128;&notanentity;&amp',
    `< ${text}`,
    `<${hostileCharacter(random)}>`,
    ' ',
  ])
}

function addTable({ parent, index }: Spot, { random, other }: Setting): void {
  const spots = spotsOf(other)
  const rows = Array.from({ length: 1 + random.below(4) }, (_, row) => {
    const cells = Array.from({ length: 1 + random.below(4) }, () => {
      const content = random.chance(0.4) && spots.length > 0 ? copyOf(random.pick(spots).node) : textOf(safe(random))
      return tagOf(row === 0 && random.chance(0.5) ? 'th' : 'td', spanOf(random), 'both', [content])
    })
    return tagOf('tr', '', 'both', cells)
  })
  parent.children.splice(index, 0, tagOf('table', '', 'both', [tagOf('tbody', '', 'both', rows)]))
}

function safe(random: Random): string {
  return escapeMarkup(hostileText(random))
}

function spanOf(random: Random): string {
  return random.chance(0.85)
    ? ''
    : ` ${random.pick(['colspan', 'rowspan'])}="${random.pick([2, 3, 0, 50, 1_000, 65_534])}"`
}

function around(node: Markup, format: 'html' | 'storage', random: Random): Markup {
  return tagOf(nameFor(format, random), random.chance(0.3) ? hostileAttribute(random) : '', 'both', [node])
}

function macroAround(node: Markup, random: Random): Markup {
  const body = random.chance(0.7)
    ? tagOf('ac:rich-text-body', '', 'both', [node])
    : tagOf('ac:plain-text-body', '', 'both', [textOf(`<![CDATA[${writeMarkup([node]).replaceAll(']]>', '')}]]>`)])
  const parameter = tagOf('ac:parameter', ` ac:name="${random.pick(['title', 'language', 'hidden', ''])}"`, 'both', [
    textOf(random.chance(0.5) ? 'true' : escapeMarkup(hostileText(random))),
  ])
  return tagOf('ac:structured-macro', ` ac:name="${random.pick(MACROS)}"`, 'both', [parameter, body])
}

/** Mostly a few elements, now and then some hundred. */
function deep(node: Markup, format: 'html' | 'storage', random: Random): Markup {
  const names = [nameFor(format, random), nameFor(format, random)]
  let inside = node
  for (let left = random.chance(0.05) ? random.below(400) : random.below(12); left > 0; left -= 1) {
    inside = tagOf(names[left % 2] ?? 'div', '', 'both', [inside])
  }
  return inside
}

function nameFor(format: 'html' | 'storage', random: Random): string {
  if (format === 'storage' && random.chance(0.4)) return random.pick(STORAGE)
  return random.pick(random.pick([INLINE, INLINE, BLOCK, BLOCK, BLOCK, ODD]))
}

/** What no grammar suggests: a character more, fewer characters. */
function noisy(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + hostileCharacter(random) + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random.below(6))
    default:
      return text.slice(0, at) + random.pick(['<', '>', '"', '&', '</', '<!', '/>']) + text.slice(at)
  }
}
