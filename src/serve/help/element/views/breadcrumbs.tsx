/** The way from the start to where an article or a collection stands. */
import { HOME } from '../routes.ts'
import { useSpace } from '../space.ts'
import { Link } from './link.tsx'

export function Breadcrumbs({ source, path }: { readonly source: string; readonly path: readonly string[] }) {
  const { words } = useSpace()
  return (
    <nav class="breadcrumbs" aria-label={words.breadcrumbs}>
      <ol>
        <li>
          <Link to={HOME}>{words.help}</Link>
        </li>
        {path.map((part, at) => (
          <li key={path.slice(0, at + 1).join(' > ')}>
            <Link to={{ view: 'collection', source, path: path.slice(0, at + 1) }}>{part}</Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}
