/** What stays on a reader's device, and what does not. */
import assert from 'node:assert/strict'
import type { Check } from '../checks.ts'
import { ARTICLE, field, openArticle, openPage, until } from '../opened.ts'
import { tokenOf } from '../site.ts'

export const keeping: readonly Check[] = [
  {
    name: 'offline: the page opens and what was read is readable; what was not is told as that',
    async run({ browser, site }) {
      const { page, context, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await openArticle(page, ARTICLE)
      await until(page, async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated')
      await context.setOffline(true)
      await page.reload()
      await page.getByRole('heading', { level: 1, name: ARTICLE }).waitFor()
      await page.getByText('This is the copy that you read before').waitFor()
      await field(page).fill('anything')
      await page.getByRole('heading', { name: 'You are offline' }).waitFor()
      await page.getByRole('link', { name: ARTICLE }).waitFor()
      await context.setOffline(false)
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.locator('.results[data-query="anything"]').waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'identity: what was kept of a reader is gone with their token, and no token stands anywhere',
    async run({ browser, site }) {
      const { page, context, wrongs, close } = await openPage(browser, `${site.url}/help`)
      const token = await tokenOf('ada', { role: 'agent' })
      const become = (value: string | null) =>
        page.locator('unsilo-help').evaluate((element, given) => {
          Object.assign(element, { token: given })
        }, value)
      await become(token)
      await openArticle(page, 'Six-digit codes are refused')
      const kept = await page.evaluate(async () => {
        const names = await caches.keys()
        return JSON.stringify([names, { ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
      })
      assert.match(kept, /Six-digit codes/)
      assert.ok(!kept.includes(token) && !kept.includes(token.split('.')[2] ?? ''))
      await become(null)
      await page.getByRole('alert').waitFor()
      await until(page, async () => {
        const names = (await caches.keys()).filter(
          (name) => name.startsWith('unsilo-help http') || name.startsWith('unsilo-help  '),
        )
        const held = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length))
        return held.every((count) => count === 0)
      })
      assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes('Six-digit')), false)
      await context.setOffline(true)
      await page.reload()
      await page.getByRole('heading', { name: 'You are offline' }).waitFor()
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'token: one that has ended is asked for anew, once, and the article is shown',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`)
      const [ended, good] = [await tokenOf('ada', { exp: 1_700_000_000 }), await tokenOf('ada')]
      await page.locator('unsilo-help').evaluate(
        (element, tokens) => {
          let asked = 0
          Object.assign(element, {
            ontokenexpired: async () => {
              element.setAttribute('data-asked', String(++asked))
              return tokens.good
            },
          })
          Object.assign(element, { token: tokens.ended })
        },
        { ended, good },
      )
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      await openArticle(page, ARTICLE)
      assert.equal(await page.locator('unsilo-help').getAttribute('data-asked'), '1')
      await close()
    },
  },
]
