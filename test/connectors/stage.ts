/** What the stages of all connectors share: a stage for one test, a run of a connector on it, and a sync of it. */
import type { AccessPolicy } from '../../src/core/access.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'
import { collect } from '../conformance/changes.ts'

/** A small emulated source. */
export interface Stage {
  readonly emulator: { close(): Promise<void> }
  readonly config: Readonly<Record<string, unknown>>
}

export interface PullOptions<C> {
  /** Beside the stage's own. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly since?: C | null
  readonly policy?: AccessPolicy
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<void>
  /** Stands between the connector and the source. */
  readonly fetch?: typeof fetch
}

export interface SyncOptions {
  /** Beside the stage's own. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly allowDeletes?: number
}

export const NOW = Date.parse('2026-03-01T12:00:00.000Z')

/** The stage is open while `run` works. */
export async function during<S extends Stage, T>(start: Promise<S>, run: (stage: S) => Promise<T>): Promise<T> {
  const stage = await start
  try {
    return await run(stage)
  } finally {
    await stage.emulator.close()
  }
}

export function pullFrom<Config, C>(
  connector: Connector<Config, C>,
  stage: Stage,
  options: PullOptions<C> = {},
): Promise<Change<C>[]> {
  const { signal } = new AbortController()
  const { now = () => NOW, sleep = async () => {}, fetch: network } = options
  const context = {
    config: connector.config.parse({ ...stage.config, ...options.config }),
    access: options.policy ?? { level: connector.level ?? 'public', principals: {} },
    signal,
    now,
    fetch: createFetch({ signal, sleep, random: () => 0, now, ...(network && { fetch: network }) }),
  }
  return collect(connector.pull(context, options.since ?? null))
}

export function syncFrom<Config, C extends Json>(
  connector: Connector<Config, C>,
  source: string,
  stage: Stage,
  store: Store,
  { config, allowDeletes = 0 }: SyncOptions = {},
): Promise<SyncReport> {
  const { signal } = new AbortController()
  return syncSource({
    source,
    connector: connector as Connector,
    config: connector.config.parse({ ...stage.config, ...config }),
    access: { level: connector.level ?? 'staff', principals: {} },
    store,
    fetch: createFetch({ signal, sleep: async () => {} }),
    signal,
    now: () => NOW,
    runId: 'run',
    full: false,
    dryRun: false,
    allowed: { deletes: allowDeletes, wider: 0 },
  })
}
