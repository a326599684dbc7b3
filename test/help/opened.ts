/** A page in the browser, with all that went wrong in it or left it. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** What broke the page's own policy, what was thrown, and what was asked of anybody but the server. */
  readonly wrongs: string[]
  close(): Promise<void>
}

/** A long one, of the recorded sources. */
export const ARTICLE = 'Compact Naming'

/** As a phone holds it. */
export const PHONE = { width: 390, height: 780 } as const

export async function openPage(browser: Browser, url: string, more: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'en-GB', colorScheme: 'light', ...more })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const wrongs: string[] = []
  await page.exposeBinding('policyBroken', (_, told: string) => void wrongs.push(`policy: ${told}`))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const told = `${event.violatedDirective} ${event.blockedURI}`
      ;(globalThis as unknown as { policyBroken(told: string): void }).policyBroken(told)
    })
  })
  page.on('pageerror', (error) => wrongs.push(`thrown: ${error.message}`))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (/^http/.test(protocol) && origin !== new URL(url).origin) wrongs.push(`asked elsewhere: ${request.url()}`)
  })
  await page.goto(url)
  return { page, context, wrongs, close: () => context.close() }
}

export function field(page: Page): Locator {
  return page.getByRole('combobox')
}

/** Types, and waits until what was found for all of it is shown. */
export async function searchFor(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await page.locator(`.results[data-query=${JSON.stringify(text.trim())}]`).waitFor()
}

export async function openArticle(page: Page, title: string): Promise<void> {
  await searchFor(page, title)
  await page.getByRole('option', { name: title }).first().click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

/** Waits until what is asked in the page holds. (`waitForFunction` takes a promise for a yes.) */
export async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await page.evaluate(holds)) return
    await page.waitForTimeout(50)
  }
  throw new Error(`it never held: ${holds}`)
}
