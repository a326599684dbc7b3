/** The outside world as the commands see it, so that a test can run one without a process. */
import { constants, getPriority, setPriority } from 'node:os'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { errorCatalogue } from '../core/errors.ts'
import { openNetwork } from '../http/network.ts'

export interface Io {
  /** Data. The text is written as it is: add the line feed. */
  stdout(text: string): void
  /** Progress and errors. */
  stderr(text: string): void
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** Colour may be used on stdout. `NO_COLOR`, `TERM=dumb` and `--no-color` turn it off. */
  readonly color: boolean
  /** What goes to stderr is a log of one JSON object a line, and no progress is drawn. */
  readonly jsonLog: boolean
  /** Width of the terminal in characters, or 80. */
  readonly columns: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  now(): number
  readonly fetch: typeof fetch
  /** Lines that a person types, until the signal; absent where nobody can. */
  readonly typed?: (signal: AbortSignal) => AsyncIterable<string>
  /** Lets other programs of this machine go first where there is too little processor time for all. */
  stepBack(): void
  /**
   * Calls it each time the system says that the configuration is to be read anew (SIGHUP). The function stops that. In a
   * terminal never: there the signal says that it was closed, and ends the program.
   */
  onReload(changed: () => void): () => void
  /** From here on these values are printed as `***`, wherever they turn up. */
  hide(secrets: readonly string[]): void
}

/** Shorter ones would blot out ordinary words. */
const SHORTEST_SECRET = 6

/** The real process. Ctrl-C asks to stop; the second one kills. */
export function processIo(): Io {
  const hidden = new Set<string>()
  return {
    stdout: writer(process.stdout, hidden),
    stderr: writer(process.stderr, hidden),
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    color: process.stdout.isTTY === true && wantsColor(process.env),
    jsonLog: false,
    columns: process.stderr.columns || 80,
    env: process.env,
    cwd: process.cwd(),
    signal: interruptSignal(),
    now: Date.now,
    fetch: openNetwork({ env: process.env }),
    ...(process.stdin.isTTY && { typed: (signal: AbortSignal) => createInterface({ input: process.stdin, signal }) }),
    stepBack,
    onReload,
    hide(secrets) {
      for (const secret of secrets) for (const form of writtenForms(secret)) hidden.add(form)
    },
  }
}

/** Where the system does not let it, it goes on as it is. */
function stepBack(): void {
  const { PRIORITY_BELOW_NORMAL: low } = constants.priority
  try {
    if (getPriority() < low) setPriority(low)
  } catch {}
}

function onReload(changed: () => void): () => void {
  if (process.stdin.isTTY || process.stderr.isTTY) return () => undefined
  process.on('SIGHUP', changed)
  return () => process.off('SIGHUP', changed)
}

/** https://no-color.org: present and not empty means no. */
function wantsColor(env: Io['env']): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/**
 * A reader that has gone (`unsilo search … | head`) is no error: what is left to say is dropped. Any other failure (the
 * disk under a redirected output is full) ends the program, since half an answer must not look like one.
 */
function writer(stream: NodeJS.WriteStream, hidden: ReadonlySet<string>): (text: string) => void {
  let gone = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') endUnwritten(stream, error)
    gone = true
  })
  return (text) => {
    if (!gone) stream.write(withoutSecrets(text, hidden))
  }
}

function endUnwritten(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): never {
  if (stream !== process.stderr) process.stderr.write(`error: the output can't be written (${code}).\n`)
  process.exit(errorCatalogue.DISK.exit)
}

export function withoutSecrets(text: string, hidden: Iterable<string>): string {
  let shown = text
  for (const secret of hidden) shown = shown.replaceAll(secret, '***')
  return shown
}

/** The secret itself and as it looks in JSON, in a URL and inside an authorization header. */
export function writtenForms(secret: string): readonly string[] {
  if (secret.length < SHORTEST_SECRET) return []
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64Cores(secret)])]
}

/** What of the secret's base64 is the same whatever stands before and after it, for each of the three alignments. */
function base64Cores(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })
}

/** A progress bar turns line wrapping off; a killed one can't turn it on again. */
const WRAP_LINES = '\u001b[?7h'

function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write(WRAP_LINES)
      process.exit(130)
    }
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return controller.signal
}
