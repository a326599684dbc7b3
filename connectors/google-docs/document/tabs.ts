/** The tabs of a document in reading order, those inside others behind the one that they are in. */
import { listAt, textAt, valueAt } from './json.ts'

export interface Tab {
  /** Empty for a document that was asked for without tabs. */
  readonly id: string
  readonly title: string
  /** 0 for the outermost. */
  readonly depth: number
  /** Null for a kind of tab that holds something else than a text. */
  readonly content: readonly unknown[] | null
  /** By id each, still unread. */
  readonly lists: unknown
  readonly footnotes: unknown
  readonly inlineObjects: unknown
  readonly positionedObjects: unknown
  /** Font of ordinary text. */
  readonly font: string
}

export function tabsOf(document: unknown): readonly Tab[] {
  const outermost = listAt(document, 'tabs')
  if (outermost.length === 0) return [readTab('', '', 0, document)]
  const tabs: Tab[] = []
  const open = outermost.map((tab) => ({ tab, depth: 0 })).reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { tab, depth } = next
    const properties = valueAt(tab, 'tabProperties')
    tabs.push(readTab(textAt(properties, 'tabId'), textAt(properties, 'title'), depth, valueAt(tab, 'documentTab')))
    for (const child of listAt(tab, 'childTabs').toReversed()) open.push({ tab: child, depth: depth + 1 })
  }
  return tabs
}

function readTab(id: string, title: string, depth: number, from: unknown): Tab {
  return {
    id,
    title,
    depth,
    content: from === undefined ? null : listAt(from, 'body', 'content'),
    lists: valueAt(from, 'lists'),
    footnotes: valueAt(from, 'footnotes'),
    inlineObjects: valueAt(from, 'inlineObjects'),
    positionedObjects: valueAt(from, 'positionedObjects'),
    font: fontOfText(from),
  }
}

function fontOfText(from: unknown): string {
  const normal = listAt(from, 'namedStyles', 'styles').find(
    (style) => textAt(style, 'namedStyleType') === 'NORMAL_TEXT',
  )
  return textAt(normal, 'textStyle', 'weightedFontFamily', 'fontFamily')
}
