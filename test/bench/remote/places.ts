/** Where each driver's index stands while it is measured: a file, and servers that are started for it and gone afterwards. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
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

export type Driver = 'sqlite' | 'postgres'

export const PLACES: Readonly<Record<Driver, () => Promise<Place>>> = { sqlite, postgres }

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
