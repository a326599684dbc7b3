/** An Io that keeps what is said, for running commands inside the test's process. */
import type { Io } from '../../src/cli/io.ts'

export interface CapturedIo extends Io {
  readonly out: () => string
  readonly err: () => string
}

export function capturedIo(cwd: string, more: Partial<Io> = {}): CapturedIo {
  let out = ''
  let err = ''
  return {
    out: () => out,
    err: () => err,
    stdout: (text) => {
      out += text
    },
    stderr: (text) => {
      err += text
    },
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    color: false,
    jsonLog: false,
    columns: 80,
    env: {},
    cwd,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 2),
    fetch: () => Promise.reject(new Error('this test asks no network')),
    hide: () => undefined,
    stepBack: () => undefined,
    onReload: () => () => undefined,
    ...more,
  }
}

export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}
