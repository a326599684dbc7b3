/** Locale codes as Intercom writes them: `fr`, `pt-BR`. */

export function isLocale(text: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(text)
}

/** From an article's address, `https://help.example.com/fr/articles/1-title`; null where it isn't there. */
export function localeOf(url: string): string | null {
  const part = /\/([A-Za-z-]{2,12})\/articles\//.exec(URL.parse(url)?.pathname ?? '')?.[1] ?? ''
  return isLocale(part) ? part : null
}
