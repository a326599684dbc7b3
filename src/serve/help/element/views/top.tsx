/** The top: whose help it is, the language, the search field; small wherever something is read. */
import type { ComponentChildren } from 'preact'
import type { Look } from '../app.tsx'
import { useSpace } from '../space.ts'
import { LOCALES, type Locale } from '../words.ts'
import { Icon } from './icon.tsx'

interface TopProps {
  readonly look: Look
  readonly isHome: boolean
  readonly children: ComponentChildren
  speak(locale: Locale): void
}

export function Top({ look: { logo, name }, isHome, children, speak }: TopProps) {
  const { words, locale, router } = useSpace()
  const other = locale === 'en' ? 'fr' : 'en'
  return (
    <header class={isHome ? 'top large' : 'top'}>
      {isHome && (
        <div class="house">
          {logo === null ? <span class="name">{name ?? words.help}</span> : <img src={logo} alt={name ?? words.help} />}
          <button type="button" class="speak" lang={other} onClick={() => speak(other)}>
            <Icon name="globe" />
            {LOCALES[other].name}
          </button>
        </div>
      )}
      {isHome && <h1>{words.greeting}</h1>}
      <div class="bar-of-search">
        {!isHome && (
          <button type="button" class="back" aria-label={words.back} onClick={() => router.back()}>
            <Icon name="back" />
          </button>
        )}
        {children}
      </div>
    </header>
  )
}
