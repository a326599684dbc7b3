/** What pages are spoilt with: words that mean something to markdown, characters nobody sees, attributes that lie. */
import type { Random } from './random.ts'

const MARKS = [
  ...String.raw`* ** *** _ __ ${'`'} ${'``'} ${'```'} ~ ~~ ~~~ # ## > >> | || \ \\ [ ] [] () ]( ![ [x] [x](y) ![i](j) [^1]
  ^ $x$ ::: 1. 12) 1234567890. - + = --- === |- :- |---| ! & &amp; &copy; &#35; &#x2A; &nbsp; &lt;b&gt; < <b> </b> <!--
  --> <![CDATA[ ]]> <br> <https://e.com> <a@b.c> <?x <!x <T> ' " “q” ’ … — «x» $ % @ { }`.split(/\s+/),
  ...['####### ', '[ ]', '[a]: b', '- - -', '* * *', '| a | b |'],
]
const WORDS =
  String.raw`word Two é e${'\u0301'} 语言 日本。 שלום مرحبا ß snake_case _id_ __init__ C# a|b x*y C:\x ~/.x 1 2.5 1,5
  a.b@c.org www.e.com https://x.y/_a_?b=1&c=(2) http://[::1]/ ftp://f.g constructor __proto__ toString hasOwnProperty
  ${'\u{1F600} \u{1F468}\u200D\u{1F469} 1\uFE0F\u20E3'}`.split(/\s+/)
const UNSEEN = [
  ...'\u200B\u200C\u200D\u2060\uFEFF\u00AD\u200E\u202E\u2066\u2069\u061C\u3164\u180E\u034F\uFE0F\uFE01\u{E0101}',
  ...'\0\x01\x08\v\f\x1B\x7F\x85\x9F\uFFFD\uFFFE\uFFF9',
  ...['\u{E0041}\u{E0042}', '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}', '\uD800', '\uDC00'],
]
const SPACES = [' ', ' ', ' ', '  ', '\n', '\n\n', '\t', '\u00A0', '\u2003', '\u3000', '\u2028', '\r\n', '\r', '']

/** One word to a few, apart or not. */
export function hostileText(random: Random): string {
  const parts: string[] = []
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    parts.push(random.pick(random.pick([MARKS, MARKS, WORDS, WORDS, UNSEEN])), random.pick(SPACES))
  }
  if (random.chance(0.01)) parts.push(random.pick(MARKS).repeat(1 + random.below(200)))
  return parts.join('')
}

/** Of those that programs trip over. */
export function hostileCharacter(random: Random): string {
  return random.pick(random.chance(0.5) ? UNSEEN : MARKS)
}

export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const URLS = [
  ...String.raw`https://e.com/a_(b)?c=1&d=2 http://e.com/<x> https://e.com/)]( //e.com/x /x #a ?q javascript:alert(1)
  data:text/html,<b> data:image/png;base64,AAAA vbscript:x file:///etc/passwd mailto:a@b.c mailto:ab@c.org tel:+1 blob:x
  https:// https:e http://[ \\h\s % https://e.com/%zz https://e.com/${'\u202E'}gpj https://user:pw@e.com/ |`.split(
    /\s+/,
  ),
  ...['https://e.com/ a', 'java\nscript:alert(1)', ' JaVaScRiPt:x', `https://e.com/${'a'.repeat(9_000)}`, ''],
]
const STYLES = `display:none|display: none|DISPLAY : NONE !important|display:none;display:block|visibility:hidden
  |visibility:visible|font-size:0|color:#fff;background:#fff|color: transparent|opacity:0|opacity:0.5|mso-hide:all
  |position:absolute;left:-9999px|text-indent:-99999px|height:0;overflow:hidden|margin:0|/* display:none */|;;;:::
  |disp\\6cay:none|width:1px|color:red`.split(/\s*\|/)
const SPANS = ['0', '1', '2', '3', '7', '1000', '65534', '99999999', '-1', 'x', '1e9', '', ' 2 ', '2.5']
const CLASSES = ['language-js', 'language-```', 'emoticon', 'katex-html', 'lang-c++', 'x']
const FLAGS = [' hidden', ' hidden="until-found"', ' open', ' checked', ' disabled', ' aria-hidden="true"']
const BROKEN = [' =x', ' "', " '", ' a=b', ' <', ' /', ' x="', ' a="1" a="2"', ' style=display:none', '\n\t']
const TEXTS = ['alt', 'title', 'id', 'name', 'type', '__proto__', 'ac:name', 'ri:content-title', 'ri:value']

/** `name="value"` with a blank in front. */
export function hostileAttribute(random: Random): string {
  switch (random.below(10)) {
    case 0:
      return attribute(random.pick(['href', 'src']), random.pick(URLS))
    case 1:
    case 2:
      return attribute('style', random.pick(STYLES))
    case 3:
      return attribute(random.pick(['colspan', 'rowspan', 'start']), random.pick(SPANS))
    case 4:
      return attribute('class', random.pick(CLASSES))
    case 5:
    case 6:
      return attribute(random.pick(TEXTS), hostileText(random))
    case 7:
      return attribute(`data-${random.below(9)}`, 'v'.repeat(random.below(random.chance(0.02) ? 20_000 : 40)))
    case 8:
      return random.pick(FLAGS)
    default:
      return random.pick(BROKEN)
  }
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escapeMarkup(value)}"`
}
