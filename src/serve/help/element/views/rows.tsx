/** Lists of collections and of articles. */
import type { Collection, Neighbour } from '../answers.ts'
import { useSpace } from '../space.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

export function CollectionRows({ collections }: { readonly collections: readonly Collection[] }) {
  const { words } = useSpace()
  return (
    <ul class="rows">
      {collections.map(({ source, path, title, documents }) => (
        <li key={`${source} ${path.join(' > ')}`}>
          <Link class="row" to={{ view: 'collection', source, path }}>
            <Icon name="book" />
            <span class="words">
              <span class="title">{title}</span>
              <span class="about">{words.articles(documents)}</span>
            </span>
            <Icon name="forward" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

interface ArticleRowsProps {
  readonly articles: readonly (Neighbour & { readonly locale?: string })[]
  readonly icon?: 'page' | 'clock'
}

export function ArticleRows({ articles, icon = 'page' }: ArticleRowsProps) {
  return (
    <ul class="rows">
      {articles.map(({ id, title, locale }) => (
        <li key={id}>
          <Link class="row" to={{ view: 'article', id }}>
            <Icon name={icon} />
            <span class="words">
              <span class="title" lang={locale}>
                {title}
              </span>
            </span>
            <Icon name="forward" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
