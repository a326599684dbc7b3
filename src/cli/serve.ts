/** `unsilo serve`: the index over HTTP, until the process is told to stop. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { dirname } from 'node:path'
import type { ServeConfig } from '../config/serve.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import { feedbackFile, openBook } from '../feedback/book.ts'
import { withSynonyms } from '../query/synonyms.ts'
import { redact } from '../redact/redact.ts'
import { NO_BASE } from '../serve/addresses.ts'
import { createApp } from '../serve/app.ts'
import { knownHost } from '../serve/hosts.ts'
import type { IdentityRules } from '../serve/identity/identify.ts'
import { addressBehind, isLoopback, listen } from '../serve/listen.ts'
import { serveMetrics } from '../serve/metrics.ts'
import { reopening } from '../serve/reopening.ts'
import { startAnswering } from './answering.ts'
import { embedding } from './arms.ts'
import { letYoungGrow } from './heap.ts'
import { helpLook } from './help-look.ts'
import type { Io } from './io.ts'
import type { ServeOptions } from './options.ts'
import { json, note } from './output.ts'
import { fileFor, openForReading, openOutline, openServe, synonymLines } from './setup.ts'
import { version } from './version.ts'

/** For what is being answered when the process is told to stop. */
const GRACE_MS = 10_000

export async function runServe(options: ServeOptions, io: Io): Promise<number> {
  letYoungGrow()
  const config = chosen(await openServe(options, io), options)
  const { index, path, synonyms } = await openOutline(options, io)
  const publicUrl = baseOf(config)
  const help = await helpLook(config.help, dirname(path))
  const lines = await synonymLines(synonyms)
  const store = await reopening(async () => withSynonyms(await openForReading(index), lines))
  const report = (thrown: unknown) => {
    const { code, message } = asUnsiloError(thrown)
    note(io, plain(message), { level: 'error', code })
  }
  const feedback = openBook(feedbackFile(fileFor(index, path)), { clean: withoutPeople, key: randomBytes(32) })
  const { workers, queue } = config
  const identity = reloadedIdentity(config, options, io, report)
  const answering = startAnswering({ store, index, lines, workers, queue, nearOf: embedding(options, io), report })
  try {
    const app = createApp({
      ...{ index: store, ask: answering.ask, feedback, version: version(), now: io.now, report },
      metrics: serveMetrics({ version: version(), now: io.now, ofProcess: true, queue: answering.queue }),
      help,
      publicUrl,
      knownHost: knownHost({ ...config, publicUrl }),
      identity: identity.now,
      ...{ origins: config.origins, perMinute: config.perMinute, addressOf: addressBehind(config.proxies) },
    })
    const listening = await listen(app, config)
    tellPlace({ ...config, port: listening.port }, options, io)
    if (publicUrl === undefined && !options.quiet) note(io, NO_BASE, { level: 'warn' })
    if (!io.signal.aborted) await once(io.signal, 'abort')
    await listening.close(GRACE_MS)
  } finally {
    identity.stop()
    await answering.close()
    await feedback.close()
    await store.close()
  }
  return 0
}

/** Whom the configuration believes, read anew when the system says so. Where that fails, it stays as it was, and that is said. */
function reloadedIdentity(
  config: ServeConfig,
  options: ServeOptions,
  io: Io,
  report: (thrown: unknown) => void,
): { now(): IdentityRules; stop(): void } {
  let rules: IdentityRules = config
  let reloading = Promise.resolve()

  async function reload(): Promise<void> {
    try {
      const anew = chosen(await openServe(options, io), options)
      // It listens where it did: another place takes a restart.
      rules = chosen(anew, { host: config.host })
      if (!options.quiet) note(io, 'Secrets and tokens were read anew.')
    } catch (thrown) {
      report(thrown)
      note(io, 'Secrets and tokens stay as they were.', { level: 'warn' })
    }
  }

  const stop = io.onReload(() => {
    reloading = reloading.then(reload)
  })
  return { now: () => rules, stop }
}

/** What documents without an address of the web are cited below: on this machine its own address will do. */
export function baseOf({ publicUrl, host, port }: ServeConfig): string | undefined {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '')
  return isLoopback(host) && port !== 0 ? `http://${named(host)}:${port}` : undefined
}

/** As it stands in an address. */
function named(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** A text that can't be made safe to keep is not kept. */
function withoutPeople(text: string): string {
  try {
    return redact(text).text
  } catch {
    return ''
  }
}

type Told = Partial<Pick<ServeOptions, 'host' | 'port'>>

function chosen(config: ServeConfig, { host = config.host, port = config.port }: Told): ServeConfig {
  const knowsReaders = config.jwt !== undefined || config.tokens.some(({ as }) => as.length > 0)
  if (knowsReaders || isLoopback(host)) return { ...config, host, port }
  throw new UnsiloError('USAGE', `${host} can be reached by others, and the configuration names nobody who may ask.`, {
    hint: 'Set serve.jwt, or serve.tokens with one that reads more than figures (`unsilo token` makes one), or listen at 127.0.0.1.',
  })
}

function tellPlace({ host, port, jwt, tokens }: ServeConfig, options: ServeOptions, io: Io): void {
  if (options.json) json(io, { type: 'serving', host, port })
  if (options.quiet) return
  const readers = [jwt && "users' tokens", tokens.length > 0 && "services' tokens"].filter(Boolean).join(' and ')
  note(
    io,
    `Answering at http://${named(host)}:${port}: ${readers === '' ? 'what is public' : `what is public, and by ${readers}`}.`,
  )
}
