/** Hostile pages of any size, and how the time that they take grows with it. */
import { convert, msSince, type Subject } from './check.ts'
import type { Format, Input } from './inputs.ts'

/** A start, what is repeated, an end. */
type Shape = readonly [format: Format, start: string, part: string, end: string]

export interface Timing {
  readonly name: string
  /** Milliseconds of a processor at a length and at four times that length. */
  readonly length: number
  readonly once: number
  readonly fourfold: number
}

/** Four times the size may take six times as long: caches and the collector of garbage take their part. Quadratic is 16. */
export const MOST_GROWTH = 6
/** Below that, what else the machine does is most of what is measured. */
export const LEAST_MS = 50
const SHORTEST = 3_900
/** Four times that is a third of what is read of a page. */
const LONGEST = SHORTEST * 256
/** Four times that is what is read of a page with comments. */
const LONGEST_COMMENTED = SHORTEST * 16
const COMMENT = 'x <!-- y -->'
/** What looks too slow is looked at again, at other sizes: a slow step has none but bad moments. */
const AIMS_AGAIN_MS = [100, 200, 400]
const REPEATS = 8

const HTML = `<div>|<ul><li>|<blockquote>|<b><i>|<table><tr><td>|<p hidden><span style="font-size:0">|</div></b></td></p>
  |a < b &lt; & &amp |<b>w</b> <i>x</i>y |<a href="https://e.com/(a">w</a> |<li>w|<table><tr><th>a<td>b</table>|w<br>
  |<h1># w|<dt>a<dd>b|*_[~|[(|${'`'}|\\|1. |&nbsp; |\u200B|\u200D\u{1F468}\uFE0F|\uD800|https://e.com/((|<!--|<![CDATA[`
const STORAGE = `<ac:structured-macro ac:name="info"><ac:rich-text-body>|<x:y>|<ac:link><ac:link-body>|<![CDATA[a]]>
  |<ac:structured-macro ac:name="unknown"><ac:parameter ac:name="a">b</ac:parameter></ac:structured-macro>|<![CDATA[
  |<ac:structured-macro ac:name="include"><ac:parameter ac:name="">|<ac:task-list><ac:task><ac:task-body>|<!-- a -->
  |</p></ac:link></x>|<a><b></a>|&eacute;&amp;&#65;&bad;|<ac:image><ri:attachment ri:filename="a.png"/></ac:image>
  |<ac:link><ri:page ri:content-title="T"/></ac:link> |<ac:adf-extension><ac:adf-node type="panel"><ac:adf-content>
  |<ac:adf-extension><ac:adf-fallback>`
const MARKDOWN = `\t|\u200B|\u{1F468}\u200D|\uD800|a\r`
/** With a comment at the end: without one, nothing of it would be looked at. */
const COMMENTED = `<!-- |a <!-- |<!-- a -->|a <!-- b --> |${'`'}<!-- a|> |> <!-- a -->\n|- |- a <!-- b -->\n|[<!-- a -->](
  |~~~~\n<!-- a -->\n|[a](<b |*a _b `
const ADF_NESTED = `{"type":"bulletList","content":[{"type":"listItem","content":[
  |{"type":"blockquote","content":[|{"type":"x","content":[|{"type":"panel","content":[
  |{"type":"table","attrs":{"isNumberColumnEnabled":true},"content":[{"type":"tableRow","content":[{"type":"tableCell","content":[
  |{"type":"bodiedExtension","attrs":{"extensionKey":"info"},"content":[`
const ADF_LISTED = `{"type":"text","text":"w "}|{"type":"hardBreak"}|null|{"type":"mention","attrs":{"id":"a","text":"@b"}}
  |{"type":"text","text":"w","marks":[{"type":"strong"},{"type":"em"},{"type":"link","attrs":{"href":"/a"}}]}
  |{"type":"inlineCard","attrs":{"url":"https://e.com/a"}}
  |{"type":"confluenceUnsupportedInline","attrs":{"cxhtml":"<p>a<b>"}}
  |{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"text","text":"w"}]}]}`

export const SHAPES: readonly Shape[] = [
  ...parts(HTML).map((part): Shape => ['html', '', part, 'x']),
  ['html', '<table>', '<tr><td>a<td>b', '</table>'],
  ['html', '<table><tr>', '<td>w', '</table>'],
  ['html', '<table>', '<tr><td rowspan="1000" colspan="1000">a', '</table>'],
  ['html', '<table><tr><th>name<th>code', '<tr><td>a<td><pre>b\nc</pre>', '</table>'],
  ['html', '<p', ' a="b"', '>x'],
  ['html', '<p style="', 'color:red;/*', '">x</p>'],
  ['html', '<pre>', '   \n', 'x</pre>'],
  ...parts(STORAGE).map((part): Shape => ['storage', '', part, 'x']),
  ['storage', '<ac:task-list>', '<ac:task><ac:task-body>w</ac:task-body></ac:task>', '</ac:task-list>'],
  ['storage', '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[', '<b>a</b><p>', ']]>'],
  ['storage', '<ac:structured-macro ac:name="markdown"><ac:plain-text-body><![CDATA[', '**a** `b`\n# c\n', ']]>'],
  ...parts(MARKDOWN).map((part): Shape => ['markdown', '', part, 'x']),
  ...parts(COMMENTED).map((part): Shape => ['markdown', '', part, COMMENT]),
  ['markdown', '| a | b |\n|---|---|\n', '| a | <!-- b --> |\n', COMMENT],
  ...parts(ADF_NESTED).map((part): Shape => ['adf', '{"type":"doc","content":[', part, ']}']),
  ...parts(ADF_LISTED).map((part): Shape => ['adf', '{"type":"doc","content":[', `${part},`, 'null]}']),
  ['adf', '{"type":"doc","content":[{"type":"text","text":"w","marks":[', '{"type":"strong"},', 'null]}]}'],
]

function parts(list: string): string[] {
  return list.split(/(?:\n {2})?\|/)
}

/** Of about that length, with at least one part. */
export function inputOf([format, start, part, end]: Shape, length: number): Input {
  const count = Math.max(1, Math.floor(length / part.length))
  return { format, text: start + part.repeat(count) + closing(format, part).repeat(count) + end }
}

/** What a JSON text opens it closes. */
function closing(format: Format, part: string): string {
  if (format !== 'adf' || part.endsWith(',')) return ''
  return [...part.replace(/[^[\]{}]/g, '')]
    .reduce((open, sign) => (/[[{]/.test(sign) ? sign + open : open.slice(1)), '')
    .replaceAll('[', ']')
    .replaceAll('{', '}')
}

/** Until the larger size takes `aimMs`, or as long as pages get. */
export function timeShape(shape: Shape, aimMs: number, subject: Subject): Timing {
  let timing = timeOnce(shape, aimMs, subject)
  for (const aim of AIMS_AGAIN_MS) if (isTooSteep(timing)) timing = timeOnce(shape, aim, subject)
  return timing
}

/** Repeats what looks too slow, and keeps the least. */
function timeOnce(shape: Shape, aimMs: number, subject: Subject): Timing {
  const time = (length: number) => timed(subject, inputOf(shape, length))
  const longest = shape[3] === COMMENT ? LONGEST_COMMENTED : LONGEST
  let length = SHORTEST
  let fourfold = time(length * 4)
  while (fourfold < aimMs && length < longest) {
    length *= 4
    fourfold = time(length * 4)
  }
  let once = Math.min(time(length), time(length))
  for (let left = REPEATS; left > 0 && isTooSteep({ once, fourfold }); left -= 1) {
    once = Math.min(once, time(length))
    fourfold = Math.min(fourfold, time(length * 4))
  }
  return { name: `${shape[0]}: ${JSON.stringify(shape[2]).slice(0, 40)}`, length, once, fourfold }
}

export function isTooSteep({ once, fourfold }: Pick<Timing, 'once' | 'fourfold'>): boolean {
  return fourfold > LEAST_MS && fourfold > once * MOST_GROWTH
}

function timed(subject: Subject, input: Input): number {
  const started = process.threadCpuUsage()
  convert(subject, input)
  return msSince(started)
}
