/** Every door to the index, as `unsilo eval access` asks it: what it answers, word for word, and what that is made of. */
import type { Principal } from '../core/access.ts'
import type { Store } from '../core/store.ts'
import { answer } from '../query/answer.ts'
import type { Probe } from '../query/evaluation/planted.ts'
import { search } from '../query/search.ts'
import type { Door } from '../serve/mcp/door.ts'
import { mcpHandler } from '../serve/mcp/http.ts'

export interface Answered {
  /** All that leaves. */
  readonly text: string
  /** What was found, each by itself and without its rank. */
  readonly found: readonly string[]
}

export interface ProbedDoor {
  readonly name: string
  /** As many as it finds at most. */
  readonly most: number
  ask(as: readonly Principal[], probe: Probe): Promise<Answered>
}

const MOST = 20
const MCP_ACCEPTS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

export function doorsTo(store: Store): readonly ProbedDoor[] {
  const index = store
  const searched = async (query: Parameters<typeof search>[1]) => told(await search(index, query))
  return [
    { name: 'search', most: MOST, ask: (as, { text }) => searched({ text, as, limit: MOST }) },
    {
      name: 'search --typing',
      most: MOST,
      ask: (as, { text }) => searched({ text, as, limit: MOST, isUnfinished: true }),
    },
    {
      name: 'search by source and label',
      most: MOST,
      ask: (as, { text, source, label }) => searched({ text, as, limit: MOST, sources: [source], labels: [label] }),
    },
    { name: 'ask', most: MOST, ask: async (as, { text }) => told((await answer(index, { text, as })).quotes) },
    {
      name: 'show',
      most: 1,
      ask: async (as, { id }) => told([(await index.document(id, as)) ?? 'none']),
    },
    ...mcpDoors(store),
  ]
}

function told(found: readonly unknown[]): Answered {
  return { text: JSON.stringify(found), found: found.map((each) => JSON.stringify(each)) }
}

function mcpDoors(index: Store): readonly ProbedDoor[] {
  const door: Door = { index, arms: async () => [], publicUrl: undefined, version: '0', report: () => undefined }
  const handle = mcpHandler(door, { origins: [] })
  const call = async (as: readonly Principal[], name: string, input: Readonly<Record<string, unknown>>) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } })
    const request = new Request('http://localhost/mcp', { method: 'POST', headers: MCP_ACCEPTS, body })
    return mcpAnswer(await (await handle(request, as)).text())
  }
  return [
    { name: 'mcp search', most: 10, ask: (as, { text }) => call(as, 'search', { query: text }) },
    { name: 'mcp fetch', most: 1, ask: (as, { id }) => call(as, 'fetch', { id }) },
    {
      name: 'mcp search_passages',
      most: 50,
      ask: (as, { text, source }) =>
        call(as, 'search_passages', { query: text, sources: [source], max_tokens: 20_000 }),
    },
    { name: 'mcp list_sources', most: 1000, ask: (as) => call(as, 'list_sources', {}) },
  ]
}

/** JSON, or the one event of a stream that says it. */
function mcpAnswer(text: string): Answered {
  const said = JSON.parse(text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? 'null'))
  const [list = []] = Object.values(said?.result?.structuredContent ?? {}).filter(Array.isArray)
  return { text, found: list.map(({ rank: _, ...each }: Record<string, unknown>) => JSON.stringify(each)) }
}
