/** Where the Help space meets others: a messenger, somebody else's page, a server that was deceived. */
import assert from 'node:assert/strict'
import type { Check } from '../checks.ts'
import { ARTICLE, openArticle, openPage, searchFor, until } from '../opened.ts'

/** The server's own sanitiser has its own tests; this is what comes when it fails. */
const HOSTILE = [
  '<script>globalThis.hit = 1</script>',
  '<img src=x onerror="globalThis.hit = 1">',
  '<svg onload="globalThis.hit = 1"><script>globalThis.hit = 1</script></svg>',
  '<a href="javascript:globalThis.hit = 1">x</a>',
  '<a href=" &#1; java&#10;script:globalThis.hit = 1">x</a>',
  '<a href="data:text/html,<script>1</script>">x</a>',
  '<iframe srcdoc="<script>parent.hit = 1</script>"></iframe>',
  '<form action="https://evil.example"><input name=q autofocus onfocus="globalThis.hit = 1"><button>Go</button></form>',
  '<p style="position:fixed;inset:0" onclick="globalThis.hit = 1">over all</p>',
  '<style>* { display: none }</style><link rel=stylesheet href="https://evil.example/x.css">',
  '<details open ontoggle="globalThis.hit = 1"><summary>x</summary></details>',
  `${'<div>'.repeat(400)}deep${'</div>'.repeat(400)}`,
  // These swallow what follows.
  '<template><script>globalThis.hit = 1</script></template><base href="https://evil.example/">',
  '<noscript><p title="</noscript><img src=x onerror=globalThis.hit=1>"></noscript>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.hit=1&gt;">',
]

export const borders: readonly Check[] = [
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
      await openArticle(page, ARTICLE)
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
      const text = (await page.locator('.content').textContent()) ?? ''
      assert.ok(text.includes('over all') && text.includes('deep'))
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
    name: 'read: a link into a page that is not encoded as addresses are is followed as far as it leads',
    async run({ browser, site }) {
      const { page, wrongs, close } = await openPage(browser, `${site.url}/help`)
      await page.route('**/v1/documents/**', async (route) => {
        const answer = await (await route.fetch()).json()
        await route.fulfill({ json: { ...answer, html: '<p><a href="#100%">All of it</a></p>' } })
      })
      await openArticle(page, ARTICLE)
      const before = await page.evaluate(() => history.length)
      await page.getByRole('link', { name: 'All of it' }).click()
      await until(page, async () => /^#\/article\/[^?]+$/.test(location.hash))
      assert.equal(await page.evaluate(() => history.length), before + 1)
      assert.deepEqual(wrongs, [])
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
