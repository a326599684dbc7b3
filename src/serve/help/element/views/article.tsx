/** One article, to be read. */
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Article, Heading, Neighbour } from '../answers.ts'
import { showAnchor, useArrival } from '../arrival.ts'
import { articleKey } from '../client.ts'
import { contentOf } from '../content.ts'
import { useLoaded } from '../loading.ts'
import { decoded } from '../routes.ts'
import { isOwn, knownId, useSpace } from '../space.ts'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { FeedbackCard } from './feedback.tsx'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'
import { Failed, HandOver, KeptNote, Waiting } from './states.tsx'

export function ArticleView({ id, anchor }: { readonly id: string; readonly anchor?: string }) {
  const { client, recents, query } = useSpace()
  const loading = useLoaded(articleKey(id), (signal) => client.article(id, signal))
  const heading = useRef<HTMLHeadingElement>(null)
  const article = loading.status === 'ready' ? loading.value : null
  useEffect(() => {
    if (article !== null) recents.add(article)
    else if (loading.status === 'failed' && loading.kind === 'missing') recents.remove(id)
  }, [article, loading.status])
  if (loading.status === 'loading') return <Waiting />
  if (loading.status === 'failed') return <NoArticle {...loading} />
  return (
    <article class="article" lang={loading.value.locale}>
      <Head article={loading.value} isKept={loading.isKept} heading={heading} />
      <Contents outline={loading.value.outline} id={id} />
      <Content article={loading.value} heading={heading} {...(anchor !== undefined && { anchor })} />
      <Foot article={loading.value} query={query} />
    </article>
  )
}

function NoArticle({ kind, retry }: { readonly kind: Parameters<typeof Failed>[0]['kind']; retry(): void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useArrival(true, heading)
  return <Failed kind={kind} retry={retry} heading={heading} />
}

interface HeadProps {
  readonly article: Article
  readonly isKept: boolean
  readonly heading: RefObject<HTMLHeadingElement | null>
}

function Head({ article, isKept, heading }: HeadProps) {
  const { words, locale } = useSpace()
  const { title, source, path, updated_at, translations, id } = article
  const others = translations.filter((translation) => translation.id !== id)
  return (
    <header class="article-head">
      <div lang={locale}>
        <Breadcrumbs source={source} path={path} />
        {isKept && <KeptNote />}
      </div>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p class="about" lang={locale}>
        {words.updated(new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(updated_at)))}
      </p>
      {others.length > 0 && (
        <p class="translations">
          <Icon name="globe" />
          <span class="unseen" lang={locale}>{`${words.otherLanguages}: `}</span>
          {others.map((other) => (
            <Link key={other.id} to={{ view: 'article', id: other.id }} lang={other.locale}>
              {other.title}
            </Link>
          ))}
        </p>
      )}
    </header>
  )
}

const FEWEST = 3
const DEEPEST = 3

function Contents({ outline, id }: { readonly outline: readonly Heading[]; readonly id: string }) {
  const { words, locale } = useSpace()
  const shown = outline.filter(({ level }) => level <= DEEPEST)
  const least = Math.min(...shown.map(({ level }) => level))
  if (shown.length < FEWEST) return null
  return (
    <details class="contents">
      <summary lang={locale}>{words.contents}</summary>
      <nav aria-label={words.contents}>
        <ol>
          {shown.map(({ id: anchor, text, level }) => (
            <li key={anchor} class={`level-${level - least}`}>
              <Link to={{ view: 'article', id, anchor }}>{text}</Link>
            </li>
          ))}
        </ol>
      </nav>
    </details>
  )
}

interface ContentProps {
  readonly article: Article
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly anchor?: string
}

function Content({ article: { id, html }, heading, anchor }: ContentProps) {
  const { router, known, words } = useSpace()
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => place.current?.replaceChildren(contentOf(html, words.table)), [html, words])
  useArrival(true, heading, anchor)

  function follow(event: MouseEvent): void {
    const link = (event.target as Element).closest('a')
    const address = link?.getAttribute('href') ?? ''
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    const target = address.startsWith('#') ? id : knownId(known, address)
    if (target === null) return
    event.preventDefault()
    const fragment = address.includes('#') && !isOwn(address) ? address.slice(address.indexOf('#') + 1) : ''
    const at = decoded(fragment) ?? ''
    if (target === id && at !== '') showAnchor(link.getRootNode() as ShadowRoot, at)
    router.go({ view: 'article', id: target, ...(at !== '' && { anchor: at }) })
  }

  // biome-ignore lint/a11y/noStaticElementInteractions: it is asked what its links lead to; they have the keys
  // biome-ignore lint/a11y/useKeyWithClickEvents: a link that is followed by key is clicked
  return <div class="content" ref={place} onClick={follow} />
}

function Foot({ article, query }: { readonly article: Article; readonly query: string }) {
  const { words, locale } = useSpace()
  const { id, url, previous, next } = article
  return (
    <footer class="article-foot" lang={locale}>
      {article.truncated && <p class="about">{words.cut}</p>}
      {/^https?:/.test(url) && !isOwn(url) && (
        <p>
          <a href={url} target="_blank" rel="noopener noreferrer">
            {words.original}
          </a>
        </p>
      )}
      <FeedbackCard id={id} />
      {(previous !== null || next !== null) && (
        <nav class="neighbours" aria-label={words.neighbours}>
          <Beside label={words.previous} to={previous} />
          <Beside label={words.next} to={next} />
        </nav>
      )}
      <HandOver query={query} />
    </footer>
  )
}

function Beside({ label, to }: { readonly label: string; readonly to: Neighbour | null }) {
  if (to === null) return <span />
  return (
    <Link to={{ view: 'article', id: to.id }}>
      <span class="about">{label}</span>
      <span class="title">{to.title}</span>
    </Link>
  )
}
