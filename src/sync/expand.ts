/** One document's text with that of others in it, as far as every reader of the document may read theirs. */

import { type Access, isWider } from '../core/access.ts'
import type { Excerpt, Head, Losses, Reference, StoredDocument, StoredHead } from '../core/document.ts'
import { type FullText, INCLUDE_LOSSES, type Inclusion, type OwnText, ownText } from './prepare.ts'

/** How other documents are found. */
export interface Sight {
  /** Native id to prefixed id. */
  idOf(target: string): string
  look(id: string): Promise<StoredDocument | null>
}

export interface Expansion {
  readonly full: FullText
  /** With `include:cut`: how many links stay because of a limit. */
  readonly losses: Losses
  /** Everything that was looked at, by prefixed id. */
  readonly targets: ReadonlyMap<string, StoredHead | null>
}

/** Includes inside each other. */
const DEEPEST = 10
/** Characters that one document takes from others, and how often it takes any. */
const MOST_TAKEN = 2_000_000
const MOST_REFERENCES = 10_000

/** A link stays where the other document, or its excerpt, is not there, is not for every reader, or includes this one. */
export async function expand(head: Head, own: OwnText, sight: Sight): Promise<Expansion> {
  const work: Work = {
    ...{ sight, readers: head.access, targets: new Map(), pieces: [], inclusions: [] },
    ...{ length: 0, taken: 0, references: 0, cut: 0 },
  }
  await write(work, { ...own, start: 0, end: own.markdown.length }, [head.id])
  const losses = work.cut === 0 ? own.losses : { ...own.losses, [INCLUDE_LOSSES.cut]: work.cut }
  return {
    full: { markdown: work.pieces.join(''), inclusions: work.inclusions },
    losses,
    targets: work.targets,
  }
}

interface Work {
  readonly sight: Sight
  /** Of the document that all of it is written for. */
  readonly readers: Access
  readonly targets: Map<string, StoredHead | null>
  readonly pieces: string[]
  readonly inclusions: Inclusion[]
  /** Characters written. */
  length: number
  taken: number
  references: number
  cut: number
}

/** A part of a document's own text. */
interface Passage {
  readonly markdown: string
  readonly start: number
  readonly end: number
  readonly references: readonly Reference[]
}

/** @param path the documents that this is inside of, its own last */
async function write(
  work: Work,
  { markdown, start, end, references }: Passage,
  path: readonly string[],
): Promise<void> {
  let at = start
  for (const reference of references) {
    if (reference.start < at || reference.end > end) continue
    const id = work.sight.idOf(reference.target)
    const passage = await passageOf(work, id, reference, path)
    if (passage === null) continue
    add(work, markdown.slice(at, reference.start))
    at = reference.end
    const from = work.length
    await write(work, passage, [...path, id])
    work.inclusions.push({ origin: id, start: from, end: work.length })
  }
  add(work, markdown.slice(at, end))
}

function add(work: Work, text: string): void {
  work.pieces.push(text)
  work.length += text.length
}

async function passageOf(
  work: Work,
  id: string,
  { part }: Reference,
  path: readonly string[],
): Promise<Passage | null> {
  if (path.includes(id)) return null
  if (path.length > DEEPEST || work.references >= MOST_REFERENCES) return cut(work)
  work.references += 1
  const document = await work.sight.look(id)
  work.targets.set(id, document && { head: document.head, recipe: document.recipe })
  if (document === null || isWider(document.head.access, work.readers)) return null
  const passage = part === null ? wholeOf(document) : excerptOf(document, part)
  if (passage === null || passage.end <= passage.start) return null
  if (work.taken + passage.end - passage.start > MOST_TAKEN) return cut(work)
  work.taken += passage.end - passage.start
  return passage
}

function cut(work: Work): null {
  work.cut += 1
  return null
}

function wholeOf(document: StoredDocument): Passage {
  const { markdown, references } = ownText(document)
  return { markdown, references, start: 0, end: markdown.trimEnd().length }
}

function excerptOf(document: StoredDocument, name: string): Passage | null {
  const { markdown, references, excerpts } = ownText(document)
  const found = excerpts.find((excerpt: Excerpt) => name === '' || excerpt.name === name)
  return found === undefined ? null : { markdown, references, start: found.start, end: found.end }
}
