/**
 * Whether what a tool's test expects is in our markdown, by content: the words in their order, code, headings with
 * their level, list items, cells, link targets and images. How a tool spells them is its own choice.
 */
import { plainMarkdown } from './case-dialects.ts'
import type { Assert } from './case-inputs.ts'
import { keptOf, plainAddress } from './compare.ts'
import { readMarkdown } from './read-markdown.ts'
import { type Reading, squeeze, wordsOf } from './reading.ts'

export interface Verdict {
  /** What the test asserts, or of a page the part that is judged. */
  readonly what: string
  /** The text of the test, or of a page the part that is judged. */
  readonly text: string
  readonly verbatim: boolean
  /** What is not kept; empty where the assertion holds. */
  readonly missing: readonly string[]
}

const PARTS = ['words', 'headings', 'items', 'cells', 'code', 'links', 'images'] as const

/** Asserts of nothing but syntax: what of a page they ask for. */
const SYNTAX: readonly (readonly [pattern: RegExp, isThere: (ours: Reading) => boolean])[] = [
  [/^\s*$/, () => true],
  [/^(\||-{3,}|<table>?)$/, ({ cells }) => cells.length > 0],
  [/^!\[\]\($/, ({ images }) => images.length > 0],
]

export function judge(assert: Assert, markdown: string): readonly Verdict[] {
  if (assert.kind === 'page') return judgePage(assert, markdown)
  const { kind, text } = assert
  const what = `${kind} ${JSON.stringify(text)}`
  const isThere = kind === 'equal' ? markdown.trim() === text.trim() : markdown.includes(text)
  if (kind === 'not contains') return [{ what, text, verbatim: !isThere, missing: isThere ? [text] : [] }]
  return [{ what, text, verbatim: isThere, missing: isThere ? [] : missingOf(text, markdown) }]
}

function missingOf(text: string, markdown: string): readonly string[] {
  const ours = readMarkdown(markdown)
  const syntax = SYNTAX.find(([pattern]) => pattern.test(text))
  if (syntax !== undefined) return syntax[1](ours) ? [] : [text]
  const expected = readMarkdown(plainMarkdown(text))
  const parts = { ...partsOf(expected, ours), words: sequence(expected, ours) }
  const missing = Object.values(parts).flatMap(({ wrong }) => wrong)
  return isEmpty(expected) ? [text] : missing
}

/** Each part that the page has is one assertion. */
function judgePage(assert: Assert & { readonly kind: 'page' }, markdown: string): readonly Verdict[] {
  const ours = readMarkdown(markdown)
  const expected = readMarkdown(plainMarkdown(assert.text))
  const scores = partsOf(expected, ours)
  return PARTS.filter((part) => scores[part].expected > 0 && (assert.format === 'markdown' || part === 'words')).map(
    (part) => ({ what: part, text: part, verbatim: false, missing: scores[part].wrong }),
  )
}

function partsOf(expected: Reading, ours: Reading) {
  return {
    words: keptOf(foldedWords(expected), foldedWords(ours)),
    headings: keptOf(expected.headings.map(folded), ours.headings.map(folded)),
    items: keptOf(expected.items.map(folded), ours.items.map(folded)),
    cells: keptOf(expected.cells.map(folded), ours.cells.map(folded)),
    code: keptCode(expected.code, ours.code),
    links: keptTargets(expected.links, ours.links),
    images: keptTargets(expected.images, ours.images),
  }
}

/** The words one after the other, with nothing between them. */
function sequence(expected: Reading, ours: Reading) {
  const words = foldedWords(expected).join(' ')
  const isKept = ` ${foldedWords(ours).join(' ')} `.includes(` ${words} `)
  return { expected: 1, wrong: isKept || words === '' ? [] : [words] }
}

/** Letters and digits, without marks and case. */
function folded(text: string): string {
  return wordsOf(text).join(' ').toLowerCase()
}

function foldedWords(reading: Reading): readonly string[] {
  return wordsOf(reading.text.toLowerCase())
}

/** A language that the tool does not say is none that it denies. */
function keptCode(expected: readonly string[], ours: readonly string[]) {
  const named = expected.filter((code) => !code.startsWith('\n'))
  const unnamed = expected.filter((code) => code.startsWith('\n'))
  const scores = [
    keptOf(named.map(drawn), ours.map(drawn)),
    keptOf(
      unnamed.map(drawn),
      ours.map((code) => drawn(code.slice(code.indexOf('\n')))),
    ),
  ]
  return { expected: expected.length, wrong: scores.flatMap(({ wrong }) => wrong) }
}

function drawn(code: string): string {
  return code.replace(/[ \t]+$/gm, '').trim()
}

function keptTargets(expected: readonly string[], ours: readonly string[]) {
  const wrong = expected.filter((target) => !ours.some((other) => sameTarget(target, other)))
  return { expected: expected.length, wrong }
}

/** A target on the tool's own site is known by what it names: the end of its path, and its anchor. */
function sameTarget(expected: string, ours: string): boolean {
  if (plainAddress(expected) === plainAddress(ours)) return true
  const isElsewhere = /^[a-z][\w+.-]*:/i.test(expected) && !expected.startsWith('https://confluence.example.com/')
  return !isElsewhere && ` ${nameOf(ours)}`.endsWith(` ${nameOf(expected)}`)
}

function nameOf(address: string): string {
  const path = plainAddress(address)
    .replace(/^https:\/\/confluence\.example\.com\/.*\//, '')
    .replace(/\?[^#]*/, '')
    .replace(/\.md(?=#|$)/, '')
  return folded(path.replace(/[+_]/g, ' '))
}

function isEmpty(reading: Reading): boolean {
  const { text, code, links, images } = reading
  return squeeze(text) === '' && code.length + links.length + images.length === 0
}
