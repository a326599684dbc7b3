/** Both providers of help centers, fed with answers in which any one field is of any other shape. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HelpCenterCursor } from '../../connectors/help-center/index.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { upserts } from '../conformance/changes.ts'
import { onSmallCenter, pull as pullCenter } from './help-center-stage.ts'
import { onSmallGuide, pull as pullGuide } from './help-center-zendesk-stage.ts'

const RUNS = 150

type Changes = readonly Change<HelpCenterCursor>[]

interface Hostile {
  /** Answers whose items are changed, and the key of these. */
  readonly match: RegExp
  readonly key: string
  /** Of the article that is changed. */
  readonly id: string
  /** The field that says who may read, and the one that holds the languages: each is changed in a third of the runs. */
  readonly audience: string
  readonly languages: string
}

/** What a hostile or broken server may put where anything else belongs. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, '', [], {}, -1, 1e300, '__proto__', 'everyone', { __proto__: { state: 'published' } }, [[]]),
)

/** One field, here or in something within, holds something else or is gone. */
function changed(item: unknown, [step, ...way]: readonly number[], value: unknown): unknown {
  if (typeof item !== 'object' || item === null || step === undefined) return value
  const keys = Object.keys(item)
  const key = keys[step % keys.length]
  if (key === undefined) return value
  const inner = changed((item as Record<string, unknown>)[key], way, value)
  return Array.isArray(item) ? item.with(Number(key), inner) : { ...item, [key]: inner }
}

const change = fc.record({
  target: fc.constantFrom('audience', 'languages', null),
  way: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
  value: anything,
})

async function checkHostile(
  hostile: Hostile,
  clean: Changes,
  pull: (fetch: typeof globalThis.fetch) => Promise<Changes>,
): Promise<void> {
  const { match, key, id, audience } = hostile
  const others = headsBut(clean, id)
  await fc.assert(
    fc.asyncProperty(change, async ({ target, way: [first = 0, ...rest], value }) => {
      let field = ''
      const fetch = altering(match, key, (item) => {
        if (String(item['id']) !== id) return item
        const keys = Object.keys(item)
        const at = target === null ? first % keys.length : keys.indexOf(hostile[target])
        field = keys[at] ?? ''
        return changed(item, [at, ...(target === 'audience' ? [] : rest)], value) as Record<string, unknown>
      })
      const changes = await pull(fetch).catch((error: unknown) => error)
      if (!Array.isArray(changes)) {
        expect(changes).toBeInstanceOf(UnsiloError)
        expect(changes).toMatchObject({ code: expect.stringMatching(/ANSWER_INVALID|LISTING_INCOMPLETE/) })
        return
      }
      const all = changes as Changes
      const ids = all.flatMap((each) =>
        each.type === 'upsert' ? [each.head.id] : each.type === 'skip' ? [each.id] : [],
      )
      expect(new Set(ids).size).toBe(ids.length)
      if (field === 'id') return
      expect(headsBut(all, id)).toEqual(others)
      for (const { head, load } of upserts(all).filter(({ head }) => head.group === id)) {
        expect(() => new Date(head.updatedAt).toISOString()).not.toThrow()
        if (field === audience && !isOpen(value)) expect(head.access).toEqual([])
        await load(head.id).catch((error: unknown) => expect(error).toMatchObject({ code: 'DOCUMENT_UNREADABLE' }))
      }
    }),
    { numRuns: RUNS },
  )
}

/** What says that everybody may read. */
function isOpen(value: unknown): boolean {
  return value === 'everyone' || value === null || (Array.isArray(value) && value.length === 0)
}

function headsBut(changes: Changes, id: string): readonly Head[] {
  return upserts(changes).flatMap(({ head }) => (head.group === id ? [] : [head]))
}

function altering(
  match: RegExp,
  key: string,
  alter: (item: Record<string, unknown>) => Record<string, unknown>,
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!match.test(String(input)) || !response.ok) return response
    const answer = (await response.json()) as Record<string, Record<string, unknown>[]>
    return Response.json({ ...answer, [key]: answer[key]?.map(alter) })
  }
}

describe('an article of which one field is of any other shape', () => {
  test('at Intercom fails alone, or the listing does; its readers never grow', () =>
    onSmallCenter(async (center) => {
      const hostile = {
        match: /\/articles/,
        key: 'data',
        id: center.id('Invoices'),
        audience: 'help_center_audience',
        languages: 'translated_content',
      }
      await checkHostile(hostile, await pullCenter(center), (fetch) => pullCenter(center, { fetch }))
    }))

  test('at Zendesk fails alone, or the listing does; its readers never grow', () =>
    onSmallGuide(async (small) => {
      const hostile = {
        match: /articles\.json\?include/,
        key: 'articles',
        id: String(small.id('Invoices')),
        audience: 'user_segment_id',
        languages: 'translations',
      }
      await checkHostile(hostile, await pullGuide(small), (fetch) => pullGuide(small, { fetch }))
    }))
})
