/** Rules for macros, by name. A parameter becomes text only where the page shows it. */
import { diagram, formula, plantumlBody, plantumlData } from './diagrams.ts'
import { addressOf, idOf, linkTo, renderReference, renderUser } from './links.ts'
import { markdownBody } from './markdown-body.ts'
import { boldLine, type Context, callout, codeBlock, NOTHING, type Piece, tag } from './pieces.ts'
import { type Element, find, type Node, parse, textOf } from './tree.ts'

interface Macro {
  readonly name: string
  readonly parameters: ReadonlyMap<string, Element>
  /** The rich text body; null without one. */
  readonly rich: readonly Node[] | null
  readonly plain: string | null
}

type MacroRule = (macro: Macro, context: Context) => Piece

export function renderMacro(element: Element, context: Context): Piece {
  const macro = readMacro(element)
  return ruleOf(macro.name)(macro, context)
}

function ruleOf(name: string): MacroRule {
  const rule = macroRules.get(name)
  if (rule !== undefined) return rule
  if (name.startsWith('scroll-')) return bodyOnly
  return name.startsWith('mermaid') ? mermaid : unknown
}

const macroRules: ReadonlyMap<string, MacroRule> = new Map(
  (
    [
      ['info note tip success warning error alert panel', (macro) => panel(macro, macro.name)],
      ['auimessage', (macro) => panel(macro, shown(macro, 'type'))],
      ['code noformat paste-code-macro', code],
      ['expand ui-expand ui-tab ui-step localtab', titled],
      [
        `ui-tabs ui-steps localtabgroup section column div center align toc-zone
         table-filter table-chart pivot-table tableenhancer table-excerpt`,
        bodyOnly,
      ],
      ['span clickable sv-translation', (macro) => macro.rich ?? NOTHING],
      ['excerpt', (macro, context) => excerpt(macro, shown(macro, 'name'), context)],
      [
        'multiexcerpt multiexcerpt-macro',
        (macro, context) => excerpt(macro, shown(macro, 'MultiExcerptName', 'name'), context),
      ],
      ['details', unlessHidden],
      ['show-if hide-if', unlessPersonal],
      ['status', (macro) => bracketed(shown(macro, 'title') || shown(macro, 'colour', 'color'))],
      ['jira jiraissues', jira],
      ['profile', profile],
      ['include', (macro, context) => included(macro, undefined, context)],
      ['excerpt-include', (macro, context) => included(macro, shown(macro, 'name'), context)],
      [
        'multiexcerpt-include multiexcerpt-include-macro',
        (macro, context) => included(macro, shown(macro, 'MultiExcerptName', 'name'), context),
      ],
      ['table-excerpt-include', (macro, context) => tag('p', linkToIncluded(macro, context))],
      ['view-file viewpdf viewdoc viewxls viewppt pdf multimedia video widget iframe', file],
      ['drawio inc-drawio drawio-sketch gliffy lucidchart', diagramName],
      ['plantuml plantumlrender', (macro) => diagram(plantumlBody(macro.plain ?? ''), 'plantuml')],
      ['plantumlcloud', plantumlCloud],
      ['mathblock easy-math-block latex', (macro) => formula(source(macro), 'block')],
      ['mathinline eazy-math-inline easy-math-inline latex-inline', (macro) => formula(source(macro), 'inline')],
      ['markdown mohamicorp-markdown', markdown],
      ['html', (macro) => parse(macro.plain ?? '', 'html').children],
      [
        `toc anchor children pagetree pagetreesearch content-tree livesearch recently-updated contentbylabel blog-posts
         gallery attachments create-from-template space-details spaces popular-labels tasks-report-macro roadmap
         change-history contributors contributors-summary loremipsum detailssummary`,
        () => NOTHING,
      ],
    ] as const satisfies readonly (readonly [string, MacroRule])[]
  ).flatMap(([names, rule]) => names.split(/\s+/).map((name): [string, MacroRule] => [name, rule])),
)

function readMacro(element: Element): Macro {
  const parameters = new Map<string, Element>()
  const loose: Node[] = []
  let rich: readonly Node[] | null = null
  let plain: string | null = null
  for (const node of element.children) {
    if (typeof node === 'string') loose.push(node)
    else if (node.name === 'ac:parameter') setOnce(parameters, node.attributes.get('ac:name') ?? '', node)
    else if (node.name === 'ac:default-parameter') setOnce(parameters, '', node)
    else if (node.name === 'ac:rich-text-body') rich ??= node.children
    else if (node.name === 'ac:plain-text-body') plain ??= textOf(node.children)
    else loose.push(node)
  }
  const body = plain === null && loose.some((node) => typeof node !== 'string' || node.trim() !== '') ? loose : null
  const name = element.attributes.get('ac:name')?.toLowerCase() ?? ''
  return { name, parameters, rich: rich ?? body, plain }
}

function setOnce(parameters: Map<string, Element>, name: string, parameter: Element): void {
  if (!parameters.has(name)) parameters.set(name, parameter)
}

/** The first of the named parameters that has text. */
function shown(macro: Macro, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(macro.parameters.get(name)?.children ?? []).trim()
    if (text !== '') return text
  }
  return ''
}

/** The first `ri:` resource in any of the named parameters, or in any at all. */
function resource(macro: Macro, ...names: readonly string[]): Element | undefined {
  const looked = names.length === 0 ? [...macro.parameters.values()] : names.map((name) => macro.parameters.get(name))
  for (const parameter of looked) {
    const found = find(parameter?.children ?? [], ({ name }) => name.startsWith('ri:'))
    if (found !== undefined) return found
  }
  return undefined
}

function source(macro: Macro): string {
  return macro.plain ?? shown(macro, 'body', 'latex', '')
}

function plainBlock(macro: Macro): Piece {
  return macro.plain === null ? NOTHING : codeBlock(macro.plain)
}

function bodyOnly(macro: Macro): Piece {
  return macro.rich === null ? plainBlock(macro) : tag('div', macro.rich)
}

function unknown(macro: Macro, context: Context): Piece {
  context.lose(`macro:${macro.name}`)
  return bodyOnly(macro)
}

function titled(macro: Macro): Piece {
  return [boldLine(shown(macro, 'title')), bodyOnly(macro)]
}

function panel(macro: Macro, kind: string): Piece {
  const title = shown(macro, 'title')
  const empty = title === '' && macro.rich === null && macro.plain === null
  return empty ? NOTHING : callout(kind, title, bodyOnly(macro))
}

function code(macro: Macro): Piece {
  const title = boldLine(shown(macro, 'title'))
  const text = macro.plain ?? (macro.rich === null ? '' : textOf(macro.rich))
  return text === '' ? title : [title, codeBlock(text, shown(macro, 'language', 'lang', ''))]
}

function unlessHidden(macro: Macro, context: Context): Piece {
  if (shown(macro, 'hidden') === 'true') {
    context.lose('hidden-element')
    return NOTHING
  }
  return shown(macro, 'atlassian-macro-output-type') === 'INLINE' ? (macro.rich ?? NOTHING) : bodyOnly(macro)
}

/** What only some readers of the page may see is not shown to all readers of the index. */
function unlessPersonal(macro: Macro, context: Context): Piece {
  const personal = ['user', 'users', 'group', 'groups', 'special', 'permission', 'hasPermission']
  if (!personal.some((name) => macro.parameters.has(name))) return bodyOnly(macro)
  context.lose(`macro:${macro.name}`)
  return NOTHING
}

function bracketed(text: string): Piece {
  return text === '' ? NOTHING : `[${text}]`
}

/** A key is what the page shows; the rows of a query are not in the page. */
function jira(macro: Macro, context: Context): Piece {
  const key = shown(macro, 'key')
  if (key === '') {
    context.lose(`macro:${macro.name}`)
    return NOTHING
  }
  const own = /^(system )?jira$/i.test(shown(macro, 'server') || 'jira')
  if (!own || !/^[A-Z][A-Z0-9_]*-\d+$/.test(key)) return key
  return linkTo(addressOf(`/browse/${key}`, context.links), key, context)
}

function profile(macro: Macro, context: Context): Piece {
  const user = resource(macro, 'user', '')
  if (user === undefined) context.lose('user')
  return user === undefined ? NOTHING : renderUser(user, context)
}

/** Blocks that other pages may include. Words within a line are none. */
function excerpt(macro: Macro, name: string, context: Context): Piece {
  const content = unlessHidden(macro, context)
  const isInLine = macro.rich !== null && content === macro.rich && !macro.rich.some(isParagraphOrList)
  return content === NOTHING || isInLine ? content : tag('unsilo-excerpt', content, { name })
}

function isParagraphOrList(node: Node): boolean {
  return typeof node !== 'string' && ['p', 'ul', 'ol', 'ac:task-list'].includes(node.name)
}

/**
 * A link, which stands for the other page's text where that may be shown.
 * @param part an excerpt's name, or `''` for the first; absent for the whole page
 */
function included(macro: Macro, part: string | undefined, context: Context): Piece {
  const link = linkToIncluded(macro, context)
  const target = includedId(macro, context)
  return target === null ? tag('p', link) : tag('unsilo-include', link, { target, part })
}

function linkToIncluded(macro: Macro, context: Context): Piece {
  const page = resource(macro)
  if (page !== undefined) return renderReference(page, context)
  const target = writtenTarget(macro)
  return target === null ? NOTHING : linkTo(context.links.page(target), target.title, context)
}

function includedId(macro: Macro, context: Context): string | null {
  const page = resource(macro)
  if (page !== undefined) return idOf(page, context)
  const target = writtenTarget(macro)
  return target === null ? null : context.links.id(target)
}

/** `SPACE:Title`, as older pages have it. */
function writtenTarget(macro: Macro): { title: string; spaceKey?: string } | null {
  const written = shown(macro, '', 'PageWithExcerpt', 'page')
  const [, spaceKey, title] = /^(?:([\w~]+):)?(.+)$/s.exec(written) ?? []
  if (title === undefined) return null
  return spaceKey === undefined ? { title } : { title, spaceKey }
}

function file(macro: Macro, context: Context): Piece {
  const known = resource(macro, 'name', 'url', 'src', '')
  if (known !== undefined) return renderReference(known, context)
  const address = shown(macro, 'url', 'src')
  if (address !== '') return linkTo(addressOf(address, context.links), address, context)
  const name = shown(macro, 'name', '')
  return name === '' ? NOTHING : linkTo(context.links.attachment(name), name, context)
}

function diagramName(macro: Macro, context: Context): Piece {
  context.lose(`macro:${macro.name}`)
  const name = shown(macro, 'diagramDisplayName', 'diagramName', 'name')
  if (name === '') return NOTHING
  const url = context.links.attachment(shown(macro, 'diagramName', 'name'))
  return tag('p', url === null ? name : linkTo(url, name, context))
}

function plantumlCloud(macro: Macro, context: Context): Piece {
  const text = macro.plain ?? plantumlData(shown(macro, 'data'), shown(macro, 'compressed') === 'true')
  if (text === null) context.lose(`macro:${macro.name}`)
  return diagram(text ?? '', 'plantuml')
}

function mermaid(macro: Macro, context: Context): Piece {
  const text = macro.plain ?? ''
  if (text === '') context.lose(`macro:${macro.name}`)
  return diagram(text, 'mermaid')
}

function markdown(macro: Macro, context: Context): Piece {
  context.lose(`macro:${macro.name}`)
  return markdownBody(macro.plain ?? (macro.rich === null ? '' : textOf(macro.rich)))
}
