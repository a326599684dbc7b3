/**
 * `<unsilo-help base="https://help.example.com">`: the Help space in any page or WebView, in a shadow tree of its own.
 *
 * Attributes: `base`, `locale` (`en`, `fr`), `theme` (`light`, `dark`), `heading`, `logo`, `header`, `primary`, `radius`,
 * `suggest`, `identified` (a token will come: nothing is asked before), `routing` (`fragment`: addresses behind `#`),
 * `handover` (`none`: nobody listens for it).
 * Properties: `token`, `ontokenexpired`. Events: `unsilo-help:handover`, `unsilo-help:locale`.
 */
import { h, render } from 'preact'
import { App, type Look } from './app.tsx'
import { type Client, createClient } from './client.ts'
import { type Reader, readerOf } from './identity.ts'
import { forgetOthers, keptFor } from './kept.ts'
import { type Recents, recentsOf } from './recents.ts'
import { fragmentRouter, memoryRouter, type Router } from './router.ts'
import { HOME } from './routes.ts'
import type { Places } from './space.ts'
import { store, stored } from './storage.ts'
import { sheets } from './styles/sheets.ts'
import { type Locale, localeOf } from './words.ts'

const OBSERVED = ['base', 'locale', 'theme', 'heading', 'logo', 'header', 'primary', 'radius', 'suggest', 'identified']
const LOCALE = 'unsilo-help locale'

/** What is one reader's alone. */
interface Session {
  readonly reader: Reader
  readonly client: Client
  readonly recents: Recents
  readonly known: Map<string, string>
}

export class UnsiloHelp extends HTMLElement {
  static readonly observedAttributes = OBSERVED
  /** Asked for another token when the server refuses the one there is. Null: the reader has signed out. */
  ontokenexpired: (() => string | null | Promise<string | null>) | null = null
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #places: Places = { scrolls: new Map(), shown: null }
  readonly #draw = (): void => this.#render()
  #router: Router | null = null
  #token: string | null = null
  #session: Session | null = null
  #starts = 0
  /** Several requests may be refused at once; the host is asked once. */
  #renewing: Promise<string | null> | null = null

  /** Of the reader; null for nobody in particular. It is kept in this property alone. */
  get token(): string | null {
    return this.#token
  }

  set token(token: string | null) {
    const before = this.#token
    this.#token = token === '' ? null : (token ?? null)
    if (this.#token !== before || this.#session === null) void this.#start()
  }

  connectedCallback(): void {
    upgrade(this, 'token')
    this.#root.adoptedStyleSheets = sheets()
    this.#router ??= this.getAttribute('routing') === 'fragment' ? fragmentRouter(HOME) : memoryRouter(HOME)
    this.#dark.addEventListener('change', this.#draw)
    if (this.#session === null && !this.hasAttribute('identified')) void this.#start()
    else this.#render()
  }

  disconnectedCallback(): void {
    this.#dark.removeEventListener('change', this.#draw)
    render(null, this.#root)
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return
    if (name === 'base') void this.#start()
    else if (name === 'identified' && now === null && this.#session === null) void this.#start()
    else this.#render()
  }

  /** The language that it speaks. */
  spoken(): Locale {
    return this.#locale()
  }

  /** Opens an article, as a messenger's `showArticle` does. */
  openArticle(id: string): void {
    this.#router?.go({ view: 'article', id })
  }

  openSearch(query: string): void {
    this.#router?.go({ view: 'search', query })
  }

  /** For the reader of the token: what another one left here goes first, also while no page shows the element. */
  async #start(): Promise<void> {
    if (this.#router === null) return
    const start = ++this.#starts
    const reader = await readerOf(this.#token, Date.now())
    if (start !== this.#starts) return
    if (this.#session?.reader.key === reader.key && this.#session.client.base === this.#base()) {
      this.#session.reader.until = reader.until
      return
    }
    this.#session = this.#sessionOf(reader)
    this.#places.scrolls.clear()
    this.#render()
  }

  #sessionOf(reader: Reader): Session {
    const base = this.#base()
    const kept = keptFor(base, reader, Date.now)
    const recents = recentsOf(`unsilo-help ${base}`, reader, Date.now)
    const client = createClient({
      ...{ base, kept, token: () => this.#token },
      renew: () => {
        this.#renewing ??= this.#renew(reader).finally(() => {
          this.#renewing = null
        })
        return this.#renewing
      },
      refused: () => {
        recents.clear()
        void forgetOthers(base, null)
      },
    })
    return { reader, client, recents, known: new Map() }
  }

  /** A token for somebody else begins anew, and the request that asked for it is not sent in their name. */
  async #renew(reader: Reader): Promise<string | null> {
    const token = (await this.ontokenexpired?.()) ?? null
    if (token === null || token === this.#token) return null
    const isSame = (await readerOf(token, Date.now())).key === reader.key
    this.token = token
    return isSame ? token : null
  }

  #base(): string {
    return (this.getAttribute('base') ?? '').replace(/\/+$/, '')
  }

  #render(): void {
    if (this.#router === null || this.#session === null || !this.isConnected) return
    const { client, recents, known, reader } = this.#session
    const props = {
      ...{ client, recents, known, router: this.#router, places: this.#places },
      ...{ locale: this.#locale(), theme: this.#theme(), look: this.#look(), suggest: this.getAttribute('suggest') },
      canHandOver: this.getAttribute('handover') !== 'none',
      handOver: (query: string) => this.#tell('handover', { query }),
      speak: (locale: Locale) => this.#speak(locale),
    }
    render(h(App, { key: `${reader.key} ${client.base}`, ...props }), this.#root)
  }

  #locale(): Locale {
    const chosen = stored(LOCALE)
    return localeOf([typeof chosen === 'string' ? chosen : null, this.getAttribute('locale'), ...navigator.languages])
  }

  #speak(locale: Locale): void {
    store(LOCALE, locale)
    this.setAttribute('locale', locale)
    this.#render()
    this.#tell('locale', { locale })
  }

  #theme(): 'light' | 'dark' {
    const told = this.getAttribute('theme')
    if (told === 'light' || told === 'dark') return told
    return this.#dark.matches ? 'dark' : 'light'
  }

  #look(): Look {
    const radius = Number.parseFloat(this.getAttribute('radius') ?? '')
    return {
      name: this.getAttribute('heading'),
      logo: this.getAttribute('logo'),
      header: this.getAttribute('header') ?? undefined,
      primary: this.getAttribute('primary') ?? undefined,
      radius: Number.isNaN(radius) ? undefined : radius,
    }
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(
      new CustomEvent(`unsilo-help:${name}`, { detail, bubbles: true, composed: true, cancelable: true }),
    )
  }
}

/** What was set before the element was known to the browser stands in the way of its accessors. */
function upgrade(element: UnsiloHelp, name: 'token'): void {
  if (!Object.hasOwn(element, name)) return
  const value = element[name]
  delete (element as Partial<UnsiloHelp>)[name]
  element[name] = value
}

if (customElements.get('unsilo-help') === undefined) customElements.define('unsilo-help', UnsiloHelp)
