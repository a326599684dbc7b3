/** An emulated Confluence site, a folder whose configuration names it, and the program run there as a process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../src/cli/main.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import {
  type ConfluenceEmulator,
  type ConfluenceEmulatorOptions,
  startConfluenceEmulator,
} from '../emulators/confluence.ts'
import { capturedIo } from './captured-io.ts'

export const BIN = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Stage {
  readonly site: ConfluenceEmulator
  readonly folder: string
  /** Into the space that the source `wiki` reads; their ids. */
  addPages(count: number): readonly string[]
  /** The configuration again: lines before the sources, and more sources. */
  configure(more: { readonly top?: string; readonly sources?: string }): void
  unsilo(...args: readonly string[]): Promise<Ended>
  /** The same inside the test's process, which is quicker; nothing is hidden from what it says. */
  run(...args: readonly string[]): Promise<Ended>
  start(...args: readonly string[]): ChildProcess
  /** The ids of what the index holds of `wiki`. */
  stored(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function startStage(options: ConfluenceEmulatorOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-cli-'))
  const site = await startConfluenceEmulator(options)
  const space = site.model.addSpace({ key: 'DOC' })
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { ...process.env, NO_PROXY: '127.0.0.1', TOKEN: 'a-token-of-the-test' },
    })
  const stage: Stage = {
    site,
    folder,
    start,
    addPages: (count) =>
      Array.from({ length: count }, (_, at) => site.model.addPage({ spaceId: space.id, title: `Page ${at}` }).id),
    configure: (more) => writeFileSync(join(folder, 'unsilo.config.yaml'), configuration(site.url, more)),
    unsilo: (...args) => ended(start(...args)),
    run: async (...args) => {
      const io = capturedIo(folder, { env: { TOKEN: 'a-token-of-the-test' }, fetch, now: Date.now })
      return { code: await run(args, io), stdout: io.out(), stderr: io.err() }
    },
    stored: async () => {
      const store = await openSqlite(join(folder, '.unsilo', 'index.db'), { mode: 'read' })
      return await store.ids('wiki').finally(() => store.close())
    },
    close: async () => {
      await site.close()
      rmSync(folder, { recursive: true })
    },
  }
  stage.configure({})
  return stage
}

function configuration(url: string, { top = '', sources = '' }: Parameters<Stage['configure']>[0]): string {
  return `${top}sources:\n${source('wiki', url, 'DOC')}${sources}`
}

/** Lines of a source that reads one space of a site. */
export function source(name: string, url: string, space: string): string {
  const auth = `{ bearer: "\${env:TOKEN}" }`
  return `  ${name}: { connector: confluence, baseUrl: "${url}", auth: ${auth}, spaces: [${space}] }\n`
}

export function ended(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (text) => (said.stdout += text))
  child.stderr?.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
}
