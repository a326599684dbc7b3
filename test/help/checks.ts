/** What readers of the Help space do, in a real browser against the real program. Each throws where it can't be done. */
import assert from 'node:assert/strict'
import { field, openArticle, openPage, searchFor } from './opened.ts'
import { tokenOf } from './site.ts'
import type { Stage } from './stage.ts'

export interface Check {
  readonly name: string
  run(stage: Stage): Promise<void>
}

const LONG = 'Compact Naming'

/** The server's own sanitiser has its own tests; this is what comes when it fails. */
const HOSTILE = [
  '<script>globalThis.hit = 1</script>',
  '<img src=x onerror="globalThis.hit = 1">',
  '<svg onload="globalThis.hit = 1"><script>globalThis.hit = 1</script></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.hit=1&gt;">',
  '<a href="javascript:globalThis.hit = 1">x</a>',
  '<a href=" &#1; java&#10;script:globalThis.hit = 1">x</a>',
  '<a href="data:text/html,<script>1</script>">x</a>',
  '<iframe srcdoc="<script>parent.hit = 1</script>"></iframe>',
  '<form action="https://evil.example"><input name=q autofocus onfocus="globalThis.hit = 1"><button>Go</button></form>',
  '<p style="position:fixed;inset:0" onclick="globalThis.hit = 1">over all</p>',
  '<style>* { display: none }</style><link rel=stylesheet href="https://evil.example/x.css">',
  '<template><script>globalThis.hit = 1</script></template><base href="https://evil.example/">',
  '<details open ontoggle="globalThis.hit = 1"><summary>x</summary></details>',
  '<noscript><p title="</noscript><img src=x onerror=globalThis.hit=1>"></noscript>',
  `${'<div>'.repeat(400)}deep${'</div>'.repeat(400)}`,
]

export const checks: readonly Check[] = [
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
      await openArticle(page, LONG)
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
      await page.getByRole('link', { name: LONG }).waitFor()
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
      await openArticle(page, LONG)
      const said = page.waitForResponse('**/v1/feedback')
      await page.getByRole('button', { name: 'No', exact: true }).click()
      assert.equal((await said).status(), 204)
      await page.getByRole('textbox', { name: /What was missing/ }).fill('An example.')
      const more = page.waitForResponse('**/v1/feedback')
      await page.getByRole('button', { name: 'Send' }).click()
      const sent = (await more).request().postDataJSON()
      assert.equal(sent.helpful, false)
      assert.equal(sent.comment, 'An example.')
      assert.equal(sent.query, LONG)
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
      await openArticle(page, LONG)
      const address = page.url()
      await page.goto('about:blank')
      await page.goto(address)
      await page.getByRole('heading', { level: 1, name: LONG }).waitFor()
      const scroller = page.locator('.scroller')
      const top = () => scroller.evaluate((element) => element.scrollTop)
      await page.locator('.article .neighbours a').first().scrollIntoViewIfNeeded()
      await page.waitForTimeout(100)
      const before = await top()
      assert.ok(before > 500)
      await page.locator('.neighbours a').first().click()
      await page.getByRole('heading', { level: 1, name: LONG }).waitFor({ state: 'detached' })
      await page.locator('.article h1').waitFor()
      assert.equal(await top(), 0)
      await page.goBack()
      await page.getByRole('heading', { level: 1, name: LONG }).waitFor()
      assert.equal(await top(), before)
      assert.deepEqual(wrongs, [])
      await close()
    },
  },
  {
    name: 'offline: the page opens and what was read is readable; what was not is told as that',
    async run({ browser, site }) {
      const { page, context, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await openArticle(page, LONG)
      await page.waitForFunction(
        async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated',
      )
      await context.setOffline(true)
      await page.reload()
      await page.getByRole('heading', { level: 1, name: LONG }).waitFor()
      await page.getByText('This is the copy that you read before').waitFor()
      await field(page).fill('anything')
      await page.getByRole('heading', { name: 'You are offline' }).waitFor()
      await page.getByRole('link', { name: LONG }).waitFor()
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
      await page.waitForFunction(async () => {
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
      await openArticle(page, LONG)
      assert.equal(await page.locator('unsilo-help').getAttribute('data-asked'), '1')
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
      const heading = page.getByRole('heading', { level: 1, name: LONG })
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
    name: 'handover: who finds nothing is handed to the messenger with their words',
    async run({ browser, site }) {
      const { page, close } = await openPage(browser, `${site.url}/help`)
      await page.evaluate(() => {
        const told: unknown[] = []
        Object.assign(globalThis, { told, Intercom: (...given: unknown[]) => told.push(given) })
        addEventListener('unsilo-help:handover', (event) => told.push((event as CustomEvent).detail))
      })
      await searchFor(page, 'qqqzzzxyj')
      await page.getByRole('button', { name: 'Ask the team' }).click()
      const told = await page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told)
      assert.deepEqual(told, [['showNewMessage', 'qqqzzzxyj'], { query: 'qqqzzzxyj' }])
      await close()
    },
  },
  {
    name: 'hostile: an article of a server that was deceived runs nothing and shows nothing that is not allowed',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.route('**/v1/documents/**', async (route) => {
        const answer = await (await route.fetch()).json()
        await route.fulfill({ json: { ...answer, html: HOSTILE.join('\n<p>between</p>\n') } })
      })
      await openArticle(page, LONG)
      await page.locator('.content p').first().waitFor()
      const found = await page.locator('.content').evaluate((content) =>
        [...content.querySelectorAll('*')].flatMap((element) => {
          const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`)
          const isBad = /^(script|iframe|object|embed|svg|math|img|form|input|style|link|meta|base|template)$/.test(
            element.localName,
          )
          return [
            ...attributes.filter((text) =>
              /^(on|style|src|srcdoc|action)|^href=\s*(javascript|data|vbscript)/i.test(text),
            ),
            ...(isBad ? [element.localName] : []),
          ]
        }),
      )
      assert.deepEqual(found, [])
      assert.equal(await page.evaluate(() => 'hit' in globalThis), false)
      // What the parser refuses in a document that belongs to no window is told as well: it stands nowhere.
      assert.deepEqual(
        wrongs.filter((wrong) => !/^policy: (style-src|base-uri)/.test(wrong)),
        [],
      )
      await close()
    },
  },
  {
    name: 'embedded: the element works in a strict page of another origin and leaves its address alone',
    async run({ browser, host }) {
      const context = await browser.newContext({ locale: 'fr' })
      const page = await context.newPage()
      const wrongs: string[] = []
      page.on('console', (message) => message.type() === 'error' && wrongs.push(message.text()))
      await page.goto(`${host.url}/#own`)
      await page.getByRole('heading', { name: 'Tous les sujets' }).waitFor()
      await openArticle(page, 'Le contrat vendanges')
      assert.equal(new URL(page.url()).hash, '#own')
      await page.getByRole('button', { name: 'Retour' }).click()
      await page.locator('.results').waitFor()
      assert.deepEqual(wrongs, [])
      await context.close()
    },
  },
]

function isFocused(element: Element): boolean {
  return (element.getRootNode() as ShadowRoot).activeElement === element
}
