/** What stays on a reader's device, and what does not. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Check } from '../checks.ts'
import { ARTICLE, field, openArticle, openPage, until } from '../opened.ts'
import { tokenOf } from '../site.ts'

/** For staff alone. */
const STAFF = 'Six-digit codes are refused'

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
      await become(page, token)
      await openArticle(page, STAFF)
      const kept = await page.evaluate(async () => {
        const names = await caches.keys()
        return JSON.stringify([names, { ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
      })
      assert.match(kept, /Six-digit codes/)
      assert.ok(!kept.includes(token) && !kept.includes(token.split('.')[2] ?? ''))
      await become(page, null)
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
    name: 'identity: who signs out while no page shows the element leaves nothing in it',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`)
      await become(page, await tokenOf('ada', { role: 'agent' }))
      await openArticle(page, STAFF)
      const shown = await page.locator('unsilo-help').evaluate(async (element, title) => {
        const parent = element.parentElement
        element.remove()
        Object.assign(element, { token: null })
        for (let tries = 0; tries < 100 && JSON.stringify({ ...localStorage }).includes(title); tries++)
          await new Promise((done) => setTimeout(done, 20))
        parent?.append(element)
        return element.shadowRoot?.textContent ?? ''
      }, STAFF)
      assert.ok(!shown.includes(STAFF), shown)
      await page.getByRole('alert').waitFor()
      await close()
    },
  },
  {
    name: 'identity: a token that is refused takes what was read along, from the page as from the device',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`)
      await become(page, await tokenOf('ada', { role: 'agent' }))
      await openArticle(page, STAFF)
      const { hash } = new URL(page.url())
      await page.route('**/v1/**', (route) => route.fulfill({ status: 401 }))
      await openFragment(page, '#/collection?source=none')
      await page.getByRole('alert').waitFor()
      await page.unroute('**/v1/**')
      await page.route('**/v1/documents/**', () => undefined)
      await openFragment(page, hash)
      await page.locator('.waiting, .article').waitFor()
      assert.equal(await page.locator('.article').count(), 0)
      await close()
    },
  },
  {
    name: 'identity: what is read with a renewed token stays as long as that one is good',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`)
      const soon = Math.floor(Date.now() / 1000) + 600
      await become(page, await tokenOf('ada', { exp: soon }))
      await page.getByRole('heading', { name: 'All topics' }).waitFor()
      await become(page, await tokenOf('ada', { exp: soon + 3000 }))
      await openArticle(page, ARTICLE)
      const keptUntil = async () => {
        for (const name of await caches.keys()) {
          const cache = await caches.open(name)
          const kept = (await cache.keys()).find(({ url }) => url.includes('/v1/documents/'))
          if (kept !== undefined) return (await cache.match(kept))?.headers.get('x-kept-until') ?? null
        }
        return null
      }
      await until(page, async () => {
        const names = (await caches.keys()).filter((key) => /^unsilo-help (http| )/.test(key))
        const held = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
        return held.flat().some(({ url }) => url.includes('/v1/documents/'))
      })
      assert.equal(await page.evaluate(keptUntil), String((soon + 3000) * 1000))
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

async function become(page: Page, token: string | null): Promise<void> {
  await page.locator('unsilo-help').evaluate((element, given) => {
    Object.assign(element, { token: given })
  }, token)
}

async function openFragment(page: Page, fragment: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, fragment)
}
