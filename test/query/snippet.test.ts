import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allLanguages, analyse } from '../../src/analysis/analyse.ts'
import { plainText } from '../../src/query/plain-text.ts'
import { type Snippet, snippetsFor } from '../../src/query/snippet.ts'

test.for([
  ['# Title\n\nSome **bold**, *thin* and `code`.', 'Title Some bold, thin and code.'],
  ['- one\n  * two\n1. three\n> quoted', 'one two three quoted'],
  [
    'a [link *text*](https://x.y/a_(b) "t") and ![image](<a b.png>) and <https://x.y>',
    'a link text and image and https://x.y',
  ],
  ['| a | b |\n| --- | :-: |\n| c | d\\|e |', 'a b c d|e'],
  ['```js\nlet snake_case = 1\n```', 'let snake_case = 1'],
  ['`**kept**` \\*kept\\* __init__ _thin_', '**kept** *kept* init thin'],
  ['one  \ntwo\n\n***\n\nthree\u0000<br>four', 'one two three four'],
  ['one.\\\ntwo \\\\ three', 'one. two \\ three'],
] as const)('plain text of %j', ([markdown, text]) => {
  expect(plainText(markdown)).toBe(text)
})

test('the window is where most different words are found', () => {
  const filler = 'nothing of interest here '.repeat(20)
  const snippet = snippetOf(`Reset. ${filler} reset the password ${filler}`, new Set(['reset', 'password']))

  expect(snippet.text).toMatch(/^….*reset the password.*…$/)
  expect(marked(snippet)).toEqual(['reset', 'password'])
  expect(snippet.text.length).toBeLessThanOrEqual(242)
})

test('without a match it is the beginning', () => {
  expect(snippetOf(`The beginning ${'and more '.repeat(60)}`, new Set(['x']))).toEqual({
    text: expect.stringMatching(/^The beginning and more .*more…$/),
    highlights: [],
  })
})

test('other inflections, other languages, parts of identifiers and unspaced scripts are marked', () => {
  const terms = (words: string) => new Set([...analyse(words, 'en'), ...analyse(words, 'fr')])

  expect(marked(snippetOf('Les écoles et l’école', terms('ecole')))).toEqual(['écoles', 'l’école'])
  expect(marked(snippetOf('see ERR_CONN_4042 there', terms('conn')))).toEqual(['ERR_CONN_4042'])
  expect(marked(snippetOf('東京都庁舎は新宿', terms('都庁')))).toEqual(['都庁舎'])
})

test('highlights are words that were asked for, in order, apart, inside a short text of whole characters', () => {
  const word = fc.oneof(
    fc.constantFrom('reset', 'passwords', '**reset**', '[password](x)', '京都', '😀😀', '\n\n'),
    fc.string({ unit: 'binary' }),
  )
  const terms = new Set([...analyse('reset password 京都', 'en')])

  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      const { text, highlights } = snippetOf(words.join(' '), terms)
      expect(text.length).toBeLessThanOrEqual(242)
      expect(text.isWellFormed()).toBe(true)
      let last = 0
      for (const [start, end] of highlights) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(analyse(text.slice(start, end), 'en').some((token) => terms.has(token))).toBe(true)
        last = end
      }
      expect(last).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 100 },
  )
})

function snippetOf(markdown: string, terms: ReadonlySet<string>): Snippet {
  return snippetsFor(terms)(markdown)
}

function marked({ text, highlights }: Snippet): string[] {
  return highlights.map(([start, end]) => text.slice(start, end))
}

test('every word is marked by each of the terms that it is looked up as, though most words are not analysed for a snippet', () => {
  const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
  const endings = fc.constantFrom(
    ...['', 'ing', 'ied', 'ies', 'ement', 'aient', 'ungen', 'amente', 'heden', 'azione', 'euse', 'ying', 'ications'],
    ...['ização', 'encias', 'amenti', 'ically', 'osité', 'ución', 'logías', "'s", '42', 'É', 'SDK', 'œ'],
  )
  const part = fc
    .tuple(
      fc.constantFrom('', '', "l'", 'qu’', 'v2.', 'É', 'e-', 'Get'),
      fc.string({ unit: letters, minLength: 1, maxLength: 12 }),
      endings,
    )
    .map((parts) => parts.join(''))
  const word = fc
    .tuple(part, fc.constantFrom('', '', '', '-', '.', '_', '@', '7'), part)
    .map(([first, between, second]) => (between === '' ? first : `${first}${between}${second}`))
  fc.assert(
    fc.property(word, fc.constantFrom(...allLanguages()), (written, language) => {
      for (const token of analyse(written, language)) {
        const snippet = snippetsFor(new Set([token]), [language])(`( ${written} )`)
        expect(marked(snippet).join(' '), `${token} in ${written}`).not.toBe('')
      }
    }),
    { numRuns: 2000 },
  )
})

test.for([
  ['dying', 'die', 'en'],
  ['Applications', 'appliquer', 'fr'],
  ['SÉCURITÉ', 'securite', 'fr'],
  ['Überweisung', 'überweisungen', 'de'],
  ['iPhoneCase', 'phone', 'en'],
  ['jusqu’aujourd’hui', 'aujourd’hui', 'fr'],
  ['ISO27001', '27001', 'en'],
  ['v2.10.1', '2.10.1', 'en'],
  ['U.S.A', 'usa', 'en'],
  ['ΟΔΟΣ', 'οδος', 'en'],
] as const)('%s is marked where %s is asked for', ([written, asked, language]) => {
  const snippet = snippetsFor(new Set(analyse(asked, language)), [language])(`Before ${written} behind`)

  expect(marked(snippet)).toEqual([written])
})
