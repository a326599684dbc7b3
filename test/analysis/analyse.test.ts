import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allLanguages, analyse, chunkAnalyser, languageOf, queryGroups } from '../../src/analysis/analyse.ts'
import type { Chunk } from '../../src/core/document.ts'

function french(text: string): string {
  return analyse(text, 'fr').join(' ')
}

function english(text: string): string {
  return analyse(text, 'en').join(' ')
}

describe('inflections of one word are one token', () => {
  test.each([
    ['rembourser remboursé remboursée remboursés remboursées rembourse remboursement'],
    ['activité activités activer activés'],
    ['salarié salariée salariés salariées'],
    ['photo photos'],
    ['agenda agendas'],
    ['contenu contenue contenus contenues'],
    ['publier publié publiée publies'],
    ['particulier particulière particulièrement particuliers'],
    ['régulier régulière régulièrement'],
    ['connecté connecter connectez connectée'],
    ['employé employée employés employer'],
    ['cheval chevaux'],
  ])('French: %s', (words) => {
    expect(new Set(analyse(words, 'fr')).size).toBe(1)
  })

  test.each([
    ['connect connected connecting connection connections'],
    ['subscription subscriptions subscriptions’s'],
    ['bill bills billing billed'],
    ['refund Refunds refunded REFUNDING'],
  ])('English: %s', (words) => {
    expect(new Set(analyse(words, 'en')).size).toBe(1)
  })
})

test('French is found without its accents, whatever the word', () => {
  const words = `remboursée activité sécurité accès données élève école naïf numéro français requête préféré manière
    employé déjà réglée vérifié matière après décès où dû forêt œuvre créée gratuité clé café congé société étaient reçu
    connectèrent lièvre carrément préférés différemment Noël`.split(/\s+/)
  const bare = words.map((word) =>
    word
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replace('œ', 'oe'),
  )

  expect(words.map(french)).toEqual(bare.map(french))
})

test.each([
  ["l'école L’ÉCOLE ecole", 'ecol ecol ecol'],
  ["qu'il jusqu’ici lorsqu'on d'accord s'il", 'il ici on accord il'],
  ["aujourd'hui prud'homme", 'aujourdhu prudhomm'],
  ["l'ERR_42", 'err_42 err'],
])('French elision: %s', (text, tokens) => {
  expect(french(text)).toBe(tokens)
})

test.each([
  ["dell'anno nell’anno all'anno un'anno sull'ANNO quest'anno quell'anno dagl'anno", 'anno '.repeat(8).trim()],
  ["l'utente d'anno c'è", 'utent anno e'],
  ["agl'ERR_42", 'err_42 err'],
])('Italian elision: %s', (text, tokens) => {
  expect(analyse(text, 'it').join(' ')).toBe(tokens)
})

test.each([
  ["the UN's users, all's well", 'the un user all well'],
  ["the user's account", 'the user account'],
  ["don't O'Neill", 'dont oneil neill'],
  ["L'Oréal's", 'oreal'],
])('English apostrophes: %s', (text, tokens) => {
  expect(english(text)).toBe(tokens)
})

test.each([
  ['straße Œuvre ﬁn ＡＢＣ Łódź İzmir', 'strass oeuvr fin abc lodz izmir'],
  ['re\u00admbourse', 'rembours'],
  ['Привет Ελλάδα', 'привет ελλαδα'],
  ['知识库 字 ノートPC', '知识 知 识 库 字 ノー ート pc'],
  ['한국어', '한국 국어'],
  ['a\u00a0b\u202fc', 'a b c'],
  ['🙂 — … \ud800', ''],
])('folds %s', (text, tokens) => {
  expect(french(text)).toBe(tokens)
})

test.each([
  ['ERR_CONN_4042', 'err_conn_4042 err conn 4042'],
  ['PROJ-123', 'proj-123 proj 123'],
  ['v2.10.1', 'v2.10.1 2.10.1'],
  ['192.168.0.1', '192.168.0.1 192 168'],
  ['ISO27001', 'iso27001 iso 27001'],
  ['getUserName', 'getusernam get user name'],
  ['HTTPServer PDFs JavaScript', 'httpserver http server pdf javascript java script'],
  ['__init__ _word_', 'init word'],
  ['node.js', 'node.js node js'],
  ['C# C++ F#', 'c# c++ f#'],
  ['U.S.A. e.g. R&D', 'usa eg r&d'],
  ['e-mail email', 'email email'],
  ['check-in', 'check in'],
  ['--dry-run', 'dri run'],
  ['jane.doe@example.com', 'jane.doe@example.com jane doe exampl com'],
  ['https://docs.example.com/a-b/page_id?q=1', 'http docs.example.com doc exampl com ab page_id page id q 1'],
  ['10h30 2026-05-01 3.14', '10h30 2026-05-01 2026 3.14'],
])('identifiers are kept whole and in parts: %s', (text, tokens) => {
  expect(english(text)).toBe(tokens)
})

test('what is too long is cut, the same to index and to ask', () => {
  const long = 'x1'.repeat(500)
  const [token = ''] = analyse(long, 'en')

  expect(token).toHaveLength(64)
  expect(queryGroups(long, ['en'])).toEqual([[token]])
})

test('an endless word overflows no stack', () => {
  expect(analyse('a.'.repeat(5_000_000), 'en').length).toBeGreaterThan(0)
})

describe('queryGroups', () => {
  test.each([
    ['connections', [['connect']]],
    [
      'running shoes',
      [
        ['run', 'running'],
        ['shoe', 'sho'],
      ],
    ],
    ["l'activité", [['activit', 'activ']]],
  ])('one group a word, one member a language: %s', (text, groups) => {
    expect(queryGroups(text, ['en', 'fr'])).toEqual(groups)
  })

  test('an identifier is asked for whole, and its part finds it', () => {
    expect(queryGroups('ERR_CONN_4042', ['en', 'fr'])).toEqual([['err_conn_4042']])
    expect(analyse('ERR_CONN_4042', 'fr')).toContain(queryGroups('4042', ['fr'])[0]?.[0])
  })

  test('a hyphenated word is asked for by its words, and so is unspaced script', () => {
    expect(queryGroups('rendez-vous', ['fr'])).toEqual(queryGroups('rendez vous', ['fr']))
    expect(queryGroups('知识库', ['en', 'fr'])).toEqual([['知识'], ['库']])
  })

  test('repeats and marks are left out, all languages are asked where none is named', () => {
    expect(queryGroups('wort Wort "wort" -- !?', ['en'])).toEqual([['wort']])
    expect(queryGroups('payments', [])).toEqual(queryGroups('payments', ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl']))
    expect(queryGroups(' ', ['en'])).toEqual([])
  })

  test.each([' ', '-'])('a long query joined by "%s" is cut', (joint) => {
    const words = Array.from({ length: 60 }, (_, word) => String.fromCharCode(97 + (word % 26), 97 + word / 26, 120))

    expect(queryGroups(words.join(joint), ['en', 'fr'])).toHaveLength(32)
  })
})

test('a text finds itself: each group of a query is among the tokens of the same text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  const word = fc.constantFrom(
    '\ufc5e',
    "l'été",
    'ERR_4',
    'fooBar',
    'a-b',
    '知识',
    'x@y.z',
    'v1.2',
    'École',
    "it's",
    'C++',
    '.',
    ' ',
    '-',
  )
  const mixed = fc.array(fc.oneof(text, word), { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(mixed, fc.constantFrom(...allLanguages()), (query, language) => {
      const tokens = new Set(analyse(query, language))
      const missing = queryGroups(query, allLanguages()).filter((group) => !group.some((token) => tokens.has(token)))
      expect(missing).toEqual([])
      for (const token of tokens) expect(token).toMatch(/^\S{1,64}$/)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['fr', 'The text is in English', 'fr'],
  ['fr-CA', '', 'fr'],
  ['en_GB', 'le texte est en français', 'en'],
  [undefined, 'Pour vous connecter, ouvrez la page des paramètres et choisissez le mot de passe.', 'fr'],
  [undefined, 'To sign in, open the settings page and choose the password.', 'en'],
  ['sv', 'le texte est dans la page', 'fr'],
  ['de-AT', 'the text', 'de'],
  [
    undefined,
    'Wenn Sie Ihr Passwort vergessen haben, klicken Sie auf die Schaltfläche und folgen Sie der Anleitung.',
    'de',
  ],
  [undefined, 'Para cambiar su contraseña, abra los ajustes y elija una de las opciones que hay en el menú.', 'es'],
  [undefined, 'Per cambiare la password, apri le impostazioni della pagina che è nel menu del tuo account.', 'it'],
  [
    undefined,
    'Para alterar a sua senha, abra as configurações da conta e escolha uma das opções com o seu nome.',
    'pt',
  ],
  [undefined, 'Om uw wachtwoord te wijzigen opent u de instellingen van het account en kiest u voor een nieuw.', 'nl'],
  [undefined, 'remboursé deux fois', 'fr'],
  [undefined, 'Propriétés calculées', 'fr'],
  [undefined, 'Passwort vergessen', 'de'],
  [undefined, 'fattura non ricevuta', 'it'],
  [undefined, 'wachtwoord vergeten', 'nl'],
  [undefined, 'invoice export', 'en'],
  [undefined, '日本語のテキスト', 'en'],
  [undefined, 'HEADER1 HEADER2 row1 row2', 'en'],
  [
    undefined,
    'A greeting\n\n```js\nconst greet = (name) => "Hello, " + name;\nconsole.log(greet("world"));\n```',
    'en',
  ],
  [undefined, '42', 'en'],
  ['constructor', '', 'en'],
])('the language of locale %s and "%s" is %s', (locale, text, language) => {
  expect(languageOf(locale, text)).toBe(language)
})

test.each([
  ['de', 'Kündigung kündigungen Kundigung'],
  ['de', 'Rechnung Rechnungen'],
  ['es', 'contraseña contraseñas contrasena'],
  ['es', 'facturación facturaciones facturacion'],
  ['it', 'fattura fatture'],
  ['it', 'città citta'],
  ['pt', 'configuração configurações configuracao configuracoes'],
  ['pt', 'senha senhas'],
  ['nl', 'rekening rekeningen'],
] as const)('in %s, inflections of one word are one token, with and without accents: %s', (language, words) => {
  expect(new Set(analyse(words, language)).size).toBe(1)
})

describe('chunkAnalyser', () => {
  const body = (text: string) => chunkAnalyser('', 'en')(of(text)).body.join(' ')

  test('gives the tokens of each field', () => {
    const analyse = chunkAnalyser('The Title', 'en')
    const { title, headings, body } = analyse(of('# Paying\n\nText.\n\n## Refunds ##\n\nMore.', ['Paying']))

    expect(title).toEqual(['the', 'titl'])
    expect(headings).toEqual(['pay', 'refund'])
    expect(body).toEqual(['pay', 'text', 'refund', 'more'])
  })

  test('gives each chunk of a document its own headings', () => {
    const analyse = chunkAnalyser('', 'en')
    const headings = [['Paying'], ['Paying', 'Cards'], ['Cards']].map((path) => analyse(of('Text.', path)).headings)

    expect(headings).toEqual([['pay'], ['pay', 'card'], ['card']])
  })

  test.each([
    ['links keep their text', '[the guide](https://x.test/some/path "title") ![alt text](a.png)', 'the guid alt text'],
    ['a visible address is text', '<https://x.test>', 'http x.test test'],
    ['escapes are undone', 'ERR\\_CONN\\_1 \\*x\\*', 'err_conn_1 err conn x'],
    ['emphasis can stand inside a word', '**re**start _word_', 'restart word'],
    ['tables leave cells', '| A cell | b<br>c |\n| :--- | ---: |\n| \\| | `d\\_e` |', 'a cell b c d e'],
    ['code is text as it stands', '```html\n<div class="x">a\\_b</div>\n```', 'div class x a b div'],
    ['inline code too', '`<T>` and <b>bold</b> &lt;tag&gt; R&amp;D', 't and bold tag r&d'],
    ['a fence inside a longer one is code', '````md\n```js\n[a](b)\n```\n[c](d)\n````', 'js a b c d'],
    ['a hash in code is no heading', '```\n# no\n```', 'no'],
  ])('%s', (_, text, tokens) => {
    expect(body(text)).toBe(tokens)
  })
})

function of(text: string, headings: readonly string[] = []): Chunk {
  return { id: 'c', ordinal: 0, headings, text, start: 0, end: text.length, tokens: 1 }
}
