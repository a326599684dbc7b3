/** Personal data as people write it. Check digits are found here by their definitions, not with the redactor's code. */
import type { Draw } from './draw.ts'

export type Language = 'fr' | 'en'

export interface Entity {
  /** As it stands in the sentence. */
  readonly text: string
  /** What of it must go, where that is not all. */
  readonly secret?: string
  /** A label that belongs in front. */
  readonly label?: string
}

export type Make = (draw: Draw, language: Language) => Entity

const SPACES = [' ', ' ', ' ', '\u00a0', '\u202f']

/** The digit that makes a sum of alternately doubled digits end in 0, found by trying. */
export function luhnCompleted(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const all = [...(digits + check)].map(Number).reverse()
    const total = all.reduce(
      (sum, digit, i) => sum + (i % 2 === 0 ? digit : ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit] ?? 0)),
      0,
    )
    if (total % 10 === 0) return digits + check
  }
  throw new Error('no check digit')
}

function grouped(text: string, sizes: readonly number[], gap: string): string {
  const groups: string[] = []
  let at = 0
  for (const size of sizes) {
    groups.push(text.slice(at, at + size))
    at += size
  }
  if (at < text.length) groups.push(text.slice(at))
  return groups.join(gap)
}

/** ISO 13616 with whole numbers of any size. */
export const iban: Make = (draw) => {
  const [country, bban] = draw.pick<readonly [string, string]>([
    ['FR', draw.digits(10) + draw.text(11, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') + draw.digits(2)],
    ['FR', draw.digits(23)],
    ['DE', draw.digits(18)],
    ['GB', draw.text(4, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') + draw.digits(14)],
    ['BE', draw.digits(12)],
    ['ES', draw.digits(20)],
    ['CH', draw.digits(5) + draw.text(12, '0123456789ABCDEF')],
    ['IT', draw.text(1, 'ABCDEFGHIJ') + draw.digits(10) + draw.digits(12)],
    ['NL', draw.text(4, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') + draw.digits(10)],
  ])
  const spelt = [...`${bban}${country}00`].map((character) => Number.parseInt(character, 36)).join('')
  const check = String(98n - (BigInt(spelt) % 97n)).padStart(2, '0')
  const whole = country + check + bban
  const text = draw.pick([
    whole,
    grouped(whole, [4, 4, 4, 4, 4, 4, 4], draw.pick(SPACES)),
    grouped(whole, [4, 4, 4, 4, 4, 4, 4], '-'),
    whole.toLowerCase(),
  ])
  return { text }
}

export const card: Make = (draw) => {
  const [prefix, length, sizes] = draw.pick<readonly [string, number, readonly number[]]>([
    ['4', 16, [4, 4, 4, 4]],
    [`5${draw.integer(1, 5)}`, 16, [4, 4, 4, 4]],
    [String(draw.integer(2221, 2720)), 16, [4, 4, 4, 4]],
    [draw.pick(['34', '37']), 15, [4, 6, 5]],
    ['6011', 16, [4, 4, 4, 4]],
    ['36', 14, [4, 6, 4]],
    ['3530', 16, [4, 4, 4, 4]],
  ])
  const number = luhnCompleted(prefix + draw.text(length - prefix.length - 1, '0123456789'))
  return {
    text: draw.pick([
      number,
      grouped(number, sizes, draw.pick(SPACES)),
      grouped(number, sizes, '-'),
      grouped(number, sizes, '.'),
    ]),
  }
}

export const nir: Make = (draw) => {
  const corsican = draw.pick([null, null, null, '2A', '2B'])
  const department = corsican ?? String(draw.integer(1, 95)).padStart(2, '0').replace('20', '21')
  const month = String(draw.integer(1, 12)).padStart(2, '0')
  const body = `${draw.pick(['1', '2'])}${draw.text(2, '0123456789')}${month}${department}${draw.text(3, '0123456789')}${draw.text(3, '0123456789')}`
  // Corsica: the number without the letter, less one million for A or two for B
  const plainBody =
    BigInt(body.replace(/[AB]/, '0')) - (corsican === '2A' ? 1_000_000n : corsican === '2B' ? 2_000_000n : 0n)
  const key = String(97n - (plainBody % 97n)).padStart(2, '0')
  const gap = draw.pick(SPACES)
  return {
    text: draw.pick([
      body + key,
      grouped(body + key, [1, 2, 2, 2, 3, 3, 2], gap),
      grouped(body + key, [13, 2], gap),
      grouped(body + key, [1, 2, 2, 2, 3, 3, 2], '.'),
    ]),
  }
}

export const siren: Make = (draw) => {
  const number = luhnCompleted(draw.digits(8))
  return {
    text: draw.pick([number, grouped(number, [3, 3, 3], draw.pick(SPACES))]),
    label: draw.pick(['SIREN : ', 'SIREN ', 'n° SIREN ', 'siren: ', 'RCS Paris ', 'N° de SIREN : ', '**SIREN** : ']),
  }
}

export const siret: Make = (draw) => {
  const own = luhnCompleted(luhnCompleted(draw.digits(8)) + draw.pick(['0000', '0001', '0012']))
  const post = ['35600000000048', '35600000009075', '35600000049837'].find(
    (number) => [...number].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0,
  )
  const number = draw.integer(0, 9) === 0 ? (post ?? own) : own
  return {
    text: draw.pick([number, grouped(number, [3, 3, 3, 5], draw.pick(SPACES)), grouped(number, [9, 5], ' ')]),
    label: draw.pick(['SIRET : ', 'SIRET ', 'n° SIRET ', 'siret=', 'N° de SIRET : ', '| SIRET | ']),
  }
}

const LOCALS = [
  'jean.dupont',
  'mlefevre',
  'sophie_bernard',
  'a.b',
  'contact',
  'paul-henri',
  'k.o+shop',
  'léa.rené',
  'x',
  'info2024',
  "o'neil",
  '0612345678',
  'Marie.CURIE',
]
const DOMAINS = [
  'example.com',
  'exemple.fr',
  'mail.example.co.uk',
  'société.fr',
  'my-shop.io',
  'gmail.com',
  'orange.fr',
  'sub.domaine.example.org',
  'EXAMPLE.NET',
  'laposte.net',
  'startup.paris',
]

export const email: Make = (draw) => {
  const local = draw.pick(LOCALS)
  const domain = draw.pick(DOMAINS)
  const plain = `${local}@${domain}`
  const text = draw.pick([
    plain,
    plain,
    plain,
    plain,
    `<${plain}>`,
    `[${plain}](mailto:${plain})`,
    `**${plain}**`,
    plain.replace(/_/g, '\\_'),
    `\`${plain}\``,
    plain.replace('@', '\u200b@'),
    plain.replace('@', '＠'),
    `mailto:${plain}`,
    `${local} (at) ${domain}`,
    `${local}[at]${domain}`,
    `https://zz.test/u?q=${encodeURIComponent(plain)}`,
    `"${plain}"`,
    `(${plain})`,
    `${plain}.`,
  ])
  return { text, secret: plain }
}

/** Three French writings for each international one. */
export const phone: Make = (draw, language) => {
  const nine = `${draw.pick([...'123456799'])}${draw.text(8, '0123456789')}`
  const pairs = grouped(`0${nine}`, [2, 2, 2, 2, 2], '|')
  const behind = grouped(nine, [1, 2, 2, 2, 2], '|')
  const gap = draw.pick([...SPACES, '.', '-', '. '])
  const french = draw.pick([
    pairs.replaceAll('|', gap),
    pairs.replaceAll('|', gap),
    `0${nine}`,
    `+33${draw.pick(['', ' '])}${behind.replaceAll('|', gap)}`,
    `+33 (0)${behind.replaceAll('|', ' ')}`,
    `+33${nine}`,
    `0033 ${behind.replaceAll('|', ' ')}`,
    `[${pairs.replaceAll('|', ' ')}](tel:+33${nine})`,
    `(+33) ${behind.replaceAll('|', ' ')}`,
    wide(pairs.replaceAll('|', ' ')),
  ])
  const area = draw.pick(['212', '415', '646', '303', '702', '503'])
  const line = `${draw.pick(['234', '547', '867', '922'])}|${draw.text(4, '0123456789')}`
  const seven = `7${draw.pick(['400', '501', '776'])}${draw.text(6, '0123456789')}`
  const other = draw.pick([
    `(${area}) ${line.replace('|', '-')}`,
    `${area}-${line.replace('|', '-')}`,
    `+1 ${area} ${line.replace('|', ' ')}`,
    `+1 (${area}) ${line.replace('|', '-')}`,
    `+44 ${grouped(seven, [4, 6], ' ')}`,
    `+44 (0)${grouped(seven, [4, 6], ' ')}`,
    `0${grouped(seven, [4, 3, 3], ' ')}`,
    `020 7946 0${draw.text(3, '0123456789')}`,
    `+32 470 ${draw.digits(2)} ${draw.digits(2)} ${draw.digits(2)}`,
    `+41 79 ${draw.digits(3)} ${draw.digits(2)} ${draw.digits(2)}`,
    `+49 151 ${draw.digits(8)}`,
    `+352 621 ${draw.digits(3)} ${draw.digits(3)}`,
    `+34 6${draw.text(2, '0123456789')} ${draw.digits(3)} ${draw.digits(3)}`,
    `+212 6${draw.digits(8)}`,
  ])
  const text = draw.integer(0, 9) < (language === 'fr' ? 8 : 4) ? french : other
  return { text, secret: text.replace(/[^\d０-９]+/g, ' ') }
}

function wide(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
}

export const ip: Make = (draw) => {
  const octet = (): string => String(draw.integer(1, 254))
  const hextet = (): string => draw.integer(0x100, 0xffff).toString(16)
  const v4 = [draw.pick(['10', '172', '192', '81', '90', '203', '8']), octet(), octet(), octet()].join('.')
  const v6 = draw.pick([
    `2001:${hextet()}:${hextet()}::${hextet()}`,
    `fe80::${hextet()}:${hextet()}:${hextet()}:${hextet()}`,
    Array.from({ length: 8 }, (_, i) => (i === 0 ? '2a01' : hextet())).join(':'),
    `2A02:${hextet().toUpperCase()}::1`,
  ])
  return { text: draw.pick([v4, v4, v6, `${v4}:8080`, `http://${v4}/`, `[${v6}]`]), secret: draw.pick([v4]) }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const token: Make = (draw) => {
  const some = (length: number): string => draw.text(length, LETTERS)
  const base = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const secret = draw.pick([
    `${base({ alg: 'HS256', typ: 'JWT' })}.${base({ sub: some(8), iat: 1 })}.${some(43)}`,
    `sk_live_${some(24)}`,
    `sk-proj-${some(40)}`,
    `ghp_${some(36)}`,
    `xoxb-${draw.digits(12)}-${draw.digits(12)}-${some(24)}`,
    `AKIA${draw.text(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
    `AIza${some(35)}`,
    `SG.${some(22)}.${some(43)}`,
    `glpat-${some(20)}`,
    `npm_${some(36)}`,
    `ATATT3x${some(60)}`,
    `dG9rO${some(40)}=`,
    `whsec_${some(32)}`,
  ])
  return {
    text: draw.pick([
      secret,
      `\`${secret}\``,
      `Bearer ${secret}`,
      `"${secret}"`,
      `\n\`\`\`\nexport KEY=${secret}\n\`\`\`\n`,
    ]),
    secret,
  }
}

export const urlSecret: Make = (draw) => {
  const secret = `a1${draw.text(draw.integer(14, 40), LETTERS)}`
  const text = draw.pick([
    `https://user:${secret}@host.example/path`,
    `postgres://admin:${secret}@db.example:5432/app`,
    `https://app.example/login?token=${secret}`,
    `https://app.example/x?page=2&access_token=${secret}&lang=fr`,
    `[lien](https://app.example/cb?api_key=${secret})`,
    `<https://files.example/a.pdf?X-Amz-Signature=${secret}&x=1>`,
    `https://app.example/#access_token=${secret}`,
    `https://app.example/reset/${secret}`,
    `https://blob.example/f?sv=2020&amp;sig=${secret}`,
  ])
  return { text, secret }
}

export const address: Make = (draw, language) => {
  const number = String(draw.integer(1, 250))
  if (language === 'en') {
    const name = draw.pick(['Baker', 'Maple', 'Elm Tree', 'Oxford', 'Martin Luther King', 'Highland', 'Sunset'])
    const kind = draw.pick(['Street', 'St', 'Avenue', 'Road', 'Rd.', 'Lane', 'Drive', 'Blvd', 'Court', 'Close'])
    const behind = draw.pick([
      '',
      ', London NW1 6XE',
      ', Springfield, IL 62704',
      ', Apt 4B, New York, NY 10001',
      ', Flat 2, Leeds LS1 4AP',
    ])
    return { text: `${number} ${name} ${kind}${behind}`, secret: `${name}${behind}` }
  }
  const name = draw.pick([
    'de la République',
    'Victor Hugo',
    'du Général de Gaulle',
    'des Lilas',
    "de l'Église",
    'Jean-Jaurès',
    'du 8 Mai 1945',
    'de la paix',
  ])
  const kind = draw.pick([
    'rue',
    'avenue',
    'boulevard',
    'bd',
    'av.',
    'place',
    'impasse',
    'chemin',
    'allée',
    'quai',
    'Rue',
    'route',
    'cours',
  ])
  const behind = draw.pick([
    ', 75011 Paris',
    '\n69003 Lyon',
    ' 13001 Marseille',
    ', 92100 Boulogne-Billancourt',
    ', bât. B, 31000 Toulouse',
    ', 59000 Lille Cedex',
    ', 93200 Saint-Denis',
  ])
  return {
    text: `${number}${draw.pick(['', '', ' bis', ' ter', ','])} ${kind} ${name}${behind}`,
    secret: `${name}${behind}`,
  }
}
