/** Where each driver's index stands while it is measured: a file, and servers that are started for it and gone afterwards. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startCluster } from '../../opensearch/cluster.ts'
import { startOwnServer } from '../../postgres/own-server.ts'
import { startPglite } from '../../postgres/pglite-server.ts'

export interface Place {
  /** For people: the driver, and what it talks to. */
  readonly name: string
  readonly location: string
  /** On the disk of who keeps the index. */
  bytes(): Promise<number>
  close(): Promise<void>
}

/** Or why there is no such server here. */
type Start = () => Promise<Place | string>

export const PLACES = { sqlite, postgres, opensearch } satisfies Readonly<Record<string, Start>>

export type Driver = keyof typeof PLACES

async function sqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-bench-remote-'))
  const location = join(folder, 'index.db')
  return {
    name: 'SQLite',
    location,
    bytes: async () => statSync(location).size,
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The machine's own server, with nothing turned off that keeps what is stored; where there is none, one in this process. */
async function postgres(): Promise<Place> {
  const own = await startOwnServer([])
  const server = typeof own === 'string' ? await startPglite() : own
  return {
    name: `Postgres, ${server.name}`,
    location: server.url,
    bytes: () => databaseSize(server.url),
    close: server.close,
  }
}

async function databaseSize(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ bytes: string }>(
      "SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'unsilo' AND c.relkind = 'r'",
    )
    return Number(rows[0]?.bytes)
  } finally {
    await client.end()
  }
}

/** Two nodes of half a gigabyte of heap each, with one shard and a copy of it. */
async function opensearch(): Promise<Place | string> {
  const cluster = await startCluster()
  if (typeof cluster === 'string') return cluster
  const [host = ''] = cluster.hosts.split(',')
  return {
    name: cluster.name,
    location: `opensearch://${cluster.hosts}/unsilo`,
    bytes: () => shardSize(host),
    close: cluster.close,
  }
}

/** Of the shard itself, without its copy, once it is all on the disk. */
async function shardSize(host: string): Promise<number> {
  await fetch(`http://${host}/unsilo/_flush`, { method: 'POST' })
  const answer = await fetch(`http://${host}/unsilo/_stats/store`)
  const { _all } = (await answer.json()) as { _all: { primaries: { store: { size_in_bytes: number } } } }
  return _all.primaries.store.size_in_bytes
}
