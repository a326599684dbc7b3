/** Ways in which the listings of a source lie while its server answers 200, or forgets where a listing had come to. */

/** Where a source lists its documents, and under which name the answer holds them. */
export interface Listing {
  /** Of `METHOD path`. */
  readonly request: RegExp
  readonly items: string
}

/** By the name of a tortured source. */
export const LISTINGS: Readonly<Record<string, readonly Listing[]>> = {
  cloud: [{ request: /^GET .*\/spaces\/\d+\/(pages|blogposts)$/, items: 'results' }],
  'data-center': [{ request: /^GET .*\/rest\/api\/content(\/scan)?$/, items: 'results' }],
  docs: [
    { request: /^GET .*\/files$/, items: 'files' },
    { request: /^GET .*\/changes$/, items: 'changes' },
  ],
  'intercom-help': [{ request: /^GET .*\/articles$/, items: 'data' }],
  'zendesk-help': [{ request: /^GET .*\/help_center\/articles\.json$/, items: 'articles' }],
  'intercom-tickets': [
    { request: /^POST .*\/tickets\/search$/, items: 'tickets' },
    { request: /^POST .*\/conversations\/search$/, items: 'conversations' },
  ],
  'zendesk-tickets': [{ request: /^GET .*\/incremental\/tickets\/cursor\.json$/, items: 'tickets' }],
}

/** An answer as it came, and what it is to be. */
type Lie = (answer: Answer, items: string) => Answer
type Answer = Readonly<Record<string, unknown>>

const onItems =
  (change: (items: readonly unknown[]) => readonly unknown[]): Lie =>
  (answer, name) => ({ ...answer, [name]: change(listOf(answer[name])) })

export const LIES = {
  empty: onItems(() => []),
  half: onItems((items) => items.filter((_, at) => at % 2 === 0)),
  duplicates: onItems((items) => [...items, ...items]),
  'ends early': (answer, name) => withoutNext({ ...answer, [name]: listOf(answer[name]) }),
  'counts more': (answer) => counting(answer, (count) => count + 5),
  'counts none': (answer) => counting(answer, () => 0),
} as const satisfies Readonly<Record<string, Lie>>

/** These two are about several answers together. */
export const LIAR_NAMES = [...Object.keys(LIES), 'loops', 'expired'] as const

/** So many answers of one listing, and it will never end. */
const MOST_ANSWERS = 1_000

export interface Liar {
  readonly fetch: typeof fetch
  /** Answers that were not what the source had said. */
  lies(): number
  /** A listing was read on and on. */
  isEndless(): boolean
}

export function createLiar(source: string, lie: string): Liar {
  const listings = LISTINGS[source] ?? []
  const firsts = new Map<string, string>()
  const asked = new Map<string, number>()
  let lies = 0

  function spoilt(listing: Listing, path: string, text: string): Response | null {
    const nth = (asked.get(path) ?? 0) + 1
    asked.set(path, nth)
    if (nth > MOST_ANSWERS) return json({ error: 'enough' }, 400)
    const first = firsts.get(path) ?? text
    firsts.set(path, first)
    if (lie === 'expired')
      return nth === 1 ? null : json({ error: { code: 410, message: 'The cursor has expired.' } }, 410)
    if (lie === 'loops') return nth === 1 ? null : json(JSON.parse(first))
    const change = (LIES as Readonly<Record<string, Lie>>)[lie]
    return change === undefined ? null : json(change(JSON.parse(text), listing.items))
  }

  return {
    lies: () => lies,
    isEndless: () => [...asked.values()].some((count) => count > MOST_ANSWERS),
    async fetch(input, init) {
      const response = await fetch(input, init)
      const { pathname } = new URL(String(input))
      const listing = listings.find(({ request }) => request.test(`${init?.method ?? 'GET'} ${pathname}`))
      if (listing === undefined || !response.ok) return response
      const text = await response.text()
      const lied = spoilt(listing, pathname, text)
      const told = lied ?? new Response(text, response)
      if (lied !== null && (await lied.clone().text()) !== JSON.stringify(JSON.parse(text))) lies++
      return told
    },
  }
}

function json(answer: unknown, status = 200): Response {
  return new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** As every vendor says that this was the last page. */
function withoutNext(answer: Answer): Answer {
  const { nextPageToken: _token, ...rest } = answer
  const links = recordOf(rest['_links'])
  const pages = recordOf(rest['pages'])
  const meta = recordOf(rest['meta'])
  return {
    ...rest,
    ...(links && { _links: without(links, 'next') }),
    ...(pages && { pages: { ...without(pages, 'next'), total_pages: pages['page'] } }),
    ...(meta && { meta: { ...meta, has_more: false } }),
    ...('end_of_stream' in rest && { end_of_stream: true }),
  }
}

/** Where a vendor counts at all. */
function counting(answer: Answer, change: (count: number) => number): Answer {
  const counts = Object.entries(answer).filter(([name, value]) => /count$/.test(name) && typeof value === 'number')
  return { ...answer, ...Object.fromEntries(counts.map(([name, value]) => [name, change(Number(value))])) }
}

function recordOf(value: unknown): Answer | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : null
}

function without(record: Answer, name: string): Answer {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))
}
