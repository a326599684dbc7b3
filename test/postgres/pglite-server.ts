/** PostgreSQL with pgvector in WebAssembly, behind a socket: the same SQL everywhere, one connection at work at a time. */
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { Server } from './server.ts'

export async function startPglite(): Promise<Server> {
  const db = await PGlite.create({ extensions: { vector } })
  const { rows } = await db.query<{ version: string }>("SELECT current_setting('server_version') AS version")
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 50 })
  await server.start()
  return {
    name: `PGlite (PostgreSQL ${rows[0]?.version})`,
    url: `postgres://postgres@${server.getServerConn()}/postgres`,
    hasVectors: true,
    close: async () => {
      await server.stop()
      await db.close()
    },
  }
}
