/** Rules for ADF's nodes: the part of a storage tree that each of them is. */
import type { Context } from '../storage/pieces.ts'
import { createElement, type Node, parse } from '../storage/tree.ts'
import { type AdfNode, readDocument, readNode, stringAt, valueAt } from './json.ts'
import { macroElement, parametersOf } from './macros.ts'

/** What stands for a node. Its content, or `content` in its stead, goes into `inside`; without that it has none. */
export interface Translation {
  readonly nodes: readonly Node[]
  readonly inside?: Node[]
  readonly content?: readonly unknown[]
}

type Rule = (node: AdfNode, context: Context) => Translation

const DROPPED: Translation = { nodes: [] }

/** The type of extensions that Confluence itself puts around old content; no other one's parameters are content. */
const MIGRATION = 'com.atlassian.confluence.migration'

export function translate(node: AdfNode, context: Context): Translation {
  return (nodeRules.get(node.type) ?? unknown)(node, context)
}

const nodeRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['text', (node) => ({ nodes: node.text === null ? [] : [node.text] })],
  ['paragraph', () => within('p')],
  ['heading', ({ attrs }) => within(headingName(stringAt(attrs, 'level')))],
  ['blockquote', () => within('blockquote')],
  ['rule', () => ({ nodes: [createElement('hr', {}, [])] })],
  ['hardBreak', () => ({ nodes: [createElement('br', {}, [])] })],
  ['codeBlock', codeBlock],

  ['bulletList', () => within('ul')],
  ['orderedList', ({ attrs }) => within('ol', { start: stringAt(attrs, 'order') || undefined })],
  ['listItem', () => within('li')],
  ['taskList', () => within('ac:task-list')],
  ['taskItem', task],
  ['blockTaskItem', task],
  ['decisionList', () => within('ac:adf-node', { type: 'decision-list' })],
  ['decisionItem', decision],

  ['panel', panel],
  ['expand', ({ attrs }) => macro('expand', { title: stringAt(attrs, 'title') })],
  ['nestedExpand', ({ attrs }) => macro('expand', { title: stringAt(attrs, 'title') })],
  ['layoutSection', () => within('ac:layout-section')],
  ['layoutColumn', () => within('ac:layout-cell')],
  ['extensionFrame', () => within('div')],
  ['bodiedSyncBlock', () => within('div')],

  ['table', table],
  ['tableRow', () => within('tr')],
  ['tableHeader', ({ attrs }) => within('th', spans(attrs))],
  ['tableCell', ({ attrs }) => within('td', spans(attrs))],

  ['mediaSingle', () => within('div')],
  ['mediaGroup', () => within('div')],
  ['media', media],
  ['mediaInline', media],
  ['caption', () => within('ac:caption')],

  ['emoji', emoji],
  ['mention', mention],
  ['date', date],
  ['status', ({ attrs }) => macro('status', { title: stringAt(attrs, 'text') })],
  ['inlineCard', card],
  ['blockCard', (node, context) => inParagraph(card(node, context))],
  ['embedCard', (node, context) => inParagraph(card(node, context))],
  ['placeholder', () => DROPPED],

  ['extension', extension],
  ['inlineExtension', extension],
  ['bodiedExtension', extension],
  ['multiBodiedExtension', extension],
  ['confluenceUnsupportedBlock', ({ attrs }, context) => storageNodes(stringAt(attrs, 'cxhtml'), context)],
  ['confluenceUnsupportedInline', ({ attrs }, context) => storageNodes(stringAt(attrs, 'cxhtml'), context)],
])

/** What it shows stays. */
function unknown({ type, attrs, text, content }: AdfNode, { lose }: Context): Translation {
  lose(`element:${type}`)
  const inside: Node[] = []
  const own = text ?? (content === null ? stringAt(attrs, 'text') : '')
  return { nodes: [own, createElement('ac:adf-mark', {}, inside)], inside }
}

function within(name: string, attributes: Readonly<Record<string, string | undefined>> = {}) {
  const inside: Node[] = []
  return { nodes: [createElement(name, attributes, inside)], inside }
}

function macro(name: string, parameters: Readonly<Record<string, string>>): Translation {
  const inside: Node[] = []
  return { nodes: [macroElement(name, new Map(Object.entries(parameters)), inside)], inside }
}

function inParagraph({ nodes }: Translation): Translation {
  return { nodes: [createElement('p', {}, nodes)] }
}

function headingName(level: string): string {
  return /^[1-6]$/.test(level) ? `h${level}` : 'h6'
}

function codeBlock({ attrs }: AdfNode): Translation {
  const inside: Node[] = []
  const language = createElement('ac:parameter', { 'ac:name': 'language' }, [stringAt(attrs, 'language')])
  const body = createElement('ac:plain-text-body', {}, inside)
  return { nodes: [createElement('ac:structured-macro', { 'ac:name': 'code' }, [language, body])], inside }
}

function task({ attrs }: AdfNode): Translation {
  const inside: Node[] = []
  const status = stringAt(attrs, 'state') === 'DONE' ? 'complete' : 'incomplete'
  const children = [createElement('ac:task-status', {}, [status]), createElement('ac:task-body', {}, inside)]
  return { nodes: [createElement('ac:task', {}, children)], inside }
}

function decision({ attrs }: AdfNode): Translation {
  const inside: Node[] = []
  const state = createElement('ac:adf-attribute', { key: 'state' }, [stringAt(attrs, 'state')])
  const children = [state, createElement('ac:adf-content', {}, inside)]
  return { nodes: [createElement('ac:adf-node', { type: 'decision-item' }, children)], inside }
}

function panel({ attrs }: AdfNode): Translation {
  const type = stringAt(attrs, 'panelType')
  const inside: Node[] = []
  const kind = createElement('ac:adf-attribute', { key: 'panel-type' }, [type])
  const title = createElement('ac:adf-attribute', { key: 'title' }, [stringAt(attrs, 'title')])
  return {
    nodes: [
      createElement('ac:adf-node', { type: 'panel' }, [kind, title, createElement('ac:adf-content', {}, inside)]),
    ],
    inside,
  }
}

function spans(attrs: unknown) {
  return { colspan: spanAt(attrs, 'colspan'), rowspan: spanAt(attrs, 'rowspan') }
}

function spanAt(attrs: unknown, key: string): string | undefined {
  const span = stringAt(attrs, key)
  return span === '1' || span === '' ? undefined : span
}

/** The number column is drawn and not stored; a first row of headings has no number. */
function table(node: AdfNode): Translation {
  const body = within('tbody')
  const nodes = [createElement('table', {}, body.nodes)]
  const rows = node.content ?? []
  if (valueAt(node.attrs, 'isNumberColumnEnabled') !== true) return { nodes, inside: body.inside }
  const first = readNode(rows[0])?.content?.every((cell) => stringAt(cell, 'type') === 'tableHeader') === true ? 0 : 1
  return { nodes, inside: body.inside, content: rows.map((row, index) => numbered(row, index + first)) }
}

function numbered(row: unknown, number: number): unknown {
  const node = readNode(row)
  if (node === null || node.type !== 'tableRow') return row
  const text = { type: 'text', text: String(number) }
  const cell = number === 0 ? { type: 'tableHeader', content: [] } : { type: 'tableCell', content: [text] }
  return { ...node, content: [cell, ...(node.content ?? [])] }
}

/** A file is known by an id of the media service; its name is in a field of its own, or is the alternative text. */
function media({ attrs }: AdfNode): Translation {
  const alt = stringAt(attrs, 'alt')
  const url = stringAt(attrs, 'url')
  const name = stringAt(attrs, '__fileName') || (/^[^/\\]*\.[a-z0-9]{2,5}$/i.test(alt) ? alt : '')
  const file = createElement('ri:attachment', { 'ri:filename': name }, [])
  if (url === '' && name !== '' && !isPicture(name)) return { nodes: [createElement('ac:link', {}, [file])] }
  const resource = url === '' ? file : createElement('ri:url', { 'ri:value': url }, [])
  return { nodes: [createElement('ac:image', { 'ac:alt': alt }, url === '' && name === '' ? [] : [resource])] }
}

function isPicture(name: string): boolean {
  return /\.(png|jpe?g|gif|svg|webp|bmp|tiff?|ico|heic|avif)$/i.test(name)
}

function emoji({ attrs }: AdfNode): Translation {
  const attributes = {
    'ac:emoji-fallback': stringAt(attrs, 'text'),
    'ac:emoji-shortname': stringAt(attrs, 'shortName'),
  }
  return { nodes: [createElement('ac:emoticon', attributes, [])] }
}

/** The name that the editor wrote down serves where nobody knows a newer one. */
function mention({ attrs }: AdfNode, { links }: Context): Translation {
  const id = stringAt(attrs, 'id')
  const written = stringAt(attrs, 'text').replace(/^@/, '').trim()
  if (written !== '' && (id === '' || links.user(id) === null)) return { nodes: [`@${written}`] }
  return { nodes: [createElement('ri:user', { 'ri:account-id': id }, [])] }
}

/** Midnight UTC of the day, in milliseconds. */
function date({ attrs }: AdfNode, { lose }: Context): Translation {
  const timestamp = stringAt(attrs, 'timestamp')
  const day = new Date(/^-?\d+$/.test(timestamp) ? Number(timestamp) : timestamp)
  if (!Number.isNaN(day.getTime())) return { nodes: [day.toISOString().replace(/T.*$/, '')] }
  lose('element:date')
  return DROPPED
}

/** A link that is drawn as a card; where it is given as linked data, that may say its name. */
function card({ attrs }: AdfNode, { lose }: Context): Translation {
  const data = valueAt(attrs, 'data')
  const url = stringAt(attrs, 'url') || stringAt(data, 'url')
  const name = stringAt(data, 'name') || url
  if (url === '') lose('link')
  return { nodes: url === '' ? [name] : [createElement('a', { href: url }, [name])] }
}

/** Content that the editor can't hold is kept in a parameter: as ADF (a table in a table) or as storage format. */
function extension(node: AdfNode, context: Context): Translation {
  const { attrs, content } = node
  const key = stringAt(attrs, 'extensionKey')
  const parameters = stringAt(attrs, 'extensionType') === MIGRATION ? valueAt(attrs, 'parameters') : undefined
  const document = readDocument(valueAt(parameters, 'adf'))
  if (document !== null) return { ...within('div'), content: document }
  const storage = stringAt(parameters, 'cxhtml')
  if (storage !== '') return storageNodes(storage, context)
  const inside: Node[] = []
  return { nodes: [macroElement(key, parametersOf(attrs), content === null ? null : inside)], inside }
}

function storageNodes(storage: string, { lose }: Context): Translation {
  const { children, comments, tooDeep } = parse(storage)
  lose('comment', comments)
  lose('depth', tooDeep)
  return { nodes: children }
}
