/**
 * A real browser that is shown what was written, and notes what it did of it: scripts that ran, dialogs, requests to
 * anybody else, breaches of the page's policy, and elements and attributes that could run something.
 */
import type { Browser, Page } from 'playwright-core'
import type { Served } from './served.ts'
import { SOURCE } from './served.ts'
import { HOOK, type Vector } from './vectors.ts'

const BARE = 'http://bare.invalid/'
/** Milliseconds for what loads, fails or begins later. */
const LATER = 1500
const AT_ONCE = 200

export interface Shown {
  readonly shown: number
  /** By the vector's number where it is known: what happened. */
  readonly wrongs: readonly string[]
}

/** The HTML by itself, in a page that forbids nothing: what the server lets through must be harmless alone. */
export async function showBare(
  browser: Browser,
  html: readonly (readonly [at: number, html: string])[],
): Promise<Shown> {
  const page = await browser.newPage()
  const wrongs: string[] = []
  await watch(page, wrongs)
  await page.route('**/*', (route) =>
    route.request().url() === BARE
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bare</title>' })
      : route.abort(),
  )
  await page.goto(BARE)
  for (let from = 0; from < html.length; from += AT_ONCE) {
    const some = JSON.stringify(html.slice(from, from + AT_ONCE))
    wrongs.push(...(await page.evaluate<string[]>(`(${INSERT})(${some})`)))
  }
  await page.waitForTimeout(LATER)
  await page.close()
  return { shown: html.length, wrongs }
}

/** The article view of the Help space, one document after the other, as a reader would. */
export async function showArticles(browser: Browser, served: Served, vectors: readonly Vector[]): Promise<Shown> {
  const page = await browser.newPage()
  const wrongs: string[] = []
  await watch(page, wrongs)
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (/^http/.test(protocol) && origin !== served.url) wrongs.push(`asked ${request.url()}`)
  })
  await page.goto(`${served.url}/help`)
  const missing: string[] = []
  for (let from = 0; from < vectors.length; from += AT_ONCE) {
    const ids = vectors.slice(from, from + AT_ONCE).map((_, at) => `${SOURCE}:${from + at}`)
    missing.push(...(await page.evaluate<string[]>(`(${VISIT})(${JSON.stringify(ids)})`)))
  }
  await page.waitForTimeout(LATER)
  await page.close()
  wrongs.push(...missing)
  return { shown: vectors.length, wrongs }
}

async function watch(page: Page, wrongs: string[]): Promise<void> {
  await page.exposeBinding('unsiloTold', (_, told: string) => void wrongs.push(told))
  await page.addInitScript(`
    globalThis.${HOOK} = (at) => unsiloTold('ran: ' + at)
    for (const name of ['alert', 'confirm', 'prompt', 'print']) globalThis[name] = () => unsiloTold('ran: ' + name)
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      unsiloTold('policy: ' + violatedDirective + ' ' + blockedURI + ' ' + sample))
  `)
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
}

/** In the page: what could run something, below a node. */
const RISKS = `(root) => [...root.querySelectorAll('*')].flatMap((element) => {
  const isRisky = 'script iframe frame object embed svg math form input button select textarea style link meta base template dialog video audio'
    .split(' ').includes(element.localName)
  const attributes = [...element.attributes].filter(({ name, value }) => {
    if (/^on|^style$|^srcdoc$|^formaction$|^background$/i.test(name)) return true
    if (!/^(?:href|src|action|data|poster|xlink:href)$/i.test(name)) return false
    const url = URL.parse(value, 'https://example.com/')
    return url !== null && !/^(?:https?|mailto|tel):$/.test(url.protocol)
  })
  return [...(isRisky ? [element.localName] : []), ...attributes.map(({ name, value }) => element.localName + ' ' + name + '=' + value)]
})`

const INSERT = `(all) => all.flatMap(([at, html]) => {
  const host = document.createElement('div')
  document.body.append(host)
  host.innerHTML = html
  return (${RISKS})(host).map((risk) => 'risk: ' + at + ' ' + risk)
})`

/** Waits until each article is there before it goes on. */
const VISIT = `async (ids) => {
  const root = document.querySelector('unsilo-help').shadowRoot
  const wrongs = []
  for (const id of ids) {
    const before = root.querySelector('article.article .content')
    location.hash = '#/article/' + encodeURIComponent(id)
    const until = performance.now() + 20000
    let content = null
    while (performance.now() < until) {
      await new Promise((done) => setTimeout(done, 2))
      content = root.querySelector('article.article .content')
      if (content !== null && content !== before) break
    }
    if (content === null || content === before) wrongs.push('not shown: ' + id)
    else wrongs.push(...(${RISKS})(content).map((risk) => 'risk in the view: ' + id + ' ' + risk))
  }
  return wrongs
}`
