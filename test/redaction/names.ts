/** People of generated threads, and the ways in which others write their names. */
import type { Draw } from './draw.ts'
import type { Entity, Language } from './entities.ts'

export interface Named extends Entity {
  readonly people: readonly string[]
}

const FIRST = {
  fr: [
    'Amélie',
    'François',
    'Jean-Pierre',
    'Hélène',
    'Mathieu',
    'Inès',
    'Loïc',
    'Zoé',
    'Chloé',
    'Nicolas',
    'Aurélie',
    'Mohamed',
    'Fatima',
    'Guillaume',
  ],
  en: [
    'Jennifer',
    'Michael',
    'Siobhán',
    'Kevin',
    'Ashley',
    'Priya',
    'Oluwaseun',
    'Hiroshi',
    'Katarzyna',
    'Diego',
    'Emily',
    'Brandon',
  ],
}
const LAST = {
  fr: [
    'Dupont',
    'Lefèvre',
    "d'Ornano",
    'de La Tour',
    'Nguyen',
    'Benali',
    'Rousseau',
    'Müller',
    'Le Goff',
    'Garcia-Lopez',
    'Thibault',
  ],
  en: [
    "O'Connor",
    'Johnson',
    'Nowak',
    'Patel',
    'van der Berg',
    'Thompson',
    'Ramírez',
    'McDonald',
    'Okafor',
    'Kowalski',
  ],
}
/** Names that are everyday words. */
const COMMON: Readonly<Record<Language, readonly (readonly [string, string])[]>> = {
  fr: [
    ['Rose', 'Leclerc'],
    ['Pierre', 'Lambert'],
    ['Marine', 'Petit'],
    ['Olive', 'Legrand'],
  ],
  en: [
    ['Will', 'Harrison'],
    ['Grace', 'Young'],
    ['Mark', 'Edwards'],
    ['Hope', 'Sanders'],
  ],
}

export function person(draw: Draw, language: Language): Named {
  const first = draw.pick(FIRST[language])
  const last = draw.pick(LAST[language])
  const core = last.replace(/^(?:d'|de La |Le |van der |O')/, '')
  const ascii = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')
  const handle = (text: string): string =>
    ascii(text)
      .toLowerCase()
      .replace(/[^a-z]/g, '')
  const text = draw.pick([
    `${first} ${last}`,
    `${first} ${last}`,
    first,
    core,
    `${last} ${first}`,
    `${first} ${last}`.toUpperCase(),
    `${first} ${last}`.toLowerCase(),
    first.toLowerCase(),
    core.toLowerCase(),
    ascii(`${first} ${last}`),
    ascii(first).toLowerCase(),
    `${first}\u00a0${last}`,
    `${first[0]}. ${core}`,
    `${first} ${core[0]}.`,
    `**${first}** ${last}`,
    first.normalize('NFD'),
    `${handle(first)}.${handle(core)}`,
    `${handle(first)}${handle(last)}`,
    `${handle(first)[0]}${handle(last)}`,
    `@${handle(first)}_${handle(core)}`,
    `${core.slice(0, 2)}\u200b${core.slice(2)}`,
    ...(language === 'en'
      ? [`${first}'s`, `${first}’s`, `${core}s`, `the ${core}s`, `Mr ${core}`]
      : [`M. ${core}`, `Mme ${core}`, `d'${first}`, `les ${core}`]),
  ])
  return {
    text,
    secret: text.replace(/['’]s$/, '').replace(/^(?:the|Mr|M\.|Mme|les|d')\s?/, ''),
    people: [`${first} ${last}`, `${draw.pick(FIRST[language])} ${draw.pick(LAST[language])}`],
  }
}

export function commonPerson(draw: Draw, language: Language): Named {
  const [first, last] = draw.pick(COMMON[language])
  const text = draw.pick([
    `${first} ${last}`,
    `${first.toLowerCase()} ${last.toLowerCase()}`,
    `${first}`,
    `${last} ${first}`,
    `${first[0]}. ${last}`,
  ])
  return { text, people: [`${first} ${last}`] }
}

/** Sentences where the names' words are only words. */
export const WORDS: Readonly<Record<Language, readonly (readonly [string, string])[]>> = {
  fr: [
    ['Le bouton rose ne répond plus.', 'Rose Leclerc'],
    ['Une pierre bloque le mécanisme, il faut une petite clé.', 'Pierre Lambert'],
    ['La couleur bleu marine est en rupture, un petit stock reste.', 'Marine Petit'],
    ['Le modèle vert olive arrive en mai 2024.', 'Olive May'],
    ['Petit rappel : la facture est jointe.', 'Marine Petit'],
    ['Les roses et les pierres sont au catalogue.', 'Rose Pierre'],
    ['Il faut le gros modèle, pas le petit.', 'Anne Petit'],
    ['La martingale et les martinets sont livrés.', 'Paul Martin'],
  ],
  en: [
    ['It will be sent again, we hope.', 'Will Harrison'],
    ['Will you mark this ticket as done?', 'Mark Williams'],
    ['There is a grace period of thirty days for young accounts.', 'Grace Young'],
    ['Hope this helps, mark it as read.', 'Hope Marks'],
    ['You may export in May 2024.', 'May Jones'],
    ['Mark all as read, then bill the account.', 'Mark Bill'],
    ['The page is long and the price is fair.', 'Page Long'],
    ['The johnsonite sample is fine.', 'Kevin Johnson'],
  ],
}
