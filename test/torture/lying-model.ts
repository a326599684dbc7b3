/** A made-up source that checks nothing of what it is told: what keeps documents then is the loop alone. */

import type { Change, Connector, Receipt } from '../../src/core/connector.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'

const DOCUMENTS = 40
const ALL = Array.from({ length: DOCUMENTS }, (_, at) => String(at))

interface Told {
  readonly ids: readonly string[]
  readonly receipt?: Partial<Receipt>
  readonly deleted?: readonly string[]
  readonly fails?: true
  readonly neverBegan?: true
}

const TOLD = {
  empty: { ids: [] },
  half: { ids: ALL.slice(20) },
  'half of a place': { ids: ALL.filter((id) => Number(id) % 4 !== 0) },
  duplicates: { ids: [...ALL, ...ALL] },
  'counts more than it lists': { ids: ALL.slice(5), receipt: { counted: DOCUMENTS } },
  'an expired cursor behind the half': { ids: ALL.slice(20), fails: true },
  'nothing, and an error behind it': { ids: [], fails: true },
  'deletes by name, and an error behind them': { ids: [], deleted: ALL.slice(0, 5), fails: true },
  'deletes of all by name': { ids: [], deleted: ALL },
  'everything, of a pass that never began': { ids: ALL.slice(0, 35), neverBegan: true },
} as const satisfies Readonly<Record<string, Told>>

export type ModelLie = keyof typeof TOLD
export const MODEL_LIES = Object.keys(TOLD) as readonly ModelLie[]

export async function lieInProcess(lie: ModelLie): Promise<{ readonly report: SyncReport; readonly lost: number }> {
  const store = openMemory()
  await sync(store, { ids: ALL })
  const report = await sync(store, TOLD[lie])
  return { report, lost: DOCUMENTS - (await store.ids('model')).length }
}

function sync(store: ReturnType<typeof openMemory>, told: Told): Promise<SyncReport> {
  return syncSource({
    ...{ source: 'model', connector: connectorOf(told), config: {}, access: { level: 'staff', principals: {} }, store },
    ...{ fetch: () => Promise.reject(new Error('no network')), signal: new AbortController().signal, now: () => 0 },
    ...{ runId: 'run', full: false, dryRun: false, allowed: { deletes: 0, wider: 0 } },
  })
}

function connectorOf({ ids, receipt, deleted = [], fails, neverBegan }: Told): Connector {
  async function* pull(): AsyncIterable<Change> {
    if (neverBegan !== true && deleted.length === 0) yield { type: 'begin' }
    for (const id of deleted) yield { type: 'delete', id }
    for (const id of ids) yield { type: 'upsert', head: headOf(id), load: async () => ({ markdown: `Text ${id}` }) }
    if (fails === true) throw new UnsiloError('SOURCE_UNAVAILABLE', 'the cursor has expired')
    const seen = { pages: 1, seen: ids.length, duplicates: 0, ended: 'no-next-link' as const, ...receipt }
    yield { type: 'checkpoint', cursor: 1, ...(deleted.length === 0 && { receipt: seen }) }
  }
  const cursor = { parse: (input: unknown) => input as Json }
  return { name: 'model', config: cursor, cursor, pull }
}

function headOf(id: string) {
  const place = Number(id) % 4 === 0 ? 'Small' : 'Large'
  return {
    ...{
      id,
      version: '1',
      title: `Page ${id}`,
      url: `https://example.com/${id}`,
      path: [place],
      kind: 'page' as const,
    },
    ...{ updatedAt: '2026-01-01T00:00:00.000Z', access: ['group:staff' as const] },
  }
}
