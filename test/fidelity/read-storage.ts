/**
 * A second, separate reading of storage format: what Confluence shows of it. It shares nothing with the renderer but
 * the site, and prefers plainness: it recurses, and knows each macro only by what its page shows.
 */
import { type ChildNode, type Element, isCDATA, isTag, isText } from 'domhandler'
import { textContent } from 'domutils'
import { decodeHTML } from 'entities'
import { parseDocument } from 'htmlparser2'
import { BLOCKS, type Collector, createCollector, type Reading, squeeze } from './reading.ts'
import { site } from './site.ts'

export interface StorageReading extends Reading {
  /** Values of parameters and of Confluence's own notes that no reader sees. */
  readonly unseen: readonly string[]
}

/** Macros whose words come from elsewhere, or that are a control. */
const NOT_TEXT = new Set(
  `toc anchor children pagetree content-tree livesearch recently-updated contentbylabel blog-posts gallery attachments
   create-from-template space-details tasks-report-macro detailssummary change-history contributors roadmap`.split(
    /\s+/,
  ),
)

/** Parameters that stand on the page, as words that must survive. */
const SEEN: Readonly<Record<string, readonly string[]>> = {
  code: ['title'],
  panel: ['title'],
  info: ['title'],
  note: ['title'],
  tip: ['title'],
  warning: ['title'],
  expand: ['title'],
  'ui-expand': ['title'],
  status: ['title'],
  jira: ['key'],
}

/** Parameters that describe what the page draws: they may survive. */
const DRAWN: Readonly<Record<string, readonly string[]>> = {
  drawio: ['diagramName', 'diagramDisplayName'],
  gliffy: ['name'],
  'easy-math-block': ['body'],
  'eazy-math-inline': ['body'],
  mathinline: ['body'],
  plantumlcloud: ['data'],
}

const EMOTICONS: Readonly<Record<string, string>> = { 'yellow-star': '⭐', 'blue-star': '⭐' }
const TEXT_AS_CODE: Readonly<Record<string, string>> = {
  code: '',
  noformat: '',
  plantuml: 'plantuml',
  mermaid: 'mermaid',
}
const PRIVATE = new Set(['ac:placeholder', 'ac:task-id', 'ac:task-uuid', 'ac:task-status', 'ac:adf-attribute'])
const PRIVATE_ATTRIBUTES = ['ac:macro-id', 'ac:local-id', 'ac:ref', 'local-id']

export function readStorage(storage: string): StorageReading {
  const collector = createCollector()
  const unseen: string[] = []
  const prolog = /^\s*<\?xml.*?\?>|<!DOCTYPE[^>[]*(\[[^\]]*\])?\s*>/gs
  const document = parseDocument(numericEntities(storage.replace(prolog, '')), { xmlMode: true })
  walk(document.children, { collector, unseen })
  return { ...collector.reading(), unseen: unseen.map(squeeze).filter((text) => text !== '') }
}

interface Page {
  readonly collector: Collector
  readonly unseen: string[]
}

function walk(nodes: readonly ChildNode[], page: Page): void {
  for (const node of nodes) {
    if (isText(node)) page.collector.text(node.data)
    else if (isCDATA(node)) walk(node.children, page)
    else if (isTag(node)) element(node, page)
  }
}

function element(node: Element, page: Page): void {
  const { name, attribs, children } = node
  const { collector, unseen } = page
  const inside = () => walk(children, page)
  if (/display:\s*none/.test(attribs['style'] ?? '')) {
    unseen.push(textContent(node))
    return
  }
  for (const key of PRIVATE_ATTRIBUTES) unseen.push(attribs[key] ?? '')
  if (BLOCKS.has(name) || /^ac:(layout|rich-text|plain-text-body|task|caption)/.test(name)) collector.gap()

  if (/^h[1-6]$/.test(name)) collector.within('heading', inside, `${name.slice(1)} `)
  else if (name === 'li') collector.within('item', () => item(node, page))
  else if (name === 'ac:task') collector.within('item', inside)
  else if ((name === 'td' || name === 'th') && !isBox(node)) collector.within('cell', inside)
  else if (name === 'pre') collector.code(linesOf(node), languageOf(node))
  else if (name === 'ac:structured-macro' || name === 'ac:macro') macro(node, page)
  else if (name === 'ac:link') link(node, page)
  else if (name === 'a') anchor(node, page)
  else if (name === 'ac:image') image(node, page)
  else if (name === 'img') addImage(absolute(attribs['src'] ?? ''), collector)
  else if (name === 'time') collector.text(attribs['datetime'] ?? '')
  else if (name === 'ri:user') mention(node, page)
  else if (name === 'math' || name === 'title' || attribs['class'] === 'katex-html') return
  else if (name === 'ac:emoticon')
    collector.text(attribs['ac:emoji-fallback'] ?? EMOTICONS[attribs['ac:name'] ?? ''] ?? '')
  else if (PRIVATE.has(name)) unseen.push(textContent(node))
  else if (name === 'ac:adf-extension') walk(child(node, 'ac:adf-node')?.children ?? [], page)
  else if (name === 'ac:parameter') unseen.push(textContent(node))
  else inside()

  if (BLOCKS.has(name) || /^ac:(layout|rich-text|plain-text-body|task|caption)/.test(name)) collector.gap()
}

/** In a cell its mark is part of the text; elsewhere markdown has marks of its own. */
function item(node: Element, page: Page): void {
  if (page.collector.isInCell() && squeeze(textContent(node)) !== '') page.collector.text(markOf(node))
  walk(node.children, page)
}

function markOf({ parent, prev }: Element): string {
  if (parent === null || !isTag(parent) || parent.name !== 'ol') return '- '
  let before = 0
  for (let sibling = prev; sibling !== null; sibling = sibling.prev) if (isTag(sibling)) before += 1
  return `${Number(parent.attribs['start'] ?? 1) + before}. `
}

/** The only cell of its table. */
function isBox(cell: Element): boolean {
  const table = tableOf(cell)
  const own = table === undefined ? [] : descendants(table).filter((inner) => tableOf(inner) === table)
  const rows = own.filter(({ name }) => name === 'tr')
  const cells = own.filter(({ name }) => name === 'td' || name === 'th')
  return cells.filter((other) => squeeze(textContent(other)) !== '').length <= 1 && rows.length === cells.length
}

function tableOf(node: Element): Element | undefined {
  for (let above = node.parent; above !== null && isTag(above); above = above.parent) {
    if (above.name === 'table') return above
  }
  return undefined
}

function macro(node: Element, page: Page): void {
  const name = node.attribs['ac:name'] ?? ''
  const { collector, unseen } = page
  const isInline = ['status', 'jira', 'eazy-math-inline', 'profile', 'view-file'].includes(name)
  if (!isInline) collector.gap()
  for (const parameter of elements(node, 'ac:parameter')) {
    const key = parameter.attribs['ac:name'] ?? ''
    if (SEEN[name]?.includes(key)) {
      const text = textContent(parameter)
      collector.text(name === 'status' && text !== '' ? `[${text}]` : text)
      collector.text(isInline ? '' : ' ')
    } else if (!DRAWN[name]?.includes(key)) unseen.push(textContent(parameter))
    if (/^(include|excerpt-include|view-file|profile)$/.test(name)) shownElsewhere(parameter, page)
  }
  if (name === 'jira') issue(node, collector)
  const text = child(node, 'ac:plain-text-body')
  if (text !== undefined) collector.code(textContent(text), TEXT_AS_CODE[name] || codeLanguage(node))
  const isHidden = elements(node, 'ac:parameter').some(
    (parameter) => parameter.attribs['ac:name'] === 'hidden' && textContent(parameter) === 'true' && name !== 'expand',
  )
  if (!isHidden && !NOT_TEXT.has(name)) {
    const body = node.children.filter((inner) => !isTag(inner) || !/^ac:(parameter|plain-text-body)$/.test(inner.name))
    walk(body, page)
  }
  if (!isInline) collector.gap()
}

function issue(node: Element, collector: Collector): void {
  const key = elements(node, 'ac:parameter').find((parameter) => parameter.attribs['ac:name'] === 'key')
  const server = elements(node, 'ac:parameter').find((parameter) => parameter.attribs['ac:name'] === 'server')
  if (key !== undefined && server === undefined) collector.link(`https://wiki.example/browse/${textContent(key)}`)
}

/** A page or file that a parameter names and the macro shows: a link that says what it is. */
function shownElsewhere(parameter: Element, page: Page): void {
  const [resource] = descendants(parameter).filter(({ name }) => name.startsWith('ri:'))
  if (resource === undefined) return
  if (resource.name === 'ri:user') mention(resource, page)
  const target = targetOf(resource)
  if (target === null) return
  page.collector.text(nameOf(resource))
  page.collector.link(target)
}

function link(node: Element, page: Page): void {
  const resource = elements(node).find(({ name }) => name.startsWith('ri:'))
  const body = child(node, 'ac:link-body') ?? child(node, 'ac:plain-text-link-body')
  const anchor = node.attribs['ac:anchor']
  if (body !== undefined) walk(body.children, page)
  else if (resource?.name === 'ri:user') mention(resource, page)
  else page.collector.text(resource === undefined ? (anchor ?? '') : nameOf(resource))
  const target = resource === undefined ? (anchor === undefined ? null : '') : targetOf(resource)
  if (target !== null) page.collector.link(anchor === undefined ? target : `${target}#${anchor.replaceAll(' ', '-')}`)
}

function anchor(node: Element, page: Page): void {
  walk(node.children, page)
  const href = node.attribs['href']
  const isSeen = squeeze(textContent(node)) !== '' || descendants(node).length > 0
  if (href !== undefined && href !== '' && isSeen) page.collector.link(absolute(href))
}

function image(node: Element, page: Page): void {
  const resource = child(node, 'ri:attachment') ?? child(node, 'ri:url')
  const caption = child(node, 'ac:caption')
  const isIcon = Number(node.attribs['ac:width'] ?? 99) <= 24 && node.attribs['ac:alt'] === undefined
  if (resource !== undefined && !isIcon) addImage(targetOf(resource) ?? '', page.collector)
  if (caption !== undefined) page.collector.text(` ${textContent(caption)} `)
}

function addImage(source: string, collector: Collector): void {
  if (source !== '') collector.image(source)
}

function mention(resource: Element, { collector }: Page): void {
  const [id] = Object.values(resource.attribs)
  if (id !== undefined) collector.text(`@${site.user(id)}`)
}

function targetOf(resource: Element): string | null {
  const { name, attribs } = resource
  const title = attribs['ri:content-title'] ?? ''
  const spaceKey = attribs['ri:space-key']
  if (name === 'ri:page' && title !== '') return site.page(spaceKey === undefined ? { title } : { title, spaceKey })
  if (name === 'ri:content-entity') return site.content(attribs['ri:content-id'] ?? '')
  if (name === 'ri:url') return absolute(attribs['ri:value'] ?? '')
  if (name !== 'ri:attachment' || !attribs['ri:filename']) return null
  const holder = child(resource, 'ri:page')?.attribs['ri:content-title']
  return site.attachment(attribs['ri:filename'], holder === undefined ? undefined : { title: holder })
}

function nameOf({ attribs }: Element): string {
  return attribs['ri:content-title'] ?? attribs['ri:filename'] ?? attribs['ri:value'] ?? ''
}

function absolute(href: string): string {
  return href.startsWith('#') || href === '' ? href : new URL(href, `${site.base}/`).href
}

function codeLanguage(node: Element): string {
  const parameter = elements(node, 'ac:parameter').find(({ attribs }) =>
    ['language', ''].includes(attribs['ac:name'] ?? '?'),
  )
  const language = parameter === undefined ? '' : textContent(parameter).trim()
  return language === 'none' ? '' : language
}

/** In preformatted text a `br` is a line break. */
function linesOf(node: ChildNode): string {
  if (isText(node)) return node.data
  if (isTag(node) && node.name === 'br') return '\n'
  return isTag(node) || isCDATA(node) ? node.children.map(linesOf).join('') : ''
}

function languageOf(pre: Element): string {
  const code = child(pre, 'code')
  return /language-(\S+)/.exec(`${pre.attribs['class'] ?? ''} ${code?.attribs['class'] ?? ''}`)?.[1] ?? ''
}

function child(node: Element, name: string): Element | undefined {
  return elements(node, name)[0]
}

function elements(node: Element, name?: string): readonly Element[] {
  return node.children.filter((inner): inner is Element => isTag(inner) && (name === undefined || inner.name === name))
}

function descendants(node: Element): readonly Element[] {
  return elements(node).flatMap((inner) => [inner, ...descendants(inner)])
}

/** XML knows five names; the others become numbers, but not in CDATA, where an `&` is an `&`. */
function numericEntities(storage: string): string {
  return storage.replace(/<!\[CDATA\[.*?\]\]>|&(?!(?:amp|lt|gt|quot|apos);)[a-zA-Z]\w*;/gs, (found) => {
    if (found.startsWith('<')) return found
    return [...decodeHTML(found)]
      .map((character) => (decodeHTML(found) === found ? character : `&#${character.codePointAt(0)};`))
      .join('')
  })
}
