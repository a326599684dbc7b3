/**
 * Many writes in few requests of bounded size. What a busy cluster turns away is sent again, alone and after a while; what it
 * took is not. A version that is behind, or an address that is gone, says that the right to write is over.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { forEachConcurrently } from '../../core/concurrently.ts'
import { type Connection, isTemporary } from './connection.ts'
import { type Refusal, refused } from './errors.ts'
import { over } from './lease.ts'

/** What is stored under an id. */
export type Write =
  | { readonly type: 'put'; readonly id: string; readonly body: object }
  | { readonly type: 'remove'; readonly id: string }
  /** Only where there is none of this id. */
  | { readonly type: 'add'; readonly id: string; readonly body: object }

export interface Target {
  /** The lease's own address of the index. */
  readonly alias: string
  /** Of everything that is written: see lease.ts. */
  readonly version: number
  /** Asked before each request. Throws LOCKED. */
  check(): void
}

interface Item {
  readonly status: number
  readonly error?: Refusal
}

/** Bytes of a request: far below what a cluster takes (100 MB), and enough that a request is worth its way. */
const MOST_BYTES = 2_000_000
/** A shard and its copy take one after the other, and each takes several at once. */
const AT_ONCE = 2
const MOST_WRITES = 2000
const PATIENCE_MS = 60_000
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000

/** @param refresh whether what was written is to be seen when this returns */
export async function writeAll(
  db: Connection,
  target: Target,
  writes: readonly Write[],
  { refresh = false }: { readonly refresh?: boolean } = {},
): Promise<void> {
  const last = new Map(writes.map((write) => [write.id, write]))
  const parts = parted(last.values(), target.version)
  await forEachConcurrently(parts, AT_ONCE, (part) => writePart(db, target, part, refresh))
}

type Line = readonly [write: Write, lines: string]

async function writePart(db: Connection, target: Target, part: readonly Line[], refresh: boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  let left = part
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries > 0) await sleep(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS))
    target.check()
    const items = await send(db, target, left, refresh)
    const busy = left.filter((_, at) => isTemporary(items[at]?.status ?? 503))
    for (const [at, item] of items.entries()) checkItem(db, item, left[at]?.[0], performance.now() > end)
    left = busy
  }
}

async function send(
  db: Connection,
  { alias }: Target,
  lines: readonly Line[],
  refresh: boolean,
): Promise<readonly Item[]> {
  const { body } = await db.ask<{ items: readonly Readonly<Record<string, Item>>[] }>({
    method: 'POST',
    path: `/${alias}/_bulk?require_alias=true&refresh=${refresh}&filter_path=items.*.status,items.*.error.type`,
    body: lines.map(([, text]) => text).join(''),
  })
  return body.items.flatMap((item) => Object.values(item))
}

function checkItem(db: Connection, { status, error }: Item, write: Write | undefined, isOut: boolean): void {
  if (status < 300 || (isTemporary(status) && !isOut)) return
  if (status === 409 && write?.type === 'add') return
  if (status === 404 && write?.type === 'remove' && error === undefined) return
  if (status === 409 || error?.type === 'index_not_found_exception') throw over(db.path)
  throw refused(db.path, status, error)
}

function linesOf(write: Write, version: number): string {
  const { type, id: _id } = write
  if (type === 'add') return `{"create":${JSON.stringify({ _id })}}\n${JSON.stringify(write.body)}\n`
  const action = JSON.stringify({ _id, version, version_type: 'external_gte' })
  return type === 'remove' ? `{"delete":${action}}\n` : `{"index":${action}}\n${JSON.stringify(write.body)}\n`
}

/** One is made while those before it are under way. */
function* parted(writes: Iterable<Write>, version: number): Generator<readonly Line[]> {
  let part: Line[] = []
  let bytes = 0
  for (const write of writes) {
    const lines = linesOf(write, version)
    const size = Buffer.byteLength(lines)
    if (part.length > 0 && (bytes + size > MOST_BYTES || part.length === MOST_WRITES)) {
      yield part
      ;[part, bytes] = [[], 0]
    }
    part.push([write, lines])
    bytes += size
  }
  if (part.length > 0) yield part
}

/**
 * What was written is seen from now on, by every reader.
 *
 * @param accept statuses beside those of success that are as good
 */
export async function show(db: Connection, index: string, accept: readonly number[] = []): Promise<void> {
  const failure = ({ _shards: { failed } }: { _shards: { failed: number } }) =>
    failed === 0 ? undefined : { type: 'shard_not_refreshed' }
  await db.ask({ method: 'POST', path: `/${index}/_refresh`, accept, failure })
}
