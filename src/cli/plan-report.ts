/** A plan for people and for programs: one line a document that would change, and one that counts them. */
import type { Access } from '../core/access.ts'
import { plainLine } from '../core/plain.ts'
import type { Plan } from '../sync/plan.ts'
import { type PlanEntry, type PlanKind, planEntries } from '../sync/plan-entry.ts'
import type { Io } from './io.ts'
import { count, json, say, styled, table } from './output.ts'

export function showPlan(plan: Plan, asJson: boolean, io: Io): void {
  const entries = planEntries(plan)
  if (asJson)
    for (const { kind, ...facts } of entries) json(io, { type: 'change', source: plan.source, change: kind, ...facts })
  else if (entries.length > 0) say(io, planTable(entries, io))
}

/** `250 listed, 3 added, 1 removed, 246 unchanged`. */
export function planCounts(plan: Plan): string {
  const kinds = planEntries(plan).map(({ kind }) => kind)
  const words = KINDS.flatMap((kind) => {
    const number = kinds.filter((each) => each === kind).length
    return number === 0 ? [] : [`${count(number)} ${kind}`]
  })
  const others = { unchanged: plan.unchanged, skipped: plan.skipped.length }
  const rest = Object.entries(others).flatMap(([name, number]) => (number === 0 ? [] : [`${count(number)} ${name}`]))
  return [`${count(plan.listed)} listed`, ...words, ...rest].join(', ')
}

/** What is in quarantine is tried by every run: that alone changes nothing yet. */
export function hasChanges(plan: Plan): boolean {
  return planEntries(plan).some(({ kind }) => kind !== 'quarantined')
}

const STYLES = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  moved: ['>', 'yellow'],
  removed: ['-', 'red'],
  'access changed': ['!', 'magenta'],
  refreshed: ['·', 'dim'],
  rebuilt: ['·', 'dim'],
  quarantined: ['?', 'red'],
} as const satisfies Record<PlanKind, readonly [sign: string, style: string]>

/** In the order in which people are told. */
const KINDS = Object.keys(STYLES) as readonly PlanKind[]

function planTable(entries: readonly PlanEntry[], io: Io): string {
  const sorted = KINDS.flatMap((kind) => entries.filter((entry) => entry.kind === kind))
  const rows = sorted.map((entry) => [
    `  ${STYLES[entry.kind][0]} ${entry.kind}`,
    plainLine(entry.id),
    shortened(plainLine(entry.title ?? '')),
    details(entry),
  ])
  return table(rows, (cell, row, column) => {
    const kind = sorted[row]?.kind
    return column === 0 && kind !== undefined ? styled(io, STYLES[kind][1], cell) : cell
  })
}

/** Of a title: the id says which document it is. */
const LONGEST = 48

function shortened(title: string): string {
  const letters = [...title]
  return letters.length <= LONGEST ? title : `${letters.slice(0, LONGEST - 1).join('')}…`
}

/** What the kind does not say: why, where to, who reads it, and what else of it changed. */
function details({ kind, changes, access, path, reason }: PlanEntry): string {
  const said: ReadonlySet<string> = new Set(['access', 'path', ...(kind === 'changed' ? ['text'] : [])])
  const others = changes.filter((change) => !said.has(change))
  return [
    ...(others.length === 0 ? [] : [others.join(', ')]),
    ...(path === undefined ? [] : [`${placeWords(path.from)} → ${placeWords(path.to)}`]),
    ...(access === undefined
      ? []
      : [`${readers(access.from)} → ${readers(access.to)} (${DIRECTIONS[access.direction]})`]),
    ...(reason === undefined ? [] : [plainLine(reason)]),
  ].join('; ')
}

const DIRECTIONS = { wider: 'more readers', narrower: 'fewer readers', both: 'other readers' } as const

function placeWords(path: readonly string[]): string {
  return path.length === 0 ? '(top)' : path.map(plainLine).join(' > ')
}

function readers(access: Access): string {
  if (access === 'public') return 'everybody'
  return access.length === 0 ? 'nobody' : access.map(plainLine).join(', ')
}
