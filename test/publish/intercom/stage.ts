/** An emulated workspace, a folder with an index and a configuration that publishes there, and the command. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../../src/cli/main.ts'
import { capturedIo, jsonLines } from '../../cli/captured-io.ts'
import { type LibraryEmulator, startLibraryEmulator } from '../../emulators/intercom-library.ts'
import type { LibraryArticle, LibraryOptions } from '../../emulators/intercom-library-model.ts'
import { loadIntercomSpec } from '../../emulators/specs.ts'
import { type Page, syncPages } from '../pages.ts'

export const TOKEN = 'a-token-of-the-test'

/** Null where the API's description isn't at hand: then requests and answers are not held against it. */
export const spec = loadIntercomSpec()

export const ARTICLES = `    articles:
      author: 991267497
      collections:
        - { collection: 145, source: help, path: [Handbook] }
        - { collection: 146, source: help }
`

export interface Published {
  readonly code: number
  readonly err: string
  readonly lines: readonly Record<string, unknown>[]
}

export interface PublishStage {
  readonly site: LibraryEmulator
  readonly folder: string
  sync(pages: readonly Page[], allowed?: { readonly deletes: number; readonly wider: number }): Promise<void>
  configure(intercom: string): void
  /** With `--json`, inside the test's process. */
  publish(...argv: readonly string[]): Promise<Published>
  /** Requests whose `METHOD /path` matches go through another `fetch`. */
  through(match: RegExp, other: typeof fetch): void
  /** The one article of this title. */
  article(title: string): LibraryArticle
  close(): Promise<void>
}

export async function startPublishStage(options: LibraryOptions = {}): Promise<PublishStage> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-intercom-'))
  const site = await startLibraryEmulator({ ...options, authorization: `Bearer ${TOKEN}`, spec })
  const configure = (intercom: string) =>
    writeFileSync(join(folder, 'unsilo.config.yaml'), configuration(site.url, intercom))
  configure(ARTICLES)
  const detours: { readonly match: RegExp; readonly other: typeof fetch }[] = []
  const network: typeof fetch = (input, init) => {
    const name = `${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`
    return (detours.find(({ match }) => match.test(name))?.other ?? fetch)(input, init)
  }
  return {
    ...{ site, folder, configure },
    sync: (pages, allowed) => syncPages(folder, pages, allowed),
    publish: async (...argv) => {
      const io = capturedIo(folder, { env: { TOKEN }, fetch: network, now: Date.now })
      const code = await run(['publish', 'intercom', '--json', ...argv], io)
      return { code, err: io.err(), lines: jsonLines(io.out()) }
    },
    through: (match, other) => void detours.unshift({ match, other }),
    article: (title) => {
      const { main, articles } = site.library
      const found = [...articles.values()].filter(({ texts }) => texts.get(main)?.title === title)
      if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} articles are called ${title}`)
      return found[0]
    },
    close: async () => {
      await site.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** @param top lines before the sources */
export function configuration(url: string, intercom: string, top = ''): string {
  return `${top}sources:\n  help:\n    connector: help-center\npublish:\n  intercom:\n    apiUrl: ${url}\n    token: "\${env:TOKEN}"\n${intercom}`
}
