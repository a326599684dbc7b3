import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, redact } from '../../src/redact/redact.ts'

const removed: readonly (readonly [string, string])[] = [
  ['jean.dupont@example.fr, merci', '[EMAIL_1], merci'],
  ['[jean@x.fr](mailto:jean@x.fr)', '[[EMAIL_1]](mailto:[EMAIL_1])'],
  ['jean\\_dupont@example.fr', '[EMAIL_1]'],
  ['jean (at) example (dot) com', '[EMAIL_1]'],
  ['https://x.fr/?m=jean%40example.fr&p=2', 'https://x.fr/?m=[EMAIL_1]&p=2'],
  ['au 06 12 34 56 78.', 'au [PHONE_1].'],
  ['au 01.42.68.53.00', 'au [PHONE_1]'],
  ['+33 (0)6 12 34 56 78', '[PHONE_1]'],
  ['０６ 12\u00a034 5\u200b6 78', '[PHONE_1]'],
  ['call (212) 555-0123', 'call [PHONE_1]'],
  ['tel: 2125550123', 'tel: [PHONE_1]'],
  ['FR76 3000 6000 0112 3456 7890 189 merci', '[IBAN_1] merci'],
  ['carte 4111 1111 1111 1111 12/27', 'carte [CARD_1] 12/27'],
  ['2 55 08 14 168 025 38', '[NIR_1]'],
  ['SIREN 732 829 320', 'SIREN [SIREN_1]'],
  ['SIRET : 356 000 000 00048', 'SIRET : [SIRET_1]'],
  ['depuis 81.2.69.142 et 2001:db8::8a2e:370:7334', 'depuis [IP_1] et [IP_2]'],
  ['https://bob:pw@h.example/a', 'https://[TOKEN_1]@h.example/a'],
  ['[ici](https://h.example/a?page=2&token=abcdef123456)', '[ici](https://h.example/a?page=2&token=[TOKEN_1])'],
  ['`ghp_abcdefghijklmnopqrstuvwxyz0123456789`', '`[TOKEN_1]`'],
  ['mot de passe : Azerty123!', 'mot de passe : [TOKEN_1]'],
  ['12 bis rue de la Paix, 75002 Paris. Merci', '[ADDRESS_1]. Merci'],
  ['at 221B Baker Street, London NW1 6XE.', 'at [ADDRESS_1].'],
]

test.each(removed)('%j becomes %j', (text, expected) => {
  expect(redact(text).text).toBe(expected)
})

const kept = [
  'ticket #0612345678',
  'commande n° 0612345678 du 12/03/2024',
  'version 10.0.22621.1, v1.2.3.4, Chrome/120.0.0.0',
  '2024-01-15T10:30:00Z, 02.02.2015 19:30',
  '1 234 567 890 €',
  '4111 1111 1111 1112',
  'FR7630006000011234567890188',
  '732829320',
  '127.0.0.1 std::vector 10:30:45',
  'git@github.com:team/app.git logo@2x.png lodash@4.17.21 @channel',
  'https://h.example/orders/0612345678?page=2&key=name',
  '3 places de parking, 2 cours de français, 2 Google Drive accounts',
  'Basic functionality; password: required',
]

test.each(kept)('%j stays', (text) => {
  expect(redact(text, { people: ['Jean Dupont'] }).text).toBe(text)
})

describe('people', () => {
  const names: readonly (readonly [string, string, string])[] = [
    ['Jean Dupont', 'JEAN DUPONT a écrit', '[PERSON_1] a écrit'],
    ['Hélène Lefèvre', 'helene, lefevre', '[PERSON_1]'],
    ['Jean Dupont', "Dupont's order, d'Antoine", "[PERSON_1]'s order, d'Antoine"],
    ['Jean Dupont', 'J. Dupont et Jean D.', '[PERSON_1] et [PERSON_1].'],
    ['Jean Dupont', 'jdupont @jean_dupont jeandupont42', '[PERSON_1] @[PERSON_1] [PERSON_1]'],
    ['Jean Dupont', 'les Duponts de Duponville', 'les [PERSON_1] de Duponville'],
    ['Zoé de La Tour', 'Mme de La Tour', 'Mme [PERSON_1]'],
    ['田中太郎', '田中太郎さん', '[PERSON_1]さん'],
    ['jdoe42', 'see jdoe42', 'see [PERSON_1]'],
    ['2024', 'In 2024 the limit was 2024', 'In 2024 the limit was 2024'],
    ['20245', 'number 20245', 'number [PERSON_1]'],
    [
      'Rose Will',
      'Will you? une rose. Bonjour rose, thanks Will',
      'Will you? une rose. Bonjour [PERSON_1], thanks [PERSON_1]',
    ],
    ['May Jones', 'In May 2024 we saw May', 'In May 2024 we saw [PERSON_1]'],
    ['Support Team', 'the support team', 'the support team'],
    ['10 Elm Lane, Leeds', '10 elm lane leeds', '[ADDRESS_1]'],
  ]

  test.each(names)('%j in %j', (name, text, expected) => {
    expect(redact(text, { people: [name] }).text).toBe(expected)
  })

  test('a number that was handed over is found in any grouping', () => {
    expect(redact('call 612 345 678 now', { people: ['+33 6 12 34 56 78'] }).text).toBe('call [PHONE_1] now')
  })
})

describe('a thread', () => {
  test('the same thing has the same placeholder in all its texts, another another', () => {
    const redactor = createRedactor({ people: ['Jean Dupont', 'Ana Silva'] })

    expect(redactor.redact('Jean: 06 12 34 56 78').text).toBe('[PERSON_1]: [PHONE_1]')
    expect(redactor.redact('Silva: +33612345678, 07 00 00 00 00').text).toBe('[PERSON_2]: [PHONE_1], [PHONE_2]')
  })

  test('numbers that a text brings along are not given out again', () => {
    expect(redact('[EMAIL_1] and a@example.com').text).toBe('[EMAIL_1] and [EMAIL_2]')
  })

  test('counts what was replaced, by kind', () => {
    expect(redact('a@example.com b@example.com 81.2.69.142').counts).toEqual({ email: 2, ip: 1 })
  })
})

describe('what a source says', () => {
  test('only the kinds that are on are removed', () => {
    expect(redact('a@example.com 81.2.69.142', { on: ['ip'] }).text).toBe('a@example.com [IP_1]')
  })

  test('its own patterns come first', () => {
    const custom = [{ name: 'customer number', pattern: 'KD-\\d{6}' }]

    expect(redact('for KD-123456', { custom, on: [] }).text).toBe('for [CUSTOMER_NUMBER_1]')
  })

  test('they see all of a long line', () => {
    const custom = [{ name: 'customer', pattern: 'KD-\\d{6}' }]
    const text = `${'x'.repeat(3996)} KD-123456 ${'y'.repeat(3480)} KD-123456 z`

    expect(redact(text, { custom, on: [] }).counts).toEqual({ CUSTOMER: 2 })
  })

  test.each([
    ['x', 'K\\d+'],
    ['customer', '('],
    ['customer', 'a*'],
  ])('a pattern that is unusable is refused: %j %j', (name, pattern) => {
    expect(() => createRedactor({ custom: [{ name, pattern }] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

const fragment = fc.constantFrom(
  'jean',
  'Dupont',
  '@',
  'x.fr',
  '.',
  ' ',
  '06',
  '12',
  '34',
  '56',
  '78',
  '+33',
  '0',
  '4111',
  '1111',
  'FR76',
  '[',
  ']',
  'EMAIL_1',
  '_',
  '(',
  ')',
  'rue',
  'Rose',
  '%40',
  '\\',
  '\u200b',
  '\n',
  ':',
  '/',
  'http://',
  '?token=',
  'abc123def456',
  '&amp;',
  'é',
  '2001:db8::1',
  'SIRET',
  '75011 Paris',
  '-',
  "'s",
  '**',
  '`',
  '](',
  '~~',
  '|',
  '%2540',
)

test('redacting again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
      const people = ['Jean Dupont', 'Rose']
      const once = redact(fragments.join(''), { people }).text

      expect(redact(once, { people }).text).toBe(once)
    }),
    { numRuns: 400 },
  )
})

test('any text is taken, and one without personal data comes back as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { text: shown, counts } = redact(text)

      if (Object.keys(counts).length === 0) expect(shown).toBe(text)
    }),
    { numRuns: 300 },
  )
})

const repeated = [
  '1-',
  '1 1 1 ',
  '06 ',
  '1.',
  '[](',
  '**',
  '12 rue ',
  'jean@',
  '?t=',
  'FR76 ',
  'Jean ',
  '%25',
  '&amp;',
  'mdp ',
]

test.each(repeated)('time grows with the length of %j, and no faster', (part) => {
  const time = (characters: number): number => {
    const text = part.repeat(characters / part.length)
    const start = performance.now()
    redact(text, { people: ['Jean Dupont'] })
    return performance.now() - start
  }
  time(20_000)

  // Quadratic would be 64 times.
  expect(time(160_000)).toBeLessThan(30 * time(20_000) + 500)
})
