/** Rules for `ac:` and `ri:` elements that are no macros, and for the HTML elements that need one. */
import { renderAdfContent, renderAdfNode, renderExtension } from './adf.ts'
import { emojiOf, emoticon } from './emoticons.ts'
import { addressOf, renderAnchor, renderLink, renderUser, targetOf } from './links.ts'
import { renderMacro } from './macros.ts'
import { type Context, codeBlock, NOTHING, type Piece, type Rule, startTag, tag } from './pieces.ts'
import { child, type Element, find, textOf } from './tree.ts'

const keep: Rule = (element) => element.children
const drop: Rule = () => NOTHING
const block: Rule = (element) => tag('div', element.children)

export const elementRules: ReadonlyMap<string, Rule> = new Map([
  ['ac:structured-macro', renderMacro],
  ['ac:macro', renderMacro],
  ['ac:link', renderLink],
  ['ac:image', renderImage],
  ['ac:emoticon', emoticon],
  ['ac:task-list', renderTaskList],
  ['ac:adf-extension', renderExtension],
  ['ac:adf-node', renderAdfNode],
  ['ac:adf-content', renderAdfContent],
  ['ac:adf-fallback', renderAdfContent],
  ['ri:user', renderUser],
  ['a', renderAnchor],
  ['img', renderPicture],
  ['time', renderTime],
  ['math', renderMath],

  ['ac:inline-comment-marker', keep],
  ['ac:confluence', keep],
  ['ac:adf-mark', keep],
  ['html', keep],
  ['body', keep],

  ['ac:layout', block],
  ['ac:layout-section', block],
  ['ac:layout-cell', block],
  ['ac:rich-text-body', block],
  ['ac:caption', block],
  ['ac:task-body', block],

  ['ac:plain-text-body', (element) => codeBlock(textOf(element.children))],

  ['ac:parameter', drop],
  ['ac:default-parameter', drop],
  ['ac:adf-attribute', drop],
  ['ac:adf-parameter', drop],
  ['ac:placeholder', drop],
  ['ac:task-id', drop],
  ['ac:task-uuid', drop],
  ['ac:task-status', drop],
  ['at:declarations', drop],
  ['at:var', drop],
  ['head', drop],
  ['script', counted],
  ['style', counted],
  ['template', counted],
  ['noscript', counted],
  ['iframe', counted],
  ['svg', counted],
  ['datalist', counted],
  ['dialog', counted],
  ['title', drop],
] satisfies readonly (readonly [string, Rule])[])

function counted(_: Element, context: Context): Piece {
  context.lose('hidden-element')
  return NOTHING
}

function renderImage(element: Element, context: Context): Piece {
  const resource = child(element, 'ri:attachment', 'ri:url', 'ri:content-entity')
  const { url, text } = resource === undefined ? { url: null, text: '' } : targetOf(resource, context)
  const alt = element.attributes.get('ac:alt') ?? ''
  const caption = child(element, 'ac:caption')
  if (alt === '' && caption === undefined && isIcon(element)) return NOTHING
  return [picture(url, alt || lastSegment(text), context), caption === undefined ? NOTHING : renderCaption(caption)]
}

function renderPicture(element: Element, context: Context): Piece {
  const alt = element.attributes.get('alt') ?? ''
  if (element.attributes.get('class')?.split(/\s+/).includes('emoticon') === true) {
    return emojiOf(element.attributes.get('data-emoji-fallback') ?? alt)
  }
  const src = element.attributes.get('src') ?? ''
  return picture(addressOf(src, context.links), alt, context)
}

/** Where there is no address, what the image is called is still worth finding. */
function picture(src: string | null, alt: string, context: Context): Piece {
  if (src !== null) return startTag('img', { src, alt })
  context.lose('image')
  return alt === '' ? NOTHING : `[image: ${alt}]`
}

function renderCaption(caption: Element): Piece {
  const plain = child(caption, 'ac:plain-text-body')
  return tag('div', plain === undefined ? caption.children : textOf(plain.children))
}

/** An image the size of a letter decorates a line; it says nothing. */
function isIcon(element: Element): boolean {
  const size = element.attributes.get('ac:width') ?? element.attributes.get('ac:height')
  return size !== undefined && Number.parseInt(size, 10) <= 24
}

function lastSegment(path: string): string {
  return path.replace(/[?#].*$/s, '').replace(/^.*\//s, '') || path
}

/** A list inside a list is a sibling of its task in storage format, and a child of its item in HTML. */
function renderTaskList(element: Element): Piece {
  const pieces: Piece[] = [{ html: '<ul>' }]
  let open = false
  for (const node of element.children) {
    if (typeof node === 'string' && node.trim() === '') continue
    if (typeof node !== 'string' && node.name === 'ac:task') {
      pieces.push({ html: open ? '</li><li>' : '<li>' }, taskItem(node))
    } else {
      if (!open) pieces.push({ html: '<li>' })
      pieces.push(typeof node === 'string' ? ` ${node}` : node)
    }
    open = true
  }
  pieces.push({ html: open ? '</li></ul>' : '</ul>' })
  return pieces
}

function taskItem(task: Element): Piece {
  const status = child(task, 'ac:task-status')
  const done = status !== undefined && textOf(status.children).trim() === 'complete'
  const body = child(task, 'ac:task-body')?.children ?? task.children
  const box = startTag('input', { type: 'checkbox', checked: done ? '' : undefined })
  return [box, ' ', body]
}

/** Confluence stores the day and shows it in the reader's own way. */
function renderTime(element: Element): Piece {
  const datetime = element.attributes.get('datetime')?.trim() ?? ''
  return datetime === '' ? element.children : datetime
}

/** KaTeX and its kin keep the source beside the drawing. */
function renderMath(element: Element): Piece {
  const source = find(element.children, ({ name }) => name === 'annotation')
  return tag('code', textOf((source ?? element).children).trim())
}
