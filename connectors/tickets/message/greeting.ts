/** What stands above a writer's words: whom they greet, and that they hope all is well. */
import { type Names, PLACEHOLDER } from './closing.ts'
import type { Line, Run } from './line.ts'
import { folded, GREETED, GREETINGS, PLEASANTRIES } from './phrases.ts'

const LONGEST_GREETING = 60
const MOST_ROUNDS = 4

export function withoutGreeting(lines: readonly Line[], names: Names): readonly Line[] {
  let left = lines
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const [first, ...rest] = left
    if (first === undefined || first.kind !== 'text') return left
    const length = openingLength(first.text, names)
    if (length === 0) return left
    const shorter = withoutStart(first, length)
    left = shorter === null ? rest : [shorter, ...rest]
  }
  return left
}

/** How many characters greet, up to the sign that ends it; 0 for none. */
function openingLength(text: string, names: Names): number {
  const end = text.slice(0, LONGEST_GREETING * 2).search(/[,.!:;?\n]/)
  const part = end < 0 ? text : text.slice(0, end)
  if (part.length > LONGEST_GREETING) return 0
  const isWhole = end < 0 || /^[,.!:;\s]*$/.test(text.slice(end))
  const opens = greets(part, names) || (text[end] !== ',' && text[end] !== ':' && wishesWell(part))
  if (!opens) return 0
  if (isWhole) return text.length
  // What follows must be said to somebody: behind a colon or semicolon it may as well belong to the word.
  return /[,.!]/.test(text[end] ?? '') && text[end + 1] === ' ' ? end + 2 : 0
}

function greets(part: string, names: Names): boolean {
  const words = part.split(/[\s'’]+/).filter((word) => word !== '')
  const plain = words.map(folded)
  const opening = GREETINGS.has(plain.slice(0, 2).join(' ')) ? 2 : GREETINGS.has(plain[0] ?? '') ? 1 : 0
  if (opening === 0 || words.length > opening + 5) return false
  return words.slice(opening).every((word) => {
    const each = folded(word)
    return /^\p{Lu}/u.test(word) || each === '' || GREETED.has(each) || names.has(each) || PLACEHOLDER.test(word)
  })
}

function wishesWell(part: string): boolean {
  const words = folded(part)
  return PLEASANTRIES.some(
    (each) => words.startsWith(each) && words.slice(each.length).split(' ').filter(Boolean).length <= 4,
  )
}

/** Null if nothing is left. */
function withoutStart(line: Line, length: number): Line | null {
  const text = line.text.slice(length).trim()
  if (text === '') return null
  return { ...line, isApart: true, text, runs: withoutCharacters(line.runs, length) }
}

/** As many characters as a reader sees: a stretch of white space is one, invisible ones are none. */
function withoutCharacters(runs: readonly Run[], length: number): readonly Run[] {
  const left: Run[] = []
  let seen = 0
  let wasSpace = true
  for (const run of runs) {
    if (seen >= length) {
      left.push(run)
      continue
    }
    let at = 0
    for (; at < run.text.length && seen < length; at += 1) {
      const sign = run.text[at] ?? ''
      const isSpace = /\s/.test(sign)
      if (/[\u200b-\u200f\u2060\ufeff\u00ad]/.test(sign) || (isSpace && wasSpace)) continue
      seen += 1
      wasSpace = isSpace
    }
    if (at < run.text.length) left.push({ ...run, text: run.text.slice(at) })
  }
  return left
}
