/** `loop-process.ts DOCUMENTS INDEX`: syncs a source that is made up while it is listed, and holds none of it. */
import { keepHeapSmall } from '../../src/cli/heap.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { syncSource } from '../../src/sync/sync.ts'

const [documents = '', index = ''] = process.argv.slice(2)

const FIRST_ID = 65_536

const anything = { parse: (input: unknown) => input as never }
const connector: Connector = { name: 'made-up', config: anything, cursor: anything, pull }

async function* pull(): AsyncGenerator<Change> {
  yield { type: 'begin' }
  const seen = Number(documents)
  for (let at = 0; at < seen; at++) yield upsert(at)
  yield { type: 'checkpoint', cursor: null, receipt: { pages: 1, seen, duplicates: 0, ended: 'end-of-stream' } }
}

function upsert(at: number): Change {
  const head = {
    id: String(FIRST_ID + at),
    version: '1',
    title: `Device ${at}`,
    url: `https://wiki.example.com/wiki/spaces/DOC/pages/${FIRST_ID + at}`,
    updatedAt: new Date(Date.UTC(2026, 0, 5) + at * 60_000).toISOString(),
    path: ['Devices', `Device ${Math.floor(at / 20)}`],
    kind: 'page',
    access: ['group:staff'],
  } as const
  return { type: 'upsert', head, load: loadBody }
}

async function loadBody(id: string): Promise<Body> {
  const at = Number(id) - FIRST_ID
  return { html: `<p>To reset device ${at}, hold its button for ${at % 60} seconds.</p>` }
}

keepHeapSmall()
const store = await openSqlite(index, { mode: 'write' })
const { error } = await syncSource({
  source: 'wiki',
  connector,
  config: null,
  access: { level: 'staff', principals: {} },
  store,
  fetch,
  signal: new AbortController().signal,
  now: Date.now,
  runId: String(process.pid),
  full: false,
  dryRun: false,
  allowed: { deletes: 0, wider: 0 },
})
await store.close()
if (error !== null) throw error
