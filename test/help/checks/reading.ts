/** What a reader does: looks around, searches, reads, answers, by hand and by key. */
import assert from 'node:assert/strict'
import type { Check } from '../checks.ts'
import { ARTICLE, field, openArticle, openPage } from '../opened.ts'

export const reading: readonly Check[] = [
  {
    name: 'search: results appear while one types, marked, and the newest question wins',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await field(page).pressSequentially('tables and lists', { delay: 15 })
      await page.locator('.results[data-query="tables and lists"]').waitFor()
      assert.ok((await page.getByRole('option').count()) > 2)
      assert.match((await page.locator('mark').allTextContents()).join(' '), /list/i)
      assert.match(page.url(), /#\/search\?q=/)
      await page.getByRole('button', { name: 'Clear the search' }).click()
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'read: from a collection to an article, its contents, and to its neighbour',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.getByRole('link', { name: /Jsonix/ }).click()
      await page.getByRole('heading', { level: 1, name: 'Jsonix' }).waitFor()
      await openArticle(page, ARTICLE)
      await page.getByText('On this page').click()
      const entry = page.getByRole('navigation', { name: 'On this page' }).getByRole('link').last()
      const text = (await entry.textContent()) ?? ''
      await entry.click()
      const heading = page.locator('.content').getByRole('heading', { name: text, exact: true })
      assert.ok(await heading.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement))
      await page.getByRole('navigation', { name: 'Where this article stands' }).getByRole('link').last().click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByRole('link', { name: 'Help', exact: true }).click()
      await page.getByRole('heading', { name: 'Recently read' }).waitFor()
      await page.getByRole('link', { name: ARTICLE }).waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'collection: a long one shows more when it is asked to, and says so when it can not',
    async run({ browser, site }) {
      const { page, context, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.route('**/v1/collections?source=**', (route) =>
        route.continue({ url: `${route.request().url()}&limit=3` }),
      )
      await page.getByRole('link', { name: /Documentation tools/ }).click()
      const rows = page.locator('section .row')
      const count = async (wanted: number) => {
        await rows.nth(wanted - 1).waitFor()
        assert.equal(await rows.count(), wanted)
      }
      await count(3)
      const more = page.getByRole('button', { name: 'Show more' })
      await more.click()
      await count(6)
      await context.setOffline(true)
      await more.click()
      await page.getByText('Something went wrong.').waitFor()
      await context.setOffline(false)
      await more.click()
      await count(9)
      assert.equal(new Set(await rows.allTextContents()).size, await rows.count())
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'feedback: one tap says that an article helped, and a word more why it did not',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await openArticle(page, ARTICLE)
      const said = page.waitForResponse('**/v1/feedback')
      await page.getByRole('button', { name: 'No', exact: true }).click()
      assert.equal((await said).status(), 204)
      await page.getByRole('textbox', { name: /What was missing/ }).fill('An example.')
      const more = page.waitForResponse('**/v1/feedback')
      await page.getByRole('button', { name: 'Send' }).click()
      const sent = (await more).request().postDataJSON()
      assert.equal(sent.helpful, false)
      assert.equal(sent.comment, 'An example.')
      assert.equal(sent.query, ARTICLE)
      await page.getByText('Thank you for telling us.').waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'locale: the interface turns French, stays it, and an article has its other language',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.getByRole('button', { name: 'Français' }).click()
      await page.getByRole('heading', { name: 'Comment pouvons-nous vous aider ?' }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: 'Tous les sujets' }).waitFor()
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr')
      await openArticle(page, 'Le contrat vendanges')
      await page.locator('.translations a').click()
      await page.locator('.article[lang=en]').waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'dark: the page follows the device, and a host may say otherwise',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`, { colorScheme: 'dark' })
      const isGround = (colour: string) =>
        page.waitForFunction(
          (wanted) => {
            const scroller = document.querySelector('unsilo-help')?.shadowRoot?.querySelector('.scroller')
            return scroller instanceof Element && getComputedStyle(scroller).backgroundColor === wanted
          },
          colour,
          { timeout: 3000 },
        )
      await isGround('rgb(15, 20, 27)')
      await page.locator('unsilo-help').evaluate((element) => element.setAttribute('theme', 'light'))
      await isGround('rgb(243, 245, 248)')
      await page.locator('unsilo-help').evaluate((element) => element.removeAttribute('theme'))
      await page.emulateMedia({ colorScheme: 'light' })
      await isGround('rgb(243, 245, 248)')
      await close()
    },
  },
  {
    name: 'deep link: an address opens its article, and back leads to where one was',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await openArticle(page, ARTICLE)
      const address = page.url()
      await page.goto('about:blank')
      await page.goto(address)
      await page.getByRole('heading', { level: 1, name: ARTICLE }).waitFor()
      const scroller = page.locator('.scroller')
      const top = () => scroller.evaluate((element) => element.scrollTop)
      await page.locator('.article .neighbours a').first().scrollIntoViewIfNeeded()
      await page.waitForTimeout(100)
      const before = await top()
      assert.ok(before > 500)
      await page.locator('.neighbours a').first().click()
      await page.getByRole('heading', { level: 1, name: ARTICLE }).waitFor({ state: 'detached' })
      await page.locator('.article h1').waitFor()
      assert.equal(await top(), 0)
      await page.goBack()
      await page.getByRole('heading', { level: 1, name: ARTICLE }).waitFor()
      assert.equal(await top(), before)
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'keyboard: search, choose, read, answer and go back without a mouse',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      assert.equal(await field(page).evaluate(isFocused), true)
      await page.keyboard.type('compact naming', { delay: 20 })
      await page.locator('.results[data-query="compact naming"]').waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowUp')
      const active = (await field(page).getAttribute('aria-activedescendant')) ?? ''
      assert.equal(await page.locator(`#${active}`).getAttribute('aria-selected'), 'true')
      await page.keyboard.press('Enter')
      const heading = page.getByRole('heading', { level: 1, name: ARTICLE })
      await heading.waitFor()
      assert.equal(await heading.evaluate(isFocused), true)
      const yes = page.getByRole('button', { name: 'Yes' })
      for (let at = 0; at < 200 && !(await yes.evaluate(isFocused)); at++) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText('Thank you for telling us.').waitFor()
      await page.getByRole('button', { name: 'Back' }).focus()
      await page.keyboard.press('Enter')
      await page.locator('.results[data-query="compact naming"]').waitFor()
      await field(page).focus()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'keyboard: what is cleared as soon as its results are back stays cleared',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await field(page).fill('compact naming')
      await page.locator('.results[data-query="compact naming"]').getByRole('option').first().click()
      await page.getByRole('heading', { level: 1, name: ARTICLE }).waitFor()
      await page.evaluate(escapeWithResults)
      await page.getByRole('button', { name: 'Back' }).click()
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
]

/** Before they are painted: sooner than any hand. */
function escapeWithResults(): void {
  const root = document.querySelector('unsilo-help')?.shadowRoot
  if (!root) throw new Error('there is no Help space')
  new MutationObserver((_, observer) => {
    if (root.querySelector('.results') === null) return
    observer.disconnect()
    const pressed = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
    root.querySelector('[role=combobox]')?.dispatchEvent(pressed)
  }).observe(root, { childList: true, subtree: true })
}

function isFocused(element: Element): boolean {
  return (element.getRootNode() as ShadowRoot).activeElement === element
}
