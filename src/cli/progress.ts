/**
 * Long work, shown: on a terminal one bar a source with count, rate and time left; elsewhere nothing until a source's
 * one summary line. Everything goes to stderr.
 */
import { Writable } from 'node:stream'
import type { MultiBar, Options, SingleBar } from 'cli-progress'
import { plain } from '../core/plain.ts'
import type { Progress } from '../sync/sync.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { type About, count, counted, duration, note } from './output.ts'

export interface ProgressDisplay {
  update(source: string, progress: Progress): void
  /** The same transport, its answers counted: what moves while a source is listed and documents are yet to come. */
  counting(source: string, fetch: Fetch): Fetch
  /** The source of answers asked us to wait. Said only at `--verbose`. */
  wait(wait: { readonly host: string; readonly ms: number; readonly reason: string }): void
  /** Ends the source's bar and says its summary. */
  finish(source: string, summary: string, about?: About): void
  /** Ends whatever is still shown. Safe to call twice. */
  stop(): void
}

type Fetch = typeof fetch

type Quietness = Pick<CommonOptions, 'json' | 'quiet' | 'verbose'>

/**
 * Summaries are left out with `--quiet`, and with `--json`, which says them as data; a log of JSON has them all the same,
 * since stderr and stdout then go to different readers.
 */
export async function createProgress(io: Io, options: Quietness): Promise<ProgressDisplay> {
  const silent = options.quiet || (options.json && !io.jsonLog)
  let bars = io.stderrIsTerminal && !silent && !io.jsonLog ? await createBars(io) : null
  const line = (text: string, about?: About): void => (bars === null ? note(io, text, about) : bars.log(text))
  return {
    update(source, progress) {
      bars?.update(source, progress)
    },
    counting(source, fetch) {
      if (bars === null) return fetch
      return async (input, init) => {
        const answer = await fetch(input, init)
        bars?.answered(source)
        return answer
      }
    },
    wait({ host, ms, reason }) {
      if (!options.verbose || options.quiet) return
      line(`${plain(host)}: waiting ${duration(ms / 1000)} (${plain(reason)})`, { level: 'debug' })
    },
    finish(source, summary, about) {
      bars?.remove(source)
      if (!silent) line(summary, about)
    },
    stop() {
      bars?.stop()
      bars = null
    },
  }
}

interface Bars {
  update(source: string, progress: Progress): void
  answered(source: string): void
  remove(source: string): void
  log(text: string): void
  stop(): void
}

interface Shown {
  readonly bar: SingleBar
  readonly stage: Progress['stage']
  readonly since: number
  /** Of the source to requests, and documents listed, in the listing stage. */
  answers: number
  listed: number
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
    const bar = known?.bar ?? multi.create(0, 0, { source, stage, perSecond: 0, answers: 0 })
    const next = { bar, stage, since: io.now(), answers: 0, listed: 0 }
    shown.set(source, next)
    return next
  }
  const draw = (source: string, { bar, stage, since, answers }: Shown, value: number, total: number): void => {
    const seconds = Math.max(0.001, (io.now() - since) / 1000)
    const moved = stage === 'listing' && answers > 0 ? answers : value
    bar.setTotal(total)
    bar.update(value, { source, stage, answers, perSecond: moved / seconds })
  }
  const stop = (): void => {
    multi?.stop()
    multi = null
    shown.clear()
  }
  return {
    update(source, step) {
      const bar = barOf(source, step.stage)
      if (step.stage === 'loading') return draw(source, bar, step.done, step.total)
      bar.listed = step.listed
      draw(source, bar, bar.listed, 0)
    },
    answered(source) {
      if (shown.get(source)?.stage === 'loading') return
      const bar = barOf(source, 'listing')
      bar.answers += 1
      draw(source, bar, bar.listed, 0)
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
    format: (_options, { value, total }, payload: BarPayload) => barText({ ...payload, value, total }, io.columns - 1),
    clearOnComplete: true,
  }
}

const WIDEST = 24
/** A shorter bar says nothing: it is left out. */
const NARROWEST = 4

interface BarPayload {
  readonly source: string
  readonly stage: string
  readonly perSecond: number
  /** To requests, while the source is listed. */
  readonly answers: number
}

interface BarFacts extends BarPayload {
  readonly value: number
  readonly total: number
}

/** Within `columns`: on a narrow terminal the bar itself goes first. */
export function barText({ source, stage, value, total, perSecond, answers }: BarFacts, columns: number): string {
  const rate = `${count(Math.round(perSecond))}/s`
  if (stage === 'listing') {
    const seen = [
      ...(answers > 0 ? [counted(answers, 'answer')] : []),
      ...(value > 0 || answers === 0 ? [counted(value, 'document')] : []),
    ]
    return `${source}  listing  ${seen.join(', ')}  ${rate}`.slice(0, columns)
  }
  const left = perSecond > 0 ? `  ${duration((total - value) / perSecond)} left` : ''
  const facts = `${count(value)}/${count(total)}  ${rate}${left}`
  const room = Math.min(WIDEST, columns - source.length - facts.length - 4)
  return (room < NARROWEST ? `${source}  ${facts}` : `${source}  ${filledBar(value, total, room)}  ${facts}`).slice(
    0,
    columns,
  )
}

function filledBar(value: number, total: number, width: number): string {
  const filled = total === 0 ? width : Math.min(width, Math.floor((value / total) * width))
  return '█'.repeat(filled) + '░'.repeat(width - filled)
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
