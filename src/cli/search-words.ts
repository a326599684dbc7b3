/** What `search --explain` says to a person: what was asked for, and why each passage stands where it stands. */

import { plainLine } from '../core/plain.ts'
import type { ExplainedArm, ExplainedHit, ExplainedTerm, Explanation } from '../query/explain.ts'
import type { Io } from './io.ts'
import { styled, table } from './output.ts'

const NOT_HELD = 'left aside: no passage holds all that is quoted'

export function searchedText(explanation: Omit<Explanation, 'hits'>, io: Io): string {
  const { terms, languages, phrases, arms, steps } = explanation
  const words = terms.map((term) => [spelt(term.typed), lookedUp(term), term.chunks, term.weight.toFixed(2)])
  const facts = [
    ['asked in', languages.join(', ')],
    ...phrases.map(({ text, isHeld }) => ['quoted', isHeld ? plainLine(text) : `${plainLine(text)} (${NOT_HELD})`]),
    ...filtersOf(explanation),
    ['found', arms.map(({ arm, passages }) => `${passages} passages by ${arm}`).join(', ')],
    ['time', steps.map(({ step, ms }) => `${step} ${ms.toFixed(1)} ms`).join(', ')],
  ]
  const shown = terms.length === 0 ? [] : [table([['word', 'looked up as', 'passages', 'weight'], ...words]), '']
  return [...shown, table(facts, (cell, _row, column) => (column === 0 ? styled(io, 'dim', cell) : cell)), ''].join(
    '\n',
  )
}

export function hitReasons({ score, arms }: ExplainedHit): readonly string[] {
  return [`score ${score.toFixed(4)}`, ...arms.map(armText)]
}

function armText({ arm, rank, score, parts }: ExplainedArm): string {
  const sums = Object.entries(parts ?? {}).filter(([, part]) => part !== 0)
  const sum = sums.length === 0 ? '' : ` = ${sums.map(([name, part]) => `${name} ${part.toFixed(2)}`).join(' + ')}`
  return `${arm}: rank ${rank}, ${score.toFixed(4)}${sum}`
}

function spelt(tokens: readonly string[]): string {
  return tokens.map(plainLine).join(' / ')
}

function lookedUp({ found, tokens, synonyms, leftOut }: ExplainedTerm): string {
  if (leftOut === 'nowhere') return 'left out: it is nowhere'
  if (leftOut === 'common') return 'left out: it is in too many passages'
  const added = spelt(synonyms.map((words) => words.join(' ')))
  if (found === 'synonym') return `synonym: ${added}`
  const own = found === 'as typed' ? found : `${found}: ${spelt(tokens)}`
  return synonyms.length === 0 ? own : `${own}, or synonym: ${added}`
}

function filtersOf({ reader }: Pick<Explanation, 'reader'>): readonly (readonly string[])[] {
  const { as, sources, kinds, locales, labels, updatedSince } = reader
  const filters = [
    ['as', as.length === 0 ? 'the public' : as.join(', ')],
    ['sources', sources?.join(', ')],
    ['kinds', kinds?.join(', ')],
    ['locales', locales?.join(', ')],
    ['labels', labels?.join(', ')],
    ['since', updatedSince],
  ] as const
  return filters.flatMap(([name, value]) => (value === undefined ? [] : [[name, plainLine(value)]]))
}
