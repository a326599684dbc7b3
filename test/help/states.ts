/** Every state that the Help space can be seen in: as a reader comes to it. */
import type { BrowserContextOptions, Page } from 'playwright-core'
import { ARTICLE, field, openArticle, searchFor } from './opened.ts'

export interface State {
  readonly name: string
  readonly device?: BrowserContextOptions
  /** From the start of the page. */
  come(page: Page): Promise<void>
}

async function home(page: Page): Promise<void> {
  await page.locator('#collections').waitFor()
}

async function article(page: Page): Promise<void> {
  await openArticle(page, ARTICLE)
}

async function results(page: Page): Promise<void> {
  await searchFor(page, 'lists and tables')
  await field(page).press('ArrowDown')
}

async function empty(page: Page): Promise<void> {
  await searchFor(page, 'qqqzzzxyj')
}

async function offline(page: Page): Promise<void> {
  await article(page)
  await page.context().setOffline(true)
  await field(page).fill('anything')
  await page.getByRole('alert').waitFor()
}

const French = { locale: 'fr' }
const dark = { colorScheme: 'dark' } as const
const narrow = { viewport: { width: 320, height: 568 } }

export const states: readonly State[] = [
  { name: 'home', come: home },
  { name: 'results', come: results },
  { name: 'empty', come: empty },
  { name: 'article', come: article },
  {
    name: 'article with its contents',
    async come(page) {
      await article(page)
      await page.getByText('On this page').click()
    },
  },
  {
    name: 'article that did not help',
    async come(page) {
      await article(page)
      await page.getByRole('button', { name: 'No', exact: true }).click()
      await page.getByRole('textbox', { name: /What was missing/ }).waitFor()
    },
  },
  {
    name: 'recents',
    async come(page) {
      await article(page)
      await page.getByRole('link', { name: 'Help', exact: true }).click()
      await page.locator('#recents').waitFor()
    },
  },
  {
    name: 'collection',
    async come(page) {
      await page.getByRole('link', { name: /Jsonix/ }).click()
      await page.locator('.collection').waitFor()
    },
  },
  {
    name: 'error',
    async come(page) {
      await page.goto(`${page.url().split('#')[0]}#/article/nowhere`)
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'offline', come: offline },
  {
    name: 'article offline',
    async come(page) {
      await article(page)
      await page.getByRole('button', { name: 'Back' }).click()
      await page.context().setOffline(true)
      await page.getByRole('option', { name: ARTICLE }).first().click()
      await page.locator('.kept').waitFor()
    },
  },
  { name: 'home, dark', device: dark, come: home },
  { name: 'results, dark', device: dark, come: results },
  { name: 'empty, dark', device: dark, come: empty },
  { name: 'article, dark', device: dark, come: article },
  { name: 'offline, dark', device: dark, come: offline },
  { name: 'home, French', device: French, come: home },
  { name: 'empty, French', device: French, come: empty },
  {
    name: 'article, French',
    device: French,
    async come(page) {
      await openArticle(page, 'La démission')
    },
  },
  { name: 'home, 320 px', device: narrow, come: home },
  { name: 'results, 320 px', device: narrow, come: results },
  { name: 'article, 320 px', device: narrow, come: article },
  { name: 'home, wide', device: { viewport: { width: 1280, height: 800 } }, come: home },
  { name: 'article, wide', device: { viewport: { width: 1280, height: 800 } }, come: article },
]
