/** What looks like personal data and is none. */
import type { Draw } from './draw.ts'
import { type Language, luhnCompleted } from './entities.ts'

type Kind = string

export const LOOK_ALIKES: Readonly<Record<Kind, (draw: Draw, language: Language) => string>> = {
  'order number': (draw, language) =>
    draw.pick(
      language === 'fr'
        ? ['commande n° ', 'commande #', 'numéro de commande : ', 'n° de suivi ', 'facture ']
        : ['order #', 'order number ', 'invoice ', 'tracking number: ', 'order no. '],
    ) +
    draw.pick([
      draw.digits(8),
      draw.digits(10),
      draw.digits(10, '06'),
      draw.digits(12),
      `${draw.digits(3)}-${draw.digits(7)}-${draw.digits(7)}`,
      `CMD-2024-${draw.digits(6)}`,
    ]),
  'ticket number': (draw, language) =>
    (language === 'fr' ? 'le ticket ' : 'ticket ') +
    draw.pick([
      `#${draw.digits(10, '06')}`,
      `#${draw.digits(6)}`,
      `SUP-${draw.digits(5)}`,
      `n° ${draw.digits(10, '01')}`,
    ]),
  version: (draw) =>
    draw.pick([
      `version ${draw.integer(1, 9)}.${draw.integer(0, 20)}.${draw.integer(0, 20)}.${draw.integer(0, 250)}`,
      `v${draw.integer(1, 20)}.${draw.integer(0, 20)}.${draw.integer(0, 99)}`,
      `10.0.22621.${draw.integer(1, 4000)}`,
      `Chrome/${draw.integer(90, 130)}.0.0.0`,
      `build ${draw.digits(8)}`,
      `lodash@4.17.${draw.integer(1, 30)}`,
    ]),
  date: (draw) => {
    const two = (most: number): string => String(draw.integer(1, most)).padStart(2, '0')
    const year = draw.integer(1998, 2027)
    return draw.pick([
      `${year}-${two(12)}-${two(28)}`,
      `${two(28)}/${two(12)}/${year}`,
      `${two(28)}.${two(12)}.${year} ${two(23)}:${two(59)}`,
      `${year}-${two(12)}-${two(28)}T${two(23)}:${two(59)}:${two(59)}Z`,
      `${year}${two(12)}${two(28)}${two(23)}${two(59)}${two(59)}`,
      `17${draw.digits(8)}`,
    ])
  },
  price: (draw) =>
    draw.pick([
      `${draw.digits(2)} ${draw.digits(3)} ${draw.digits(3)} €`,
      `$${draw.digits(3)},${draw.digits(3)}.00`,
      `${draw.digits(4)},${draw.digits(2)} EUR`,
      `+${draw.digits(2)} %`,
      `1 234 567 890 $`,
    ]),
  'wrong card': (draw) => {
    const good = luhnCompleted(`4${draw.text(14, '0123456789')}`)
    const bad = good.slice(0, -1) + ((Number(good.at(-1)) + draw.integer(1, 9)) % 10)
    return draw.pick([bad, `${bad.slice(0, 4)} ${bad.slice(4, 8)} ${bad.slice(8, 12)} ${bad.slice(12)}`])
  },
  'other Luhn number': (draw) =>
    draw.pick([luhnCompleted(`35${draw.text(12, '0123456789')}`), luhnCompleted(`9${draw.text(14, '0123456789')}`)]),
  'wrong IBAN': (draw) => {
    const digits = draw.digits(23)
    const rest = Number(BigInt(`${digits}152700`) % 97n)
    const check = String(((98 - rest + draw.integer(1, 90)) % 97) + 100).slice(1)
    return Number(check) === 98 - rest ? 'FR0000' : `FR${check}${digits}`
  },
  'wrong NIR': (draw) => {
    const body = `1${draw.digits(2, '8')}05${draw.digits(2, '7')}${draw.digits(6)}`
    const key = ((97 - Number(BigInt(body) % 97n) + draw.integer(1, 90)) % 97) + 1
    return `${body}${String(key === 97 - Number(BigInt(body) % 97n) ? 98 : key).padStart(2, '0')}`
  },
  'unlabelled company number': (draw) =>
    draw.pick([luhnCompleted(draw.digits(8)), `${draw.digits(3)} ${draw.digits(3)} ${draw.digits(3)}`]),
  'at sign': (draw) =>
    draw.pick([
      '@channel',
      '@scope/package',
      'logo@2x.png',
      'git@github.com:team/app.git',
      'user@localhost',
      'pkg@1.2.3',
      '12 @ 3',
      '@media (min-width: 3px)',
    ]),
  'no address': (draw, language) =>
    draw.pick(
      language === 'fr'
        ? [
            '3 places de parking',
            '2 cours de français',
            'les 12 avenues',
            'à 5 rues de là',
            '4 routes de livraison',
            '2 place pour moi',
          ]
        : [
            '2 Google Drive accounts',
            '5 minutes down the road',
            'a 3 way call',
            '10 more streets',
            'step 2 of the way',
            '4 different places',
          ],
    ),
  'plain URL': (draw) =>
    draw.pick([
      `https://shop.example/orders/${draw.digits(10, '06')}`,
      'https://docs.example/a?page=2&lang=fr',
      'https://example.com/reset-password',
      'https://github.com/a/b/commit/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
      'https://x.example/?key=name',
      'https://app.example/cb?error=invalid_token',
    ]),
  'no secret': (draw, language) =>
    draw.pick(
      language === 'fr'
        ? ['le mot de passe est obligatoire', 'mot de passe : oublié', 'le jeton est expiré', 'basic authentification']
        : [
            'password: required',
            'Basic functionality',
            'the token is expired',
            'api key: missing',
            'sk-learn',
            'Bearer token',
          ],
    ),
  'no IP': (draw) =>
    draw.pick([
      '127.0.0.1',
      '0.0.0.0',
      'std::vector',
      '10:30:45',
      '255.255.255.0',
      '00:1A:2B:3C:4D:5E',
      '1.2.3',
      '999.1.2.3',
      'a::b',
    ]),
  identifier: (draw) =>
    draw.pick([
      `${draw.text(8, '0123456789abcdef')}-${draw.text(4, '0123456789abcdef')}-4${draw.text(3, '0123456789abcdef')}-a${draw.text(3, '0123456789abcdef')}-${draw.text(12, '0123456789abcdef')}`,
      `ISBN 978-2-${draw.digits(4)}-${draw.digits(4)}-${draw.digits(1)}`,
      `EAN ${draw.digits(13)}`,
      `SKU${draw.digits(10)}`,
      `0x${draw.text(8, '0123456789abcdef')}`,
      `error ${draw.digits(4)}`,
      '24/7',
      '1/2/3',
    ]),
}
