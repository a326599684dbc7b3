/** Each way to hide or to show a text, at each place of a page, in each kind of source that it can be written in. */
import { fromAdf, fromDoc, HTML_SOURCES } from './sources.ts'
import { WAYS } from './ways.ts'

export interface Case {
  readonly name: string
  readonly isSeen: boolean
  /** The stored text of a page with it. */
  markdown(): string
  /** Of what is hidden nothing, of what is seen all of it must be there. */
  readonly text: string
}

/** Two words that stand nowhere else. */
const TEXT = 'quaxolun vribbest'

const PLACES: Readonly<Record<string, (html: string) => string>> = {
  paragraph: (html) => `<p>Before ${html} after.</p>`,
  heading: (html) => `<h2>Before ${html} after</h2><p>Text.</p>`,
  item: (html) => `<ul><li>Before ${html} after</li><li>Next</li></ul>`,
  emphasis: (html) => `<p>Before <strong>bold ${html} more</strong> after.</p>`,
}

/** What XML has no form for is not tried where pages are XML. */
const NO_XML = /<!--|hidden>|<\w+ [\w-]+=[^"'\s>]+|<![^-]|<\?|<input[^>]*[^/]>|<meta[^>]*[^/]>|HIDDEN|<dialog open>/
/** Confluence keeps neither style sheets nor these elements: what they hold is text of the page there. */
const NOT_IN_CONFLUENCE = /<style|<(?:font|samp|dialog|template|video|iframe)\b/

export const CASES: readonly Case[] = [...htmlCases(), ...adfCases(), ...docCases(), ...characterCases()]

function htmlCases(): readonly Case[] {
  return Object.entries(HTML_SOURCES).flatMap(([source, read]) =>
    Object.entries(PLACES).flatMap(([place, around]) =>
      WAYS.flatMap(({ name, html, isSeen }): readonly Case[] => {
        const page = around(html(TEXT))
        if (source === 'confluence' && (NO_XML.test(page) || NOT_IN_CONFLUENCE.test(page))) return []
        return [{ name: `${source}, ${place}: ${name}`, isSeen, text: TEXT, markdown: () => read(page) }]
      }),
    ),
  )
}

function adfCases(): readonly Case[] {
  const paint = (type: string, color: string) => ({ type, attrs: { color } })
  const marks: readonly (readonly [name: string, isSeen: boolean, marks: readonly unknown[]])[] = [
    ['white', false, [paint('textColor', '#ffffff')]],
    ['nearly white', false, [paint('textColor', '#FFFEFF')]],
    ['white and bold', false, [{ type: 'strong' }, paint('textColor', '#FFFFFF')]],
    ['white on white', false, [paint('textColor', '#ffffff'), paint('backgroundColor', '#ffffff')]],
    ['seen: white on dark', true, [paint('textColor', '#ffffff'), paint('backgroundColor', '#172b4d')]],
    ['seen: red', true, [paint('textColor', '#ff5630')]],
    ['seen: on white', true, [paint('backgroundColor', '#ffffff')]],
    ['seen: of a colour that is none', true, [paint('textColor', 'white"><script>')]],
  ]
  const said = (some: readonly unknown[]) => [
    { type: 'text', text: 'Before ' },
    { type: 'text', text: TEXT, marks: some },
  ]
  const places: Readonly<Record<string, (inline: readonly unknown[]) => unknown>> = {
    paragraph: (content) => ({ type: 'paragraph', content }),
    heading: (content) => ({ type: 'heading', attrs: { level: 2 }, content }),
    item: (content) => ({
      type: 'bulletList',
      content: [{ type: 'listItem', content: [{ type: 'paragraph', content }] }],
    }),
  }
  const cell = (content: readonly unknown[]) => ({
    type: 'table',
    content: [
      {
        type: 'tableRow',
        content: [{ type: 'tableHeader', attrs: { background: '#172b4d' }, content: [{ type: 'paragraph', content }] }],
      },
    ],
  })
  return [
    ...Object.entries(places).flatMap(([place, at]) =>
      marks.map(([name, isSeen, some]) => ({
        ...{ name: `adf, ${place}: ${name}`, isSeen, text: TEXT },
        markdown: () => fromAdf([at(said(some))]),
      })),
    ),
    {
      ...{ name: 'adf: seen: white in a dark cell', isSeen: true, text: TEXT },
      markdown: () => fromAdf([cell(said([paint('textColor', '#ffffff')]))]),
    },
    {
      ...{ name: 'adf: a placeholder', isSeen: false, text: TEXT },
      markdown: () => fromAdf([{ type: 'paragraph', content: [{ type: 'placeholder', attrs: { text: TEXT } }] }]),
    },
  ]
}

function docCases(): readonly Case[] {
  const colour = (...[red, green, blue]: readonly number[]) => ({ color: { rgbColor: { red, green, blue } } })
  const styles: readonly (readonly [name: string, isSeen: boolean, style: unknown])[] = [
    ['white', false, { foregroundColor: colour(1, 1, 1) }],
    ['white and bold', false, { bold: true, foregroundColor: colour(1, 1, 1) }],
    ['of one point', false, { fontSize: { magnitude: 1, unit: 'PT' } }],
    ['white on white', false, { foregroundColor: colour(1, 1, 1), backgroundColor: colour(1, 1, 1) }],
    [
      'black on black',
      false,
      { foregroundColor: { color: { rgbColor: {} } }, backgroundColor: { color: { rgbColor: {} } } },
    ],
    ['seen: white on blue', true, { foregroundColor: colour(1, 1, 1), backgroundColor: colour(0, 0, 1) }],
    ['seen: red', true, { foregroundColor: colour(1, 0, 0) }],
    ['seen: of six points', true, { fontSize: { magnitude: 6, unit: 'PT' } }],
    ['seen: on white', true, { backgroundColor: colour(1, 1, 1) }],
  ]
  const runs = (textStyle: unknown) => [
    { textRun: { content: 'Before ', textStyle: {} } },
    { textRun: { content: TEXT, textStyle } },
    { textRun: { content: ' after\n', textStyle: {} } },
  ]
  const kinds = ['NORMAL_TEXT', 'HEADING_2'] as const
  return kinds.flatMap((namedStyleType) =>
    styles.map(([name, isSeen, style]) => ({
      ...{ name: `google doc, ${namedStyleType}: ${name}`, isSeen, text: TEXT },
      markdown: () => fromDoc([{ paragraph: { elements: runs(style), paragraphStyle: { namedStyleType } } }]),
    })),
  )
}

/** Characters that nobody sees, which can spell a text for machines. */
function characterCases(): readonly Case[] {
  const spelt = (offset: number) =>
    [...TEXT].map((letter) => String.fromCodePoint(offset + (letter.codePointAt(0) ?? 0))).join('')
  const bits = [...TEXT].flatMap((letter) => [...(letter.codePointAt(0) ?? 0).toString(2)])
  const binary = bits.map((bit) => (bit === '0' ? '\u200b' : '\u200c')).join('')
  const hidden: Readonly<Record<string, string>> = {
    'tag characters': spelt(0xe0000),
    'tag characters in a flag that is none': `\u{1f3f4}${spelt(0xe0000)}\u{e007f}`,
    'variation selectors': spelt(0xe0100 - 32),
    'spaces of no width': binary,
    'word joiners': '\u2060\u2061\u2062\u2063\u2064',
    'soft hyphens': '\u00ad\u00ad',
    'marks of direction': '\u202e\u2066\u200f\u2069\u202c',
    'fillers of Hangul': '\u3164\u115f\u1160\uffa0',
    'a mark of byte order': '\ufeff',
    annotations: '\ufff9\ufffa\ufffb',
    'shorthand controls': '\u{1bca0}\u{1bca3}',
    controls: '\u0001\u0008\u007f',
  }
  const seen: Readonly<Record<string, string>> = {
    'a family of emoji': '👩‍👩‍👧',
    'a flag of Scotland': '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    'a joiner of Persian': 'می\u200cخواهم',
    'a sign of Devanagari': 'क्\u200dष',
    'a heart with its colour': '❤\ufe0f',
    accents: 'déjà vu, naïve, Zürich',
    'right to left': 'שלום עולם',
  }
  return Object.entries(HTML_SOURCES).flatMap(([source, read]) => [
    ...Object.entries(hidden).map(([name, text]) => ({
      ...{ name: `${source}: ${name}`, isSeen: false, text },
      markdown: () => read(`<p>Before${text}after and some more.</p>`),
    })),
    ...Object.entries(seen).map(([name, text]) => ({
      ...{ name: `${source}: seen: ${name}`, isSeen: true, text },
      markdown: () => read(`<p>Before ${text} after and some more.</p>`),
    })),
  ])
}

/** What is wrong; null where nothing is. */
export function faultOf({ isSeen, text, markdown }: Case): string | null {
  const stored = markdown()
  const parts = /^[\x20-\x7e]+$/.test(text)
    ? text.split(' ')
    : isSeen
      ? [text]
      : [...text].filter((part) => /[^\u{1f3f4}]/u.test(part))
  if (isSeen) return parts.every((part) => stored.includes(part)) ? null : 'lost'
  return parts.some((part) => stored.includes(part)) ? 'shown' : null
}
