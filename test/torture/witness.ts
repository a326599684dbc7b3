/** Somebody who saw everything that ever was true of a source, and holds an index against it. */

import type { Access } from '../../src/core/access.ts'
import type { StoredDocument } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { mayAllRead } from '../sync/world.ts'
import { marksOf, type TorturedSource, type Truth } from './sources/source.ts'

export interface Witness {
  /** To be called whenever something may have changed. */
  look(): void
  /** Throws when the index holds what was never true, shows it to somebody it never was for, or misses what always was there. */
  checkNothingFalse(store: Store): Promise<void>
  /** Throws when the index is not what is true now. */
  checkEqual(store: Store): Promise<void>
}

/** @param name the source's in the index */
export function createWitness(name: string, source: Pick<TorturedSource, 'truth'>): Witness {
  /** By `id words`, who could ever read words of that document. */
  const readers = new Map<string, Set<string>>()
  /** Of each mark, the document that it stands in itself. */
  const owners = new Map<string, string>()
  const deletedOnce = new Set<string>()
  const everStored = new Set<string>()
  let before: ReadonlyMap<string, Truth> = new Map()

  function note(id: string, words: string, access: Access): void {
    const key = `${id} ${words}`
    const known = readers.get(key) ?? new Set()
    for (const reader of access === 'public' ? ['public'] : access) known.add(reader)
    readers.set(key, known)
  }

  function look(): void {
    const now = source.truth()
    for (const id of before.keys()) if (now.get(id)?.isLeftOut ?? !now.has(id)) deletedOnce.add(id)
    for (const [id, { title, marks, access }] of now) {
      note(id, title, access)
      for (const mark of marks) if (isOwn(mark, id, now)) note(id, mark, access)
    }
    before = now
  }

  /** A mark that stands in several documents is included by all but one, in which it comes first. */
  function isOwn(mark: string, id: string, now: ReadonlyMap<string, Truth>): boolean {
    if (!owners.has(mark)) {
      const holders = [...now].filter(([, { marks }]) => marks.includes(mark))
      const owner = holders.find(([, { marks }]) => marks[0] === mark) ?? holders[0]
      owners.set(mark, owner?.[0] ?? id)
    }
    return owners.get(mark) === id
  }

  function checkReaders(document: StoredDocument, id: string, words: string): void {
    const known = readers.get(`${id} ${words}`)
    const { access } = document.head
    if (known === undefined) throw new Error(`${document.head.id} holds what never was of ${id}: ${words}`)
    for (const reader of access === 'public' ? ['public'] : access) {
      if (known.has(reader) || known.has('public')) continue
      throw new Error(`${document.head.id}: ${reader} reads ${words}, which never was theirs`)
    }
  }

  async function checkNothingFalse(store: Store): Promise<void> {
    const ids = await store.ids(name)
    const stored = await store.stored(ids)
    for (const [key, document] of stored) {
      const id = key.slice(name.length + 1)
      const marks = marksOf(document.markdown)
      if (owners.get(marks[0] ?? '') !== id) throw new Error(`${key} begins with no text of its own: ${marks}`)
      checkReaders(document, id, document.head.title)
      for (const mark of marks) {
        const owner = owners.get(mark) ?? ''
        checkReaders(document, owner, mark)
        const own = stored.get(`${name}:${owner}`)?.head.access
        if (own === undefined || !mayAllRead(document.head.access, own)) {
          throw new Error(`${key} shows ${mark}, which ${owner} hides`)
        }
      }
      everStored.add(id)
    }
    for (const id of everStored) {
      if (deletedOnce.has(id) || ids.includes(`${name}:${id}`)) continue
      throw new Error(`${id} was never deleted and is missing`)
    }
  }

  async function checkEqual(store: Store): Promise<void> {
    const stored = await store.stored(await store.ids(name))
    const held = [...stored].map(([key, { head, markdown }]) => [
      key.slice(name.length + 1),
      { title: head.title, marks: marksOf(markdown), access: head.access },
    ])
    const wanted = [...source.truth()].filter(([, { isLeftOut }]) => !isLeftOut)
    const [found, truth] = [held, wanted].map((all) => all.map((each) => JSON.stringify(each)).sort())
    const wrong = found?.filter((each) => !truth?.includes(each)) ?? []
    const lacking = truth?.filter((each) => !found?.includes(each)) ?? []
    if (wrong.length + lacking.length > 0) {
      throw new Error(`the index settled on ${wrong.join(', ')}\nbut the truth is ${lacking.join(', ')}`)
    }
  }

  return { look, checkNothingFalse, checkEqual }
}
