/** HTML of which only what is allowed by name is left: elements, attributes, and what addresses may begin with. */
import sanitize from 'sanitize-html'

const OPTIONS: sanitize.IOptions = {
  allowedTags: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'hr',
      'blockquote',
      'ul',
      'ol',
      'li',
      'pre',
      'table',
      'thead',
      'tbody',
    ],
    ...['tr', 'th', 'td', 'a', 'img', 'br', 'strong', 'em', 's', 'code'],
  ],
  allowedAttributes: {
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, ['id']])),
    a: ['href', 'rel'],
    img: ['src', 'alt', 'loading', 'referrerpolicy'],
    ol: ['start'],
    th: ['scope'],
  },
  allowedClasses: { code: [/^language-[\w+#.-]{1,40}$/] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, ...linkRules(attribs['href']) } }),
    img: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, loading: 'lazy', referrerpolicy: 'no-referrer' },
    }),
    th: (tagName, attribs) => ({ tagName, attribs: { ...attribs, scope: 'col' } }),
  },
  exclusiveFilter: ({ tag, attribs }) => {
    if (tag === 'a' && attribs['href'] === undefined) return 'excludeTag'
    return tag === 'img' && attribs['src'] === undefined
  },
}

export function sanitised(html: string): string {
  return sanitize(html, OPTIONS)
}

/** A page that is led to learns nothing of the one that leads there, and gains nothing by it. */
function linkRules(href: string | undefined): Readonly<Record<string, string>> {
  return href === undefined || href.startsWith('#') ? {} : { rel: 'noopener nofollow' }
}
