/**
 * `npm run redaction [-- --quick] [-- --seed N] [-- --json]`: how much generated personal data is removed from French and
 * English sentences, and how much that only looks like it. Exits 1 when a target is missed.
 */
import { createRedactor } from '../../src/redact/redact.ts'
import { createDraw, type Draw } from './draw.ts'
import {
  address,
  card,
  type Entity,
  email,
  iban,
  ip,
  type Language,
  nir,
  phone,
  siren,
  siret,
  token,
  urlSecret,
} from './entities.ts'
import { LOOK_ALIKES } from './look-alikes.ts'
import { commonPerson, person, WORDS } from './names.ts'

interface Type {
  readonly name: string
  readonly target: number
  make(draw: Draw, language: Language): Entity & { readonly people?: readonly string[] }
}

interface Figure {
  readonly name: string
  readonly language: Language
  readonly target: number
  readonly total: number
  readonly good: number
  readonly failures: readonly string[]
}

const TYPES: readonly Type[] = [
  { name: 'IBAN', target: 0.999, make: iban },
  { name: 'card', target: 0.999, make: card },
  { name: 'NIR', target: 0.999, make: nir },
  { name: 'SIREN', target: 0.999, make: siren },
  { name: 'SIRET', target: 0.999, make: siret },
  { name: 'e-mail', target: 0.99, make: email },
  { name: 'phone', target: 0.99, make: phone },
  { name: 'IP', target: 0.99, make: ip },
  { name: 'key', target: 0.99, make: token },
  { name: 'URL secret', target: 0.99, make: urlSecret },
  { name: 'address', target: 0.95, make: address },
  { name: 'name', target: 0.95, make: person },
  { name: 'common name', target: 0.95, make: commonPerson },
]
const MOST_FALSE = 0.005
const LANGUAGES = ['fr', 'en'] as const

const FRAMES: Readonly<Record<Language, readonly (readonly [string, string])[]>> = {
  fr: [
    ['Bonjour, voici ce que vous demandez : ', '. Merci de votre retour.'],
    ['Vous pouvez utiliser ', ' pour la suite'],
    ['- ', ''],
    ['> Le client a écrit « ', ' » hier soir'],
    ['| donnée | ', ' |'],
    ['Suite à notre échange (voir ', '), je relance'],
    ['J’ai noté ', ', est-ce juste ?'],
    ['```\nvaleur: ', '\n```'],
    ['Cela concerne ', ' et rien d’autre.'],
  ],
  en: [
    ['Hello, here is what you asked for: ', '. Thanks for getting back to me.'],
    ['You can use ', ' for the rest'],
    ['* ', ''],
    ['> The customer wrote "', '" last night'],
    ['| item | ', ' |'],
    ['Following our chat (see ', '), I am asking again'],
    ['I noted ', ', is that right?'],
    ['```\nvalue: ', '\n```'],
    ['It concerns ', ' and nothing else.'],
  ],
}

function main(): number {
  const isJson = process.argv.includes('--json')
  const seed = Number(process.argv[process.argv.indexOf('--seed') + 1] || 1) || 1
  const each = process.argv.includes('--quick') ? 200 : 1000
  const draw = createDraw(seed)
  const recall = LANGUAGES.flatMap((language) => TYPES.map((type) => recallOf(type, language, each, draw)))
  const kept = LANGUAGES.flatMap((language) => [
    ...Object.keys(LOOK_ALIKES).map((name) => keptOf(name, language, each / 2, draw)),
    wordsKept(language),
  ])
  const falseShare = share(kept, (figure) => figure.total - figure.good)
  const faults = recall
    .filter(({ good, total, target }) => good / total < target)
    .map(({ name, language }) => `${name} (${language})`)
  if (falseShare > MOST_FALSE) faults.push('false positives')
  if (isJson) console.log(JSON.stringify({ seed, recall, kept, falseShare, faults, ok: faults.length === 0 }))
  else print(seed, recall, kept, falseShare, faults)
  return faults.length === 0 ? 0 : 1
}

function recallOf(type: Type, language: Language, total: number, draw: Draw): Figure {
  const failures: string[] = []
  for (let i = 0; i < total; i++) {
    const { text, secret = text, label = '', people = [] } = type.make(draw, language)
    const [before, behind] = draw.pick(FRAMES[language])
    const shown = createRedactor({ people }).redact(`${before}${label}${text}${behind}`).text
    if (remains(shown, secret, before + label + behind)) failures.push(`${text} → ${shown}`)
  }
  return { name: type.name, language, target: type.target, total, good: total - failures.length, failures }
}

/** Does any word or group of digits of the secret still stand there, but for those that the sentence has itself? */
function remains(shown: string, secret: string, frame: string): boolean {
  const own = new Set(wordsOf(frame))
  const left = new Set(wordsOf(shown.replace(/\[[A-Z]+_\d+\]/g, ' ')))
  return shown.includes(secret) || wordsOf(secret).some((word) => word.length > 1 && !own.has(word) && left.has(word))
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

function keptOf(name: string, language: Language, total: number, draw: Draw): Figure {
  const failures: string[] = []
  for (let i = 0; i < total; i++) {
    const [before, behind] = draw.pick(FRAMES[language])
    const text = before + (LOOK_ALIKES[name]?.(draw, language) ?? '') + behind
    const shown = createRedactor({ people: ['Amélie Lefèvre', 'Kevin Johnson'] }).redact(text).text
    if (shown !== text) failures.push(`${text} → ${shown}`)
  }
  return { name, language, target: 1 - MOST_FALSE, total, good: total - failures.length, failures }
}

function wordsKept(language: Language): Figure {
  const failures = WORDS[language].flatMap(([text, name]) => {
    const shown = createRedactor({ people: [name] }).redact(text).text
    return shown === text ? [] : [`${text} → ${shown}`]
  })
  const total = WORDS[language].length
  return {
    name: 'words that are names',
    language,
    target: 1 - MOST_FALSE,
    total,
    good: total - failures.length,
    failures,
  }
}

function print(
  seed: number,
  recall: readonly Figure[],
  kept: readonly Figure[],
  falseShare: number,
  faults: readonly string[],
): void {
  console.log('removed')
  for (const figure of recall) printFigure(figure)
  console.log('\nkept')
  for (const figure of kept) printFigure(figure)
  const entities = recall.reduce((sum, { total }) => sum + total, 0)
  const removed = share(recall, ({ good }) => good)
  console.log(
    `\nredaction: ${faults.length === 0 ? 'ok' : `missed: ${faults.join(', ')}`}; seed ${seed}, ${entities} entities, ${percent(removed)} removed, ${percent(falseShare)} false positives of ${kept.reduce((sum, { total }) => sum + total, 0)}`,
  )
}

function printFigure({ name, language, target, total, good, failures }: Figure): void {
  console.log(
    `  ${name.padEnd(28)} ${language}  ${percent(good / total).padStart(8)}  ${good} of ${total}, target ${percent(target)}`,
  )
  for (const failure of [...new Set(failures)].slice(0, 3)) console.log(`    ${JSON.stringify(failure)}`)
}

function share(figures: readonly Figure[], count: (figure: Figure) => number): number {
  return figures.reduce((sum, figure) => sum + count(figure), 0) / figures.reduce((sum, { total }) => sum + total, 0)
}

function percent(value: number): string {
  return `${(value * 100).toFixed(2)} %`
}

process.exitCode = main()
