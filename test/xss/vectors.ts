/** Every payload, at every place of a page where it can be written, in the format of every kind of source. */
import { escapeAttribute, escapeText } from 'entities'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { fromAdf, fromDoc, HTML_SOURCES } from '../hidden/sources.ts'
import { ADDRESSES, ELEMENTS, ENDINGS, type Payload } from './payloads.ts'

export interface Vector {
  readonly name: string
  /** What is stored of the document. */
  readonly markdown: string
  /** Of its head: the payload itself, where a source puts what it is told. */
  readonly title: string
  readonly url: string
}

/** What a payload calls, with the number of its vector. */
export const HOOK = 'unsiloXss'

type Place = readonly [name: string, write: (payload: string) => string]

const IN_HTML: readonly Place[] = [
  ['as HTML', (payload) => `<p>Before ${payload} after.</p>`],
  ['as HTML in an item', (payload) => `<ul><li>Before ${payload}</li></ul>`],
  ['as HTML in a cell', (payload) => `<table><tr><th>Head</th></tr><tr><td>${payload}</td></tr></table>`],
  ['as text', (payload) => `<p>Before ${escapeText(payload)} after.</p>`],
  ['as text of a heading', (payload) => `<h2>${escapeText(payload)}</h2><p>Text.</p>`],
  ['as text of a cell', (payload) => `<table><tr><th>${escapeText(payload)}</th></tr><tr><td>x</td></tr></table>`],
  ['as code', (payload) => `<p><code>${escapeText(payload)}</code></p><pre>${escapeText(payload)}</pre>`],
]

const ADDRESSES_IN_HTML: readonly Place[] = [
  ['as a link', (payload) => `<p><a href="${escapeAttribute(payload)}">link</a></p>`],
  ['as a link, raw', (payload) => `<p><a href="${payload}">link</a></p>`],
  ['as a picture', (payload) => `<p><img src="${escapeAttribute(payload)}" alt="picture"></p>`],
  [
    'as the text of a picture',
    (payload) => `<p><img src="https://canary.invalid/x" alt="${escapeAttribute(payload)}"></p>`,
  ],
  ['as a frame', (payload) => `<iframe src="${escapeAttribute(payload)}"></iframe>`],
  ['as the language of code', (payload) => `<pre><code class="language-${escapeAttribute(payload)}">x</code></pre>`],
  [
    'as the title of a link',
    (payload) => `<p><a href="https://canary.invalid/" title="${escapeAttribute(payload)}">a</a></p>`,
  ],
]

const IN_MARKDOWN: readonly Place[] = [
  ['as it is', (payload) => `${payload}\n`],
  ['in a paragraph', (payload) => `Before ${payload} after.\n`],
  ['as a link', (payload) => `[link](${payload}) and [link](<${payload}>)\n`],
  ['as a picture', (payload) => `![${payload}](https://canary.invalid/x) ![picture](<${payload}>)\n`],
  ['as a reference', (payload) => `[a] and [b][a]\n\n[a]: ${payload} "${payload}"\n`],
  ['as a link by itself', (payload) => `<${payload}>\n`],
  ['as a heading', (payload) => `# ${payload}\n\nText.\n`],
  ['as code', (payload) => `\`\`\`${payload}\n${payload}\n\`\`\`\n`],
  ['in a cell', (payload) => `| a |\n| --- |\n| ${payload} |\n`],
]

const IN_ADF: readonly Place[] = [
  ['as text', (text) => fromAdf([{ type: 'paragraph', content: [{ type: 'text', text }] }])],
  ['as a heading', (text) => fromAdf([{ type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text }] }])],
  ['as a link', (href) => fromAdf([{ type: 'paragraph', content: [linked(href)] }])],
  [
    'as the language of code',
    (language) => fromAdf([{ type: 'codeBlock', attrs: { language }, content: [{ type: 'text', text: 'x' }] }]),
  ],
  ['as a card', (url) => fromAdf([{ type: 'blockCard', attrs: { url } }])],
]

const IN_DOCS: readonly Place[] = [
  [
    'as text',
    (content) => fromDoc([{ paragraph: { elements: [{ textRun: { content: `${content}\n`, textStyle: {} } }] } }]),
  ],
  [
    'as a link',
    (url) => fromDoc([{ paragraph: { elements: [{ textRun: { content: 'link\n', textStyle: { link: { url } } } }] } }]),
  ],
]

const HTML_PAYLOADS = [...ELEMENTS, ...ENDINGS]
const ADDRESS_PAYLOADS = [...ADDRESSES, ...ENDINGS]

export function vectors(): readonly Vector[] {
  const all: Vector[] = []
  const add = (
    source: string,
    payloads: readonly Payload[],
    places: readonly Place[],
    read: (page: string) => string,
  ) => {
    for (const [place, write] of places) {
      for (const payload of payloads) {
        const said = payload(`${HOOK}(${all.length})`)
        all.push({
          name: `${source}, ${place}: ${said}`,
          markdown: read(write(said)),
          title: 'Title',
          url: 'https://example.com/',
        })
      }
    }
  }
  for (const [source, read] of Object.entries(HTML_SOURCES)) {
    add(source, HTML_PAYLOADS, IN_HTML, read)
    add(source, ADDRESS_PAYLOADS, ADDRESSES_IN_HTML, read)
  }
  add('markdown', [...HTML_PAYLOADS, ...ADDRESSES], IN_MARKDOWN, (markdown) => toMarkdown({ markdown }).markdown)
  add('adf', [...HTML_PAYLOADS, ...ADDRESSES], IN_ADF, (markdown) => markdown)
  add('google doc', [...HTML_PAYLOADS, ...ADDRESSES], IN_DOCS, (markdown) => markdown)
  for (const payload of [...HTML_PAYLOADS, ...ADDRESSES]) {
    const said = payload(`${HOOK}(${all.length})`)
    all.push({ name: `head: ${said}`, markdown: `Text [a](b) [c](#d).\n`, title: said, url: said })
  }
  return all
}

function linked(href: string): unknown {
  return { type: 'text', text: 'link', marks: [{ type: 'link', attrs: { href } }] }
}
