/**
 * Long work, shown: on a terminal one bar a source with count, rate and time left; elsewhere nothing until a source's
 * one summary line. Everything goes to stderr.
 */
import { Writable } from 'node:stream'
import type { MultiBar, Options, SingleBar } from 'cli-progress'
import type { Progress } from '../sync/sync.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { count, duration, note, plain } from './output.ts'

export interface ProgressDisplay {
  update(source: string, progress: Progress): void
  /** The source of answers asked us to wait. Said only at `--verbose`. */
  wait(wait: { readonly host: string; readonly ms: number; readonly reason: string }): void
  /** Ends the source's bar and says its summary. */
  finish(source: string, summary: string): void
  /** Ends whatever is still shown. Safe to call twice. */
  stop(): void
}

type Quietness = Pick<CommonOptions, 'json' | 'quiet' | 'verbose'>

/** Summaries are left out with `--json` and `--quiet`: the first says them as data, the second not at all. */
export async function createProgress(io: Io, options: Quietness): Promise<ProgressDisplay> {
  const silent = options.json || options.quiet
  const bars = io.stderrIsTerminal && !silent ? await createBars(io) : null
  const line = (text: string): void => (bars === null ? note(io, text) : bars.log(text))
  return {
    update(source, progress) {
      bars?.update(source, progress)
    },
    wait({ host, ms, reason }) {
      if (options.verbose && !options.quiet) line(`${plain(host)}: waiting ${duration(ms / 1000)} (${plain(reason)})`)
    },
    finish(source, summary) {
      bars?.remove(source)
      if (!silent) line(summary)
    },
    stop() {
      bars?.stop()
    },
  }
}

interface Bars {
  update(source: string, progress: Progress): void
  remove(source: string): void
  log(text: string): void
  stop(): void
}

interface Shown {
  readonly bar: SingleBar
  stage: Progress['stage']
  since: number
}

/** The library is loaded only where a bar is drawn. */
async function createBars(io: Io): Promise<Bars> {
  const { default: progress } = await import('cli-progress')
  const shown = new Map<string, Shown>()
  let multi: MultiBar | null = null
  const barOf = (source: string, stage: Progress['stage']): Shown => {
    const known = shown.get(source)
    if (known?.stage === stage) return known
    multi ??= new progress.MultiBar(appearance(io))
    const bar = known?.bar ?? multi.create(0, 0, { source, stage, perSecond: 0 })
    const next = { bar, stage, since: io.now() }
    shown.set(source, next)
    return next
  }
  const stop = (): void => {
    multi?.stop()
    multi = null
    shown.clear()
  }
  return {
    update(source, step) {
      const { bar, since } = barOf(source, step.stage)
      const value = step.stage === 'listing' ? step.listed : step.done
      const perSecond = value / Math.max(0.001, (io.now() - since) / 1000)
      bar.setTotal(step.stage === 'loading' ? step.total : 0)
      bar.update(value, { source, stage: step.stage, perSecond })
    },
    remove(source) {
      const known = shown.get(source)
      shown.delete(source)
      if (shown.size === 0) stop()
      else if (known !== undefined) multi?.remove(known.bar)
    },
    log(text) {
      if (multi === null) return note(io, text)
      multi.log(`${text}\n`)
      multi.update()
    },
    stop,
  }
}

/** Time left comes from the mean rate of the stage: steadier than the library's, which sees few steps. */
function appearance(io: Io): Options {
  return {
    stream: terminal(io),
    format: (_options, { value, total }, payload: BarPayload) =>
      barText({ ...payload, value, total }).slice(0, Math.max(20, io.columns - 1)),
    clearOnComplete: true,
  }
}

const WIDTH = 24

interface BarPayload {
  readonly source: string
  readonly stage: string
  readonly perSecond: number
}

interface BarFacts extends BarPayload {
  readonly value: number
  readonly total: number
}

export function barText({ source, stage, value, total, perSecond }: BarFacts): string {
  const rate = `${count(Math.round(perSecond))}/s`
  if (stage === 'listing') return `${source}  listing  ${count(value)}  ${rate}`
  const filled = total === 0 ? WIDTH : Math.min(WIDTH, Math.floor((value / total) * WIDTH))
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  const left = perSecond > 0 ? `  ${duration((total - value) / perSecond)} left` : ''
  return `${source}  ${bar}  ${count(value)}/${count(total)}  ${rate}${left}`
}

/** What the library needs of a terminal, writing through the one place that takes secrets out. */
function terminal(io: Io): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _encoding, done) {
      io.stderr(String(text))
      done()
    },
  })
  return Object.assign(stream, { isTTY: true, columns: io.columns }) as unknown as NodeJS.WriteStream
}
