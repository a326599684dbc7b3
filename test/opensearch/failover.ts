/**
 * A node is killed in the middle of a sync, and comes back in the middle of another: meanwhile somebody reads. At the end the
 * index holds what a memory that saw the same syncs does: nothing is lost, nothing is there twice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { syncSource } from '../../src/sync/sync.ts'
import type { Checked } from '../conformance/index-rounds.ts'
import { asking, contents } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import type { Cluster } from './cluster.ts'

const LISTED = 'docs'
/** Between questions: a node that starts has work to do. */
const PAUSE_MS = 25

/** What the documents of a pass say; each pass changes all of them, and takes some away. */
interface Pass {
  readonly number: number
  /** What was done to the cluster and may go on. */
  readonly harms: Promise<void>[]
  readonly documents: number
  /** Called before the document of this number is loaded. */
  readonly at: number
  readonly harm: () => Promise<void>
}

/** @param find the node that is to be lost */
export async function loseNode(
  cluster: Cluster,
  remote: Remote,
  documents: number,
  find: () => Promise<string>,
): Promise<Checked> {
  let lost = ''
  const location = remote.place()
  const missed: string[] = []
  const [store, memory] = [await openOpenSearch(location), openMemory()]
  const reader = await openOpenSearch(location, { mode: 'read' })
  let [answered, longest] = [0, 0]
  let isOver = false
  const reading = (async () => {
    for (; !isOver; answered += 1, await sleep(PAUSE_MS)) {
      const begun = performance.now()
      const ids = (await reader.lexical(asking('word'))).map(({ document, ordinal }) => `${document}#${ordinal}`)
      if (new Set(ids).size < ids.length) missed.push('a passage was found twice')
      longest = Math.max(longest, performance.now() - begun)
    }
  })().catch((thrown: unknown) => void missed.push(`a reader was told ${thrown}`))

  const harms: Promise<void>[] = []
  const passes: readonly Pass[] = [
    { harms, number: 1, documents, at: -1, harm: async () => undefined },
    {
      harms,
      number: 2,
      documents: documents - 5,
      at: Math.floor(documents / 2),
      harm: async () => {
        lost = await find()
        await cluster.kill(lost)
      },
    },
    { harms, number: 3, documents: documents - 9, at: Math.floor(documents / 4), harm: () => cluster.start(lost) },
  ]
  const [begun, times] = [performance.now(), [] as string[]]
  try {
    for (const pass of passes) {
      const from = performance.now()
      missed.push(...(await synced(store, pass)))
      times.push(`${((performance.now() - from) / 1000).toFixed(1)} s`)
      await synced(memory, { ...pass, at: -1 })
      const [held, expected] = [await contents(store, [LISTED]), await contents(memory, [LISTED])]
      if (!isDeepStrictEqual(withoutRuns(held), withoutRuns(expected)))
        missed.push(`pass ${pass.number}: another content`)
    }
  } finally {
    await Promise.all(harms)
    isOver = true
    await reading
    for (const each of [store, memory, reader]) await each.close()
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const read = `${answered} questions answered meanwhile, the slowest in ${Math.round(longest)} ms`
  return {
    figure: `a node killed in a sync of ${documents} documents and back in the next (${times.join(', ')} of ${seconds} s): 0 lost, 0 twice; ${read}`,
    missed,
  }
}

async function synced(store: Store, pass: Pass): Promise<readonly string[]> {
  const { error, failed } = await syncSource({
    ...{ source: LISTED, connector: connectorOf(pass), config: null, store, redact: null },
    access: { level: 'public', principals: {} },
    fetch: () => Promise.reject(new Error('this asks no network')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, pass.number),
    ...{ runId: `run ${pass.number}`, full: false, dryRun: false, allowed: { deletes: 100, wider: 100 } },
  })
  return [
    ...(error === null ? [] : [`pass ${pass.number} ended with ${error.message}`]),
    ...(failed.length === 0 ? [] : [`pass ${pass.number}: ${failed.length} documents failed`]),
  ]
}

function connectorOf({ number, documents, at, harm, harms }: Pass): Connector {
  const load = async (id: number) => {
    if (id === at) harms.push(harm())
    const sections = Array.from({ length: 5 }, (_, nth) => `## Part ${nth}\n\nword ${id} of pass ${number}`)
    return { markdown: sections.join('\n\n') }
  }
  return {
    name: 'listed',
    config: { parse: (input) => input },
    cursor: { parse: (input) => input as number },
    async *pull(): AsyncGenerator<Change> {
      yield { type: 'begin' }
      for (let id = 0; id < documents; id += 1) {
        const place = { url: `https://wiki.example/${id}`, path: ['Space'], kind: 'page' as const }
        const head = { id: String(id), version: String(number), title: `Page ${id}`, updatedAt: '2026-01-01T00:00:00Z' }
        yield { type: 'upsert', head: { ...head, ...place, access: 'public' }, load: () => load(id) }
      }
      const receipt = { pages: 1, seen: documents, duplicates: 0, ended: 'end-of-stream' } as const
      yield { type: 'checkpoint', cursor: number, receipt }
    },
  }
}

/** Which say how long something took. */
function withoutRuns(all: unknown): unknown {
  return (all as readonly object[]).map((each) => ({ ...each, runs: null }))
}
