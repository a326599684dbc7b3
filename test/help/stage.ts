/** All that a check of the Help space needs: a browser, the program over recorded sources, and somebody else's site. */
import type { Browser } from 'playwright-core'
import type { WebServer } from '../serve/web-server.ts'
import { startHost } from './embedded.ts'
import { library, type Site } from './site.ts'

export interface Stage {
  readonly browser: Browser
  readonly site: Site
  readonly host: WebServer
  close(): Promise<void>
}

/** @param browser is closed with it */
export async function openStage(browser: Browser): Promise<Stage> {
  let base = ''
  const host = await startHost(() => base)
  const books = library()
  const site = await books.serve({ heading: 'Example', suggest: 'documentation' }, { origins: [host.url] })
  base = site.url
  return {
    ...{ browser, site, host },
    async close() {
      await browser.close()
      await site.stop()
      await host.close()
      books.remove()
    },
  }
}
