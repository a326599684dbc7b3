/** Records a story through `unsilo record`: one step after another, each from what an emulator answers by then. */
import { globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../src/cli/io.ts'
import { runRecord } from '../src/cli/record.ts'

export interface Story {
  /** Of the source in `config`. */
  readonly name: string
  readonly config: string
  readonly env: Readonly<Record<string, string>>
  /** Where the recording is kept. What it held of an earlier one is replaced. */
  readonly folder: string
  /** The address that the configuration names, and the emulator's that answers in its place. */
  readonly site: string
  readonly emulator: string
  /** What happens before each step, by its name; the first step is one too. */
  readonly steps: Readonly<Record<string, () => void>>
}

export async function recordStory({ name, config, env, folder, site, emulator, steps }: Story): Promise<void> {
  for (const old of globSync(join(folder, '*.http.json'))) rmSync(old)
  const cwd = mkdtempSync(join(tmpdir(), 'unsilo-record-'))
  writeFileSync(join(cwd, 'unsilo.config.yaml'), config)
  const io: Io = {
    stdout: (text) => process.stdout.write(text),
    stderr: () => {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    color: false,
    columns: 80,
    env,
    cwd,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 6),
    fetch: (input, init) => fetch(String(input).replace(site, emulator), init),
    hide: () => {},
  }
  const options = { source: name, dir: folder, json: false, quiet: false, verbose: false }
  for (const [at, [step, change]] of Object.entries(steps).entries()) {
    change()
    await runRecord({ ...options, config: undefined, index: undefined }, io)
    const [made] = globSync(join(folder, `${at + 1}-*.http.json`))
    renameSync(made as string, join(folder, `${at + 1}-${step}.http.json`))
  }
  rmSync(cwd, { recursive: true })
}
