/** `unsilo review`: tickets that might be read by more people than staff, and the file that says which ones may. */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { formatReview, type ReviewEntry, readReview } from '../config/review.ts'
import { isWider, levelAccess, sameAccess } from '../core/access.ts'
import { diskError } from '../core/disk.ts'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { plain, plainLine } from '../core/plain.ts'
import { type Approval, reviewHash } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { type Features, featuresOf, groupAlike } from '../query/alike.ts'
import { isUnredacted } from '../redact/identity.ts'
import type { Io } from './io.ts'
import type { ReviewOptions } from './options.ts'
import { count, counted, json, note, say, styled } from './output.ts'
import { knownSources, openForReading, openOutline } from './setup.ts'

type Level = Approval['level']

interface Candidate {
  readonly id: string
  readonly title: string
  readonly url: string
  readonly updatedAt: string
  readonly hash: string
  /** `changed`: it was approved as another text. */
  readonly state: 'new' | 'changed'
  readonly features: Features
}

/** Characters of the hash that name the text which a person has read. */
const PIN = 8
/** Of a group, tickets that are named. The others come up once these are settled. */
const MOST_NAMED = 10

export async function runReview(options: ReviewOptions, io: Io): Promise<number> {
  if (!options.as.includes('group:staff')) {
    throw new UnsiloError('USAGE', 'Only staff may let others read tickets.', {
      hint: 'Leave --as out, or name group:staff.',
    })
  }
  const outline = await openOutline(options, io)
  const entries = await readReview(outline.review, (path) => readFile(path, 'utf8'))
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    if (options.approve.length > 0) await approve(outline.review, entries, store, options, io)
    else await propose(entries, store, options, io)
  } finally {
    await store.close()
  }
  return 0
}

// --- proposing --------------------------------------------------------------------------------------------------

async function propose(entries: readonly ReviewEntry[], store: Store, options: ReviewOptions, io: Io): Promise<void> {
  const candidates = await candidatesOf(entries, store, options)
  const groups = groupAlike(candidates, ({ features }) => features).toSorted((a, b) => b.length - a.length)
  for (const [at, group] of groups.slice(0, options.limit).entries()) {
    const [first] = group
    const document = first === undefined ? null : await store.document(first.id, options.as)
    if (document === null) continue
    if (options.json)
      json(io, { type: 'question', rank: at + 1, tickets: group.map(shown), markdown: document.markdown })
    else showGroup(group, at + 1, document, options, io)
  }
  if (options.json || options.quiet) return
  note(io, summary(candidates.length, groups.length, options))
}

/** Newest first, so that the first of a group is the answer that is most likely right still. */
async function candidatesOf(
  entries: readonly ReviewEntry[],
  store: Store,
  { as, sources, level }: ReviewOptions,
): Promise<readonly Candidate[]> {
  const known = new Map(entries.map((entry) => [entry.id, entry]))
  const candidates: Candidate[] = []
  for await (const document of store.documents(as, sources.length === 0 ? undefined : sources)) {
    const entry = known.get(document.head.id)
    if (!mayRise(document, level) || isApproved(document, entry, level)) continue
    candidates.push(candidateOf(document, entry))
  }
  return candidates.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0))
}

/** What the source itself restricts stays so, and so does what was never redacted. */
function mayRise({ head: { kind, access }, recipe }: StoredDocument, level: Level): boolean {
  const isLevel = (['staff', 'customers', 'public'] as const).some((own) => sameAccess(access, levelAccess(own)))
  return kind === 'ticket' && isLevel && isWider(access, levelAccess(level)) && !isUnredacted(recipe.redactor)
}

function isApproved({ head, markdown }: StoredDocument, entry: ReviewEntry | undefined, level: Level): boolean {
  if (entry === undefined || isWider(levelAccess(entry.level), levelAccess(level))) return false
  return entry.hash === reviewHash(head, markdown)
}

function candidateOf({ head, markdown }: StoredDocument, entry: ReviewEntry | undefined): Candidate {
  const { id, title, url, updatedAt, locale } = head
  const hash = reviewHash(head, markdown)
  const state = entry === undefined || entry.hash === hash ? 'new' : 'changed'
  return { id, title, url, updatedAt, hash, state, features: featuresOf(questionOf(title, markdown), locale) }
}

/** A ticket begins with its question; what was tried and what helped stands under the next heading. */
function questionOf(title: string, markdown: string): string {
  const [, second] = [...markdown.matchAll(/^## /gm)]
  return `${title}\n${second === undefined ? markdown : markdown.slice(0, second.index)}`
}

function shown({ features: _, ...candidate }: Candidate): Omit<Candidate, 'features'> {
  return candidate
}

function showGroup(
  group: readonly Candidate[],
  rank: number,
  { head, markdown }: StoredDocument,
  options: ReviewOptions,
  io: Io,
): void {
  say(io, `${rank}. ${styled(io, 'bold', plainLine(head.title))}  (${counted(group.length, 'ticket')})`)
  for (const { id, hash, updatedAt, title, state } of group.slice(0, MOST_NAMED)) {
    const remark = state === 'changed' ? '  changed since it was approved' : ''
    say(io, `   ${id}@${hash.slice(0, PIN)}  ${updatedAt.slice(0, 10)}  ${plainLine(title)}${remark}`)
  }
  if (group.length > MOST_NAMED) say(io, `   … and ${count(group.length - MOST_NAMED)} more`)
  const words = [...head.path, ...(head.labels ?? [])].map(plainLine)
  if (words.length > 0) say(io, styled(io, 'dim', `   ${words.join(' · ')}`))
  say(io, '')
  for (const line of plain(markdown).trimEnd().split('\n')) say(io, line === '' ? '' : `   ${line}`)
  if (!options.quiet) say(io, '')
}

function summary(candidates: number, groups: number, { level }: ReviewOptions): string {
  if (candidates === 0) return 'No ticket is waiting to be reviewed.'
  const questions = `${counted(candidates, 'ticket')} in ${counted(groups, 'question')} might be read by ${level}.`
  return `${questions} The text shown is the first ticket's; \`unsilo show ID\` prints the others'.\nApprove what may be read as it stands: unsilo review --level ${level} --approve ID`
}

// --- approving --------------------------------------------------------------------------------------------------

async function approve(
  path: string,
  entries: readonly ReviewEntry[],
  store: Store,
  options: ReviewOptions,
  io: Io,
): Promise<void> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const approved: ReviewEntry[] = []
  for (const asked of options.approve) {
    const document = await asRead(asked, store, options)
    const { id, title } = document.head
    const note = byId.get(id)?.note
    const hash = reviewHash(document.head, document.markdown)
    const entry = { id, title: plainLine(title), level: options.level, hash, ...(note !== undefined && { note }) }
    byId.set(id, entry)
    approved.push(entry)
  }
  await replaceFile(path, formatReview([...byId.values()]))
  const file = relative(io.cwd, path)
  for (const { id, level, hash } of approved) if (options.json) json(io, { type: 'approval', id, level, hash, file })
  if (options.json || options.quiet) return
  note(
    io,
    `${file}: ${counted(approved.length, 'ticket')} for ${options.level}. The next \`unsilo sync\` opens them; commit the file.`,
  )
}

/** The ticket as it was read; nothing is approved where one of several is not. */
async function asRead(asked: string, store: Store, { as, level }: ReviewOptions): Promise<StoredDocument> {
  const [, id = asked, pin = ''] = /^(.+)@([0-9a-f]{8,32})$/.exec(asked) ?? []
  const document = await store.document(id, as)
  if (document === null) {
    throw new UnsiloError('NOT_FOUND', `There is no ticket ${JSON.stringify(id)} that ${as.join(', ')} may read.`, {
      hint: 'Nothing was approved. `unsilo review` prints the ids.',
    })
  }
  if (!mayRise(document, level)) {
    throw new UnsiloError('USAGE', `${id} can't be opened to ${level}: ${whyNot(document)}.`, {
      hint: 'Nothing was approved.',
    })
  }
  if (reviewHash(document.head, document.markdown).startsWith(pin)) return document
  throw new UnsiloError('USAGE', `${id} says something else now than ${asked} did.`, {
    hint: `Nothing was approved. Read it again: unsilo show ${id}`,
  })
}

function whyNot({ head: { kind, access }, recipe }: StoredDocument): string {
  if (kind !== 'ticket') return 'it is no ticket, and its source alone says who may read it'
  if (sameAccess(access, 'public') || sameAccess(access, levelAccess('customers'))) return 'they may read it already'
  return isUnredacted(recipe.redactor) ? 'its personal data was not removed' : 'its source restricts it'
}

/** Whole or not at all: half a review file would narrow what was approved, or say something nobody said. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { flag: 'wx' })
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw diskError(thrown)
  }
}
