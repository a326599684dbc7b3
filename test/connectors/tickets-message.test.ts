/** Invented messages, each with what must stay of it: an answer that is eaten is worse than a signature that stays. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanMessage, namesOf } from '../../connectors/tickets/message/clean.ts'
import { hasSubstance } from '../../connectors/tickets/message/substance.ts'
import { writeLines } from '../../connectors/tickets/message/write.ts'

const PEOPLE = ['Ada Canary', 'Grace Beacon', 'Zoé Lumière', 'ada.canary@example.org']

function clean(html: string, isFirst = false) {
  return cleanMessage(html, { isFirst, names: namesOf(PEOPLE) })
}

/** Line by line, as a reader sees it. */
const left = (html: string, isFirst = false) =>
  clean(html, isFirst)
    .lines.map(({ text }) => text)
    .join('\n')

/** Lines as a mail program in plain text sends them. */
const plain = (...lines: readonly string[]) =>
  lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')).join('<br>')

const p = (...paragraphs: readonly string[]) => paragraphs.map((text) => `<p>${text}</p>`).join('\n')

const ANSWER = 'Press Export in Settings, then choose all years.'
const REPONSE = 'Cliquez sur Exporter dans les réglages, puis choisissez toutes les années.'

describe('what was answered goes', () => {
  test.each([
    [
      'Gmail',
      `<div dir="ltr">${ANSWER}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 3 Mar 2025 at 10:12, Ada Canary &lt;<a href="mailto:ada@example.org">ada@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">Where is the export?</blockquote></div>`,
      ANSWER,
    ],
    [
      'Gmail in French',
      `<div>${REPONSE}</div><div class="gmail_quote"><div class="gmail_attr">Le lun. 3 mars 2025 à 10:12, Ada &lt;a@example.org&gt; a écrit :</div><blockquote>Où est l’export ?</blockquote></div>`,
      REPONSE,
    ],
    [
      'Apple Mail',
      `<div>${ANSWER}</div><div><blockquote type="cite"><div>On 3 Mar 2025, at 10:12, Ada Canary &lt;a@example.org&gt; wrote:</div><div>Where is it?</div></blockquote></div>`,
      ANSWER,
    ],
    [
      'Apple Mail in French, plain text',
      plain(REPONSE, '', 'Le 3 mars 2025 à 10:12, Ada Canary <a@example.org> a écrit :', '', '> Où est-ce ?', '> Ada'),
      REPONSE,
    ],
    [
      'Outlook',
      p(ANSWER) +
        '<hr><div><b>From:</b> Ada Canary &lt;a@example.org&gt;<br><b>Sent:</b> Monday, March 3, 2025 10:12 AM<br><b>To:</b> Support<br><b>Subject:</b> Export</div><p>Where is it?</p>',
      ANSWER,
    ],
    [
      'Outlook in French',
      p(REPONSE) +
        '<div><b>De :</b> Ada Canary<br><b>Envoyé :</b> lundi 3 mars 2025 10:12<br><b>À :</b> Support<br><b>Objet :</b> Export</div><p>Où est-ce ?</p>',
      REPONSE,
    ],
    [
      'Outlook on the web',
      `<div>${ANSWER}</div><div id="appendonsend"></div><div id="divRplyFwdMsg"><b>From:</b> Ada</div><div>________________________________</div>`,
      ANSWER,
    ],
    [
      'a line of underscores before the header',
      plain(
        ANSWER,
        '________________________________',
        'De : Ada',
        'Envoyé : lundi 3 mars 2025',
        'À : Support',
        'Objet : x',
        'Bonjour',
      ),
      ANSWER,
    ],
    ['the classic mark', plain(ANSWER, '', '-----Original Message-----', 'From: Ada', 'Where is it?'), ANSWER],
    ['the classic mark in French', plain(REPONSE, '-----Message d’origine-----', 'Où est-ce ?'), REPONSE],
    [
      'an attribution over two lines',
      plain(ANSWER, 'On Mon, 3 Mar 2025 at 10:12, Ada Canary <ada.canary@example.org>', 'wrote:', '> Where?'),
      ANSWER,
    ],
    [
      'Thunderbird',
      `<p>${ANSWER}</p><div class="moz-cite-prefix">Le 03/03/2025 à 10:12, Ada a écrit :</div><blockquote type="cite">Où ?</blockquote>`,
      ANSWER,
    ],
    [
      'Yahoo',
      `<div>${ANSWER}</div><div class="yahoo_quoted"><div>On Monday, Ada wrote:</div><div>Where?</div></div>`,
      ANSWER,
    ],
  ])('%s', (_, html, expected) => expect(left(html)).toBe(expected))
})

describe('what only looks like a mark stays', () => {
  test.each([
    [
      'answers between the lines',
      plain(
        'On Mon, 3 Mar 2025 at 10:12, Ada <a@example.org> wrote:',
        '> Where is the export?',
        ANSWER,
        '> And the import?',
        'There is none.',
      ),
      `${ANSWER}\nThere is none.`,
    ],
    [
      'answers between Gmail’s quotes',
      `<div class="gmail_quote"><div class="gmail_attr">On Mon, 3 Mar 2025 at 10:12, Ada &lt;a@b.c&gt; wrote:</div><blockquote class="gmail_quote">Where is the export?</blockquote><div>${ANSWER}</div><blockquote class="gmail_quote">And the import?</blockquote><div>There is none.</div></div>`,
      `${ANSWER}\nThere is none.`,
    ],
    [
      'an answer below the quote',
      plain('Le 3 mars 2025 à 10:12, Ada <a@example.org> a écrit :', '> Où est-ce ?', '', REPONSE),
      REPONSE,
    ],
    ['an answer below a marked quote', `<blockquote type="cite">Where?</blockquote><p>${ANSWER}</p>`, ANSWER],
    [
      'somebody who quotes by hand',
      plain('On 3 March you wrote:', '"It hangs."', ANSWER),
      `On 3 March you wrote:\n"It hangs."\n${ANSWER}`,
    ],
    [
      'a form to fill in',
      plain('From: the first day of the period', 'To: the last day', ANSWER),
      `From: the first day of the period\nTo: the last day\n${ANSWER}`,
    ],
    [
      'a letter to copy',
      plain('Send us this:', 'From: your address', 'To: support', 'Date: the day', 'Subject: Export', ANSWER),
      `Send us this:\nFrom: your address\nTo: support\nDate: the day\nSubject: Export\n${ANSWER}`,
    ],
    [
      'a header as an example, in code',
      `<p>${ANSWER}</p><pre>From: a\nSent: 3 March\nTo: c</pre><p>That is all.</p>`,
      `${ANSWER}\nFrom: a\nSent: 3 March\nTo: c\nThat is all.`,
    ],
    [
      'a quotation of the manual',
      `<p>The manual says:</p><blockquote>${ANSWER}</blockquote>`,
      `The manual says:\n${ANSWER}`,
    ],
    [
      'a mark as an example, in code',
      `<p>Cut at this line:</p><pre>-----Original Message-----</pre><p>${ANSWER}</p>`,
      `Cut at this line:\n-----Original Message-----\n${ANSWER}`,
    ],
    ['a message of nothing but a quote', plain('-----Original Message-----', 'From: Ada', ANSWER), ANSWER],
    ['a question that greets', plain('Hi Ada?', ANSWER), `Hi Ada?\n${ANSWER}`],
    ['a message of nothing but a marked quote', `<blockquote type="cite">${ANSWER}</blockquote>`, ANSWER],
    [
      'prompts of a shell',
      plain('Type this:', '> unsilo sync', '> unsilo status'),
      'Type this:\n> unsilo sync\n> unsilo status',
    ],
  ])('%s', (_, html, expected) => expect(left(html)).toBe(expected))

  test('what the first message forwards', () => {
    const forwarded = `<div>Please see below.</div><div class="gmail_quote"><div>---------- Forwarded message ---------</div><div>From: Shop<br>Date: Monday<br>Subject: Invoice<br>To: me</div><div>${ANSWER}</div></div>`
    expect(left(forwarded, true)).toBe(`Please see below.\n${ANSWER}`)
    expect(left(plain('Bonjour, pour vous', '-----Message d’origine-----', 'De : Ada', REPONSE), true)).toContain(
      REPONSE,
    )
  })
})

describe('greetings, wishes, signatures and footers go', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['Hi', p('Hi Ada,', ANSWER), ANSWER],
    ['Hello there', p('Hello there!', 'I hope you are doing well.', ANSWER), ANSWER],
    ['Dear', p('Dear Mrs Canary,', 'Thank you for contacting Example Support.', ANSWER), ANSWER],
    [
      'in the same line',
      p(`Hi Ada, thanks for reaching out! ${ANSWER}`),
      `thanks for reaching out! ${ANSWER}`.slice(25),
    ],
    ['Bonjour', p('Bonjour Madame Canary,', 'Merci de nous avoir contactés.', REPONSE), REPONSE],
    ['Bonjour à tous', p(`Bonjour à tous, ${REPONSE}`), REPONSE],
    [
      'regards with a block',
      p(
        ANSWER,
        'Best regards,<br>Grace Beacon<br>Customer Support | Example Ltd<br>+44 20 7946 0958<br><a href="https://www.example.com/">www.example.com</a>',
      ),
      ANSWER,
    ],
    [
      'cordialement with a block',
      p(
        REPONSE,
        'Bien cordialement,',
        'Zoé LUMIÈRE',
        'Chargée de clientèle',
        '12 rue des Exemples, 75000 Paris',
        'Tél. : 01 99 00 12 34',
      ),
      REPONSE,
    ],
    [
      'the formal end',
      p(REPONSE, 'Je vous prie d’agréer, Madame, l’expression de mes salutations distinguées.', 'Zoé Lumière'),
      REPONSE,
    ],
    ['thanks and a name', p(ANSWER, 'Thanks,<br>Ada'), ANSWER],
    ['merci, bonne journée', p(REPONSE, 'Merci et bonne journée !', 'Zoé'), REPONSE],
    ['merci Zoé, bon week-end', p(REPONSE, 'Merci Zoé, bon week-end !'), REPONSE],
    ['thanks, a name and a number', p(ANSWER, 'Thanks,<br>Ada<br>+44 20 7946 0958'), ANSWER],
    ['placeholders for names', p('Hi [PERSON_1],', ANSWER, 'Thanks,<br>[PERSON_2]<br>[PHONE_1]'), ANSWER],
    ['a placeholder alone', p('Bonjour [PERSON_1],', REPONSE, '[PERSON_2]'), REPONSE],
    ['a name alone', p(ANSWER, 'Grace'), ANSWER],
    ['the delimiter', plain(ANSWER, '-- ', 'Grace Beacon', 'Example Ltd', 'grace@example.com'), ANSWER],
    ['a marked signature', `<p>${ANSWER}</p><div class="gmail_signature">Any words. At all.</div>`, ANSWER],
    ['a telephone', p(ANSWER, 'Sent from my iPhone'), ANSWER],
    ['un téléphone', p(REPONSE, 'Envoyé de mon iPhone'), REPONSE],
    ['Outlook for a telephone', p(ANSWER, 'Get <a href="https://aka.ms/x">Outlook for iOS</a>'), ANSWER],
    [
      'a legal footer',
      p(
        ANSWER,
        'Regards,',
        'Grace',
        'This email and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, please notify the sender and delete it.',
      ),
      ANSWER,
    ],
    [
      'un pied de page',
      p(
        REPONSE,
        'Ce message et toutes les pièces jointes sont confidentiels et établis à l’attention exclusive de ses destinataires. Si vous n’êtes pas le destinataire, merci d’avertir l’expéditeur.',
        'Pensez à l’environnement avant d’imprimer ce message.',
      ),
      REPONSE,
    ],
    [
      'tracking pixels and preheaders',
      `<div style="display:none">Preview words</div><p>${ANSWER}<img src="https://t.example.com/o.gif" width="1" height="1"></p>`,
      ANSWER,
    ],
    ['nothing but courtesy', p('Hi Grace,', 'Thanks!', 'Ada'), ''],
  ]
  test.each(cases)('%s', (_, html, expected) => expect(left(html)).toBe(expected))
})

describe('what only looks like an end stays', () => {
  test.each([
    [
      'a link behind thanks',
      p('Thanks!', 'Here is the page: https://help.example.com/export'),
      'Here is the page: https://help.example.com/export',
    ],
    [
      'a sentence behind the name',
      p(ANSWER, 'Best regards,', 'Grace', 'P.S. Clear the cache first, else the list is empty.'),
      `${ANSWER}\nP.S. Clear the cache first, else the list is empty.`,
    ],
    [
      'a list behind thanks',
      '<p>Merci,</p><ul><li>Ouvrez Réglages</li><li>Videz le cache</li></ul>',
      'Ouvrez Réglages\nVidez le cache',
    ],
    [
      'a rule of two dashes',
      plain('Do this:', '--', 'Close the program and open it again. It then asks for the key.'),
      'Do this:\n--\nClose the program and open it again. It then asks for the key.',
    ],
    [
      'a long answer with a lawyer’s words',
      p('If you are not the intended recipient of the invitation, open Settings and remove the address there.'),
      'If you are not the intended recipient of the invitation, open Settings and remove the address there.',
    ],
    [
      'a link to a page below the name',
      p(ANSWER, 'Best regards,', 'Grace', 'https://help.example.com/export'),
      `${ANSWER}\nhttps://help.example.com/export`,
    ],
    ['options below two dashes', plain('Choose one:', '--', 'Export', 'Import'), 'Choose one:\n--\nExport\nImport'],
    [
      'regards as a word',
      p('Regards is the name of the field. It stays empty.'),
      'Regards is the name of the field. It stays empty.',
    ],
    [
      'an answer about confidential mails',
      p('If you received this email in error, simply ignore it.'),
      'If you received this email in error, simply ignore it.',
    ],
    ['an answer that begins with hello', p('Hello world does not compile there'), 'Hello world does not compile there'],
    ['a question behind the greeting', p('Hi, how do I export?'), 'how do I export?'],
    ['dear customers as the subject', p('Dear customers are billed yearly'), 'Dear customers are billed yearly'],
    ['a message that is all signature', '<div class="signature">Press Export.</div>', 'Press Export.'],
    ['a short answer with thanks in front', p('Merci de vider le cache.'), 'Merci de vider le cache.'],
    ['an order with a name in it', p('Ask Grace'), 'Ask Grace'],
  ])('%s', (_, html, expected) => expect(left(html)).toBe(expected))
})

describe('whatever it is wrapped in, an answer stays and nothing else does:', () => {
  const greetings = [
    '',
    'Hi Ada,',
    'Hello,',
    'Dear Ms Canary,',
    'Good morning Ada!',
    'Bonjour,',
    'Bonjour Madame Canary,',
    'Chère Ada,',
    'Bonsoir à tous,',
  ]
  const answers = [
    [ANSWER],
    [REPONSE],
    ['Yes.', 'It is under Settings.'],
    ['1. Open Settings', '2. Press Export'],
    ['Voici la marche à suivre :', 'ouvrez Réglages', 'puis Exporter'],
    ['Your order 4711 was sent on 3 March at 10:12.', 'It arrives on Monday'],
    ['From the menu, choose:', 'To export', 'Date: today'],
    ['On Windows press Ctrl+E.', 'Le bouton est à droite'],
    ['Merci de vider le cache', 'Best is the newest version'],
    ['The key is in the mail that we sent.', 'Regards to the colour: blue'],
  ]
  const closings = [
    [],
    ['Best regards,', 'Grace Beacon'],
    ['Kind regards', 'Grace', 'Support', 'Example Ltd', '+44 20 7946 0958'],
    ['Thanks!', 'Grace'],
    ['Cheers, Grace'],
    ['Cordialement,', 'Zoé Lumière', 'Chargée de clientèle', 'www.example.com'],
    ['Bien à vous', 'Zoé'],
    ['Merci et bonne journée,', 'Zoé Lumière'],
    ['Bonne soirée !'],
    ['--', 'Grace Beacon', 'grace@example.com'],
    ['Regards,', 'Grace', 'Sent from my iPhone'],
  ]
  const quotes = [
    [],
    ['On Mon, 3 Mar 2025 at 10:12, Ada Canary <a@example.org> wrote:', '> QUOTEWORD', '> Ada'],
    ['Le lun. 3 mars 2025 à 10:12, Ada <a@example.org> a écrit :', '', '> QUOTEWORD'],
    ['-----Original Message-----', 'From: Ada', 'QUOTEWORD'],
    ['From: Ada', 'Sent: Monday, 3 March 2025', 'To: Support', 'Subject: x', '', 'QUOTEWORD'],
    ['De : Ada', 'Envoyé : lundi 3 mars 2025', 'À : Support', 'Objet : x', 'QUOTEWORD'],
  ]

  test.each([
    ['lines', (lines: readonly string[]) => plain(...lines)],
    ['paragraphs', (lines: readonly string[]) => p(...lines.map((line) => plain(line)))],
    ['blocks', (lines: readonly string[]) => lines.map((line) => `<div>${plain(line) || '<br>'}</div>`).join('')],
  ])('%s', (_, write) => {
    const wrong: string[] = []
    for (const greeting of greetings) {
      for (const answer of answers) {
        for (const closing of closings) {
          for (const quote of quotes) {
            const html = write(
              [greeting, ...answer, '', ...closing, '', ...quote].filter((line, at) => at > 0 || line !== ''),
            )
            const said = left(html)
            if (said !== answer.join('\n')) wrong.push(`${html}\n--> ${said}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('what is written anew', () => {
  const write = (html: string) => writeLines(clean(html).lines)

  test('keeps lists, code, links and emphasis', () => {
    const html =
      '<p>See <a href="https://example.com/a?b=1&amp;c">the <b>page</b></a>:</p><ol><li>one<ul><li>deep</li></ul></li><li>two</li></ol><pre><code>a &lt; b\n  c</code></pre>'
    expect(write(html)).toBe(
      '<p>See <a href="https://example.com/a?b=1&amp;c">the </a><a href="https://example.com/a?b=1&amp;c"><strong>page</strong></a>:</p>\n' +
        '<ol><li>one<ul><li>deep</li></ul></li><li>two</li></ol>\n<pre><code>a &lt; b\n  c</code></pre>',
    )
  })

  test('passes no element that a writer sent, so nobody reaches into another document', () => {
    const html =
      '<unsilo-include target="1"><a href="javascript:x()">x</a></unsilo-include><script>y</script><h1 onclick="z">t</h1>'
    expect(write(html)).toBe('<p>x</p>\n<p><strong>t</strong></p>')
  })

  test('leads straight to where a mail gateway detours, or nowhere', () => {
    const gateway =
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fx&data=ada%40example.org'
    expect(write(`<a href="${gateway}">x</a>`)).toBe('<p><a href="https://example.com/x">x</a></p>')
    expect(write('<a href="https://eur01.safelinks.protection.outlook.com/?url=javascript:1">x</a>')).toBe('<p>x</p>')
    expect(write('<a href="https://downloads.intercomcdn.com/i/o/1/a.pdf?signature=1">a.pdf</a>')).toBe('<p>a.pdf</p>')
  })

  test('says where a picture was and counts it', () => {
    expect(clean('<p>See: <img src="https://x.example/1.png" alt="Ada’s screen"></p>')).toMatchObject({
      lines: [{ text: 'See: [image]' }],
      losses: { image: 1 },
    })
  })

  test('keeps cells of a row apart', () => {
    expect(write('<table><tr><td>Basic</td><td>5 €</td></tr><tr><td>Pro</td><td>9 €</td></tr></table>')).toBe(
      '<p>Basic | 5 €</p>\n<p>Pro | 9 €</p>',
    )
  })
})

describe('whether a message answers', () => {
  test.each([
    ['You’re welcome! Is there anything else I can help you with?', false],
    ['Let me check and I will get back to you.', false],
    ['Je me renseigne et je reviens vers vous.', false],
    ['Sans retour de votre part, je clôture ce ticket.', false],
    ['Thanks for waiting, it is fixed in version 4.2.', true],
    ['Merci de vider le cache du navigateur.', true],
    ['Feel free to reset the key under Settings.', true],
    ['请在设置中清除缓存然后重新登录', true],
    ['<a href="https://help.example.com/a">Here</a>', true],
    ['<pre>npm ci</pre>', true],
    ['OK', false],
    ['That was it, thank you [PERSON_2]!', false],
    ['C’est bon, merci [PERSON_4] !', false],
    ['It works only after a restart.', true],
    ['Great! Then open Settings and press Export.', true],
  ])('%s', (html, expected) => expect(hasSubstance(clean(html).lines)).toBe(expected))
})

describe('hostile mails', () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom(
      ...'<p>|</p>|<br>|<div class="gmail_quote">|</div>|<blockquote type="cite">|</blockquote>|<ul>|<li>|</li>|</ul>|<ol>'.split(
        '|',
      ),
      ...'<pre>|</pre>|<a href="https://example.com/">|<a href="javascript:1">|</a>|<b>|</b>|<table><tr><td>|</td>|<img src=x>'.split(
        '|',
      ),
      ...'<span style="display:none">|</span>|<!--|-->|<![CDATA[|]]>|<script>|</script>|<unsilo-include target="1">|&lt;|&amp;#60;|<'.split(
        '|',
      ),
      ...'On Mon, 3 Mar 2025 at 10:12, A <a@b.c> wrote:|-----Original Message-----|Best regards,|Hi Ada,|-- |&gt; |\n'.split(
        '|',
      ),
    ),
  )

  test('of any shape come out as the few elements that may', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), fc.boolean(), (fragments, isFirst) => {
        const html = fragments.join('')
        const written = writeLines(clean(html, isFirst).lines, 'Agent:')
        const tags = [...written.matchAll(/<\/?([a-z0-9-]+)/g)].map(([, name]) => name ?? '')
        expect(tags.filter((name) => !/^(p|strong|em|code|pre|a|ul|ol|li|br)$/.test(name))).toEqual([])
        expect(written).not.toMatch(/href="(?!https?:)/)
      }),
      { numRuns: 500 },
    )
  })

  const MANY = 120_000
  test.each([
    ['nested elements', '<div>'.repeat(MANY)],
    ['unclosed inline elements with breaks', '<b><br>x'.repeat(MANY)],
    ['end tags of nothing', '<div>'.repeat(1000) + '</section>'.repeat(MANY / 2)],
    ['one line of blanks', ` ${' '.repeat(MANY * 8)}x`],
    ['beginnings of attributions', 'On 1 a@b '.repeat(MANY)],
    ['lines that begin like a header', 'From: x<br>'.repeat(MANY)],
    ['quotes', '&gt; <br>'.repeat(MANY)],
    ['closings', 'Best regards,<br>'.repeat(MANY / 2)],
    ['names', 'Ada<br>'.repeat(MANY)],
    ['legal footers', '<p>any attachments are confidential intended recipient</p>'.repeat(15_000)],
    ['dashes', `${'-'.repeat(MANY * 8)}x`],
    ['list items', '<ul><li>x'.repeat(MANY)],
    ['cells', '<td>x'.repeat(MANY)],
    ['angle brackets', '<'.repeat(MANY * 8)],
    ['attributes', `<p ${'a '.repeat(MANY)}>x</p>`],
    ['greetings', 'Hi '.repeat(MANY)],
  ])('%s take no longer than their length', (_, html) => {
    const started = performance.now()
    writeLines(clean(html).lines)
    expect(performance.now() - started).toBeLessThan(4000)
  })
})
