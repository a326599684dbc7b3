/** `npm run screenshots`: the pictures of the Help space in the READMEs, of the project's recorded sources. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { field, openArticle, openPage, searchFor } from './opened.ts'
import { library } from './site.ts'

const TO = join(import.meta.dirname, '../../src/serve/help/screenshots')
const MOST_BYTES = 100 * 1024

interface Picture {
  readonly name: string
  readonly device: BrowserContextOptions
  come(page: Page): Promise<void>
}

const sharp = { deviceScaleFactor: 1.5, viewport: { width: 360, height: 640 } }

const pictures: readonly Picture[] = [
  {
    name: 'home',
    device: sharp,
    async come(page) {
      for (const title of ['Modules and Mappings', 'Lists Upon Lists']) await openArticle(page, title)
      await page.getByRole('link', { name: 'Help', exact: true }).click()
      await page.locator('#recents').waitFor()
    },
  },
  {
    name: 'results-dark',
    device: { ...sharp, colorScheme: 'dark' },
    async come(page) {
      await searchFor(page, 'lists and tables')
      await field(page).press('ArrowDown')
      await field(page).press('ArrowDown')
    },
  },
  {
    name: 'article',
    device: sharp,
    async come(page) {
      await openArticle(page, 'Modules and Mappings')
      await page.getByText('On this page').click()
      await page.locator('.article h1').focus()
    },
  },
]

const browser = await launchChromium()
const books = library()
const site = await books.serve({ heading: 'Example' })
for (const { name, device, come } of pictures) {
  const { page, close } = await openPage(browser, `${site.url}/help`, device)
  await come(page)
  const path = join(TO, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  await close()
  const { size } = statSync(path)
  console.log(`${name}.png: ${(size / 1024).toFixed(0)} KB`)
  if (size > MOST_BYTES) process.exitCode = 1
}
await browser.close()
await site.stop()
books.remove()
