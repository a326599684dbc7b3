/**
 * What every connector must hold, checked against whatever stands behind a stage: an emulator of its source or a
 * recording. A connector's own test file calls this and adds what only it does.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AccessPolicy, levelAccess } from '../../src/core/access.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { bodies, bodyOf, checkpoints, collect, loadInTurn, plain, upserts, versionsOf } from './changes.ts'
import { type FaultName, faults, faultyFetch } from './faulty-fetch.ts'

/** A source with several pages of everything that it lists, some documents restricted to readers that no policy maps. */
export interface Stage {
  /** As in a configuration file. */
  readonly config: Readonly<Record<string, unknown>>
  /** To the source, below unsilo's own HTTP policy; the global fetch unless told. */
  readonly fetch?: typeof fetch
  /** Native ids of every document that a full pass takes at this moment. */
  live(): readonly string[]
  /** Those of `live` that nobody may read unless principals are mapped; null for a source that restricts nothing itself. */
  restricted(): readonly string[] | null
  /** Changes one document's text; says which. */
  edit(): string
  /** Deletes one document; says which. */
  remove(): string
  /** From here on one document's body can't be read; says which. */
  breakBody(): string
  close(): Promise<void>
}

export interface ConnectorCase<Config, C> {
  readonly connector: Connector<Config, C>
  readonly setup: () => Promise<Stage>
}

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const openPolicy: AccessPolicy = { level: 'public', principals: {} }

export function testConnector<Config, C>({ connector, setup }: ConnectorCase<Config, C>): void {
  let stage: Stage
  let realFetch: typeof fetch

  beforeEach(async () => {
    realFetch = globalThis.fetch
    stage = await setup()
    // A connector that goes around its context can't be recorded, limited or stopped.
    vi.stubGlobal('fetch', () => Promise.reject(new Error('a connector must use context.fetch only')))
  })

  afterEach(async () => {
    vi.unstubAllGlobals()
    await stage.close()
  })

  const transport = () => stage.fetch ?? realFetch

  function start(since: C | null, options: { fetch?: typeof fetch; signal?: AbortSignal; policy?: AccessPolicy } = {}) {
    const signal = options.signal ?? new AbortController().signal
    const network = options.fetch ?? transport()
    const policy = { signal, fetch: network, sleep: async () => {}, random: () => 0, now: () => NOW }
    const context = {
      config: connector.config.parse(stage.config),
      access: options.policy ?? openPolicy,
      signal,
      now: () => NOW,
    }
    return connector.pull({ ...context, fetch: createFetch(policy) }, since)
  }

  const pull = (since: C | null = null) => collect(start(since))

  /** All changes up to the error that ended it. */
  async function pullFailing(at: number, fault: FaultName) {
    const changes: Change<C>[] = []
    try {
      const network = faultyFetch(transport(), { at, fault, lasting: true }).fetch
      for await (const change of start(null, { fetch: network })) changes.push(change)
      return { changes, error: null }
    } catch (error) {
      return { changes, error }
    }
  }

  /** Where there is nothing but the level, nothing gets more than the level. */
  async function expectLevel(): Promise<void> {
    const policy: AccessPolicy = { level: 'staff', principals: {} }
    const accesses = upserts(await collect(start(null, { policy }))).map(({ head }) => head.access)
    expect(accesses.length).toBeGreaterThan(0)
    for (const access of accesses) expect(access).toEqual(levelAccess('staff'))
  }

  async function countRequests(): Promise<number> {
    const counted = faultyFetch(transport(), null)
    await collect(start(null, { fetch: counted.fetch }))
    return counted.count()
  }

  describe('a full pass', () => {
    test('yields well-formed changes and ends with a receipt that counts them', async () => {
      const changes = await pull()
      const ids = changes.flatMap((change) =>
        change.type === 'upsert' ? [change.head.id] : change.type === 'skip' ? [change.id] : [],
      )

      for (const { head } of upserts(changes)) expectWellFormed(head)
      expect(new Set(ids).size).toBe(ids.length)
      expect(changes.at(-1)).toMatchObject({ type: 'checkpoint', receipt: { seen: ids.length } })
    })

    test('takes every live document, over several pages of listings', async () => {
      const changes = await pull()
      const pages = checkpoints(changes).at(-1)?.receipt?.pages ?? 0

      expect(
        upserts(changes)
          .map(({ head }) => head.id)
          .toSorted(),
      ).toEqual([...stage.live()].sort())
      expect(pages).toBeGreaterThan(2)
    })

    test('is the same when nothing changed in between, bodies included', async () => {
      const first = await pull()
      const second = await pull()

      expect(second.map(plain)).toEqual(first.map(plain))
      expect(await bodies(second)).toEqual(await bodies(first))
      for (const body of await bodies(first)) expect('html' in body ? body.html : body.markdown).toBeTypeOf('string')
    })

    test('lets nobody read what the source restricts to readers that have no principal here', async () => {
      const restricted = stage.restricted()
      if (restricted === null) return await expectLevel()
      const closed = upserts(await pull()).filter(({ head }) => restricted.includes(head.id))

      expect(closed).toHaveLength(restricted.length)
      expect(closed.length).toBeGreaterThan(0)
      for (const { head } of closed) expect(head.access).toEqual([])
    })
  })

  describe('a cursor', () => {
    test('is plain data: it survives JSON and its own schema', async () => {
      for (const { cursor } of checkpoints(await pull())) {
        const stored = connector.cursor.parse(JSON.parse(JSON.stringify(cursor)))
        expect(stored).toEqual(cursor)
        expect((await pull(stored)).map(plain)).toEqual((await pull(cursor)).map(plain))
      }
    })

    test('resumes: what came before any checkpoint and what comes after it is everything', async () => {
      const changes = await pull()
      for (const [index, change] of changes.entries()) {
        if (change.type !== 'checkpoint' || change.receipt) continue
        const rest = await pull(change.cursor)
        const ids = upserts([...changes.slice(0, index), ...rest]).map(({ head }) => head.id)
        expect([...new Set(ids)].sort()).toEqual([...stage.live()].sort())
      }
    })

    test('is quiet: from the last one, nothing has a new version and the cursor is not behind', async () => {
      const first = await pull()
      const last = checkpoints(first).at(-1)
      const second = await pull(last?.cursor ?? null)
      const versions = versionsOf(first)

      for (const { head } of upserts(second)) expect(head.version).toBe(versions.get(head.id))
      expect(second.filter(({ type }) => type === 'delete')).toEqual([])
      expect(checkpoints(second).at(-1)?.cursor).toEqual(last?.cursor)
    })
  })

  describe('changes at the source', () => {
    test('an edit arrives with a new version and a new body', async () => {
      const before = await pull()
      const old = new Map(
        await Promise.all(upserts(before).map(async ({ head, load }) => [head.id, await load(head.id)] as const)),
      )
      const id = stage.edit()
      const after = await pull(checkpoints(before).at(-1)?.cursor ?? null)

      expect(versionsOf(after).get(id)).not.toBe(versionsOf(before).get(id))
      expect(await bodyOf(after, id)).not.toEqual(old.get(id))
    })

    test('a body that was edited after its listing is not given out under the head that was listed', async () => {
      const listed = await pull()
      const ids = upserts(listed).map(({ head }) => head.id)
      const old = new Map((await bodies(await pull())).map((body, index) => [ids[index], body]))
      const id = stage.edit()

      // Where a listing brings bodies along, what it gives out is the body that it listed.
      const given = await bodyOf(listed, id).catch((error: unknown) => error)
      if (given instanceof Error) expect(given).toMatchObject({ code: 'DOCUMENT_UNREADABLE' })
      else expect(given).toEqual(old.get(id))
    })

    test('a run that ends with a receipt began a pass over everything', async () => {
      const first = await pull()
      const again = await pull(checkpoints(first).at(-1)?.cursor ?? null)
      const begins = again.findIndex(({ type }) => type === 'begin')
      const receipt = checkpoints(again).at(-1)?.receipt

      expect(receipt === undefined || begins === 0).toBe(true)
    })

    test('a deletion arrives as a delete, or as absence from a pass with a receipt', async () => {
      const before = await pull()
      const id = stage.remove()
      const after = await pull(checkpoints(before).at(-1)?.cursor ?? null)
      const told = after.some((change) => change.type === 'delete' && change.id === id)
      const absent = checkpoints(after).at(-1)?.receipt !== undefined && !versionsOf(after).has(id)

      expect(versionsOf(before).has(id)).toBe(true)
      expect(told || absent).toBe(true)
    })
  })

  describe.each(Object.keys(faults) as FaultName[])('%s', (fault) => {
    test('at any request of the listing ends it with the right error, and without a receipt or a delete', async () => {
      const requests = await countRequests()
      expect(requests).toBeGreaterThan(2)
      for (let at = 0; at < requests; at += 1) {
        const { changes, error } = await pullFailing(at, fault)
        expect(error, `request ${at}`).toBeInstanceOf(UnsiloError)
        expect(error, `request ${at}`).toMatchObject({ code: faults[fault].code })
        expect(
          changes.filter((change) => change.type === 'delete' || (change.type === 'checkpoint' && change.receipt)),
        ).toEqual([])
      }
    })

    test('while one body is loaded fails that load alone', async () => {
      const network = faultyFetch(transport(), { at: await countRequests(), fault, lasting: true })
      const outcomes = await loadInTurn(await collect(start(null, { fetch: network.fetch })))
      const failed = outcomes.filter((outcome) => outcome instanceof Error)

      expect(outcomes.length).toBeGreaterThan(1)
      expect(failed).toHaveLength(network.struck() ? 1 : 0)
      for (const error of failed) expect(error).toMatchObject({ code: loadCode(fault) })
    })

    if (!faults[fault].heals) return

    test('that passes leaves no trace', async () => {
      const clean = (await pull()).map(plain)
      const requests = await countRequests()
      for (let at = 0; at < requests; at += 1) {
        const network = faultyFetch(transport(), { at, fault, lasting: false }).fetch
        expect((await collect(start(null, { fetch: network }))).map(plain), `request ${at}`).toEqual(clean)
      }
    })
  })

  test('one document that can’t be read fails alone among many', async () => {
    const broken = stage.breakBody()
    const changes = upserts(await pull())
    const outcomes = await Promise.allSettled(changes.map(({ head, load }) => load(head.id)))
    const failed = changes.filter((_, index) => outcomes[index]?.status === 'rejected')
    const reason = outcomes.find((outcome) => outcome.status === 'rejected')?.reason

    expect(failed.map(({ head }) => head.id)).toEqual([broken])
    expect(reason).toMatchObject({ code: 'DOCUMENT_UNREADABLE', recovery: 'skip' })
  })

  describe('stopping', () => {
    test('an abort at any request ends the pass as interrupted, with no request after it', async () => {
      const requests = await countRequests()
      for (let at = 0; at < requests; at += 3) {
        const { error, after } = await pullAborted(at)
        expect(error, `request ${at}`).toMatchObject({ code: 'INTERRUPTED' })
        expect(after, `request ${at}`).toBe(0)
      }
    })

    test('leaving the loop ends the pass, with no request after it', async () => {
      let requests = 0
      const network: typeof fetch = (input, init) => {
        requests += 1
        return transport()(input, init)
      }
      for await (const _ of start(null, { fetch: network })) break
      const atBreak = requests
      await new Promise((resolve) => setTimeout(resolve, 20))

      expect(requests).toBe(atBreak)
    })
  })

  async function pullAborted(at: number) {
    const run = new AbortController()
    let started = 0
    let after = 0
    const network: typeof fetch = (input, init) => {
      if (run.signal.aborted) after += 1
      started += 1
      if (started > at) run.abort()
      return transport()(input, init)
    }
    const error = await collect(start(null, { fetch: network, signal: run.signal })).catch((thrown: unknown) => thrown)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return { error, after }
  }

  test('a configuration without a required key is refused with a message that names it', () => {
    for (const key of Object.keys(stage.config)) {
      const { [key]: _, ...rest } = stage.config
      const message = refusal(() => connector.config.parse(rest))
      if (message !== null) expect(message).toContain(key)
    }
    expect(refusal(() => connector.config.parse({}))).not.toBeNull()
  })
}

function loadCode(fault: FaultName): string {
  return faults[fault].code === 'AUTH_REJECTED' || faults[fault].code === 'RATE_LIMITED'
    ? faults[fault].code
    : 'DOCUMENT_UNREADABLE'
}

function expectWellFormed(head: Head): void {
  expect(head.id).toMatch(/^\S+$/)
  expect(head.version).not.toBe('')
  expect(head.title).toBeTypeOf('string')
  expect(head.url).toMatch(/^https?:\/\//)
  expect(new Date(head.updatedAt).toISOString()).toBe(head.updatedAt)
  expect(head.path.every((part) => typeof part === 'string')).toBe(true)
  expect(head.access === 'public' || Array.isArray(head.access)).toBe(true)
}

function refusal(parse: () => unknown): string | null {
  try {
    parse()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
