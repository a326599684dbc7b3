/** What libphonenumber knows of a written number, asked as seldom as can be: it is thorough, not fast. */
import { type CountryCode, Metadata, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'

export type { CountryCode }

type Check = (number: PhoneNumber) => boolean

/** Answers remembered. Threads repeat their numbers, and a hostile one repeats itself. */
const MOST_REMEMBERED = 10_000
const remembered = new Map<string, string | null>()
const plans = new Map<CountryCode, ReadonlySet<number>>()

/** The E.164 form of digits behind a country code, where the country's numbers are that long. */
export function possibleNumber(digits: string): string | null {
  return remember(`+${digits}`, () => parsed(`+${digits}`, undefined, (number) => number.isPossible()))
}

/** The E.164 form of digits behind a country code, where the country gives such numbers out. */
export function validNumber(digits: string): string | null {
  return remember(`00${digits}`, () => parsed(`+${digits}`, undefined, (number) => number.isValid()))
}

/** The E.164 form of digits as they are dialled inside the country, where it gives such numbers out. */
export function validNational(digits: string, country: CountryCode): string | null {
  if (!lengthsOf(country).has(digits.length)) return null
  return remember(country + digits, () => parsed(digits, country, (number) => number.isValid()))
}

function parsed(text: string, country: CountryCode | undefined, isOne: Check): string | null {
  const number = parsePhoneNumberFromString(text, { extract: false, ...(country && { defaultCountry: country }) })
  return number !== undefined && isOne(number) ? number.number : null
}

function remember(key: string, compute: () => string | null): string | null {
  const known = remembered.get(key)
  if (known !== undefined) return known
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  const answer = compute()
  remembered.set(key, answer)
  return answer
}

/** Lengths of the country's numbers, with the digit that stands in front inside the country or without. */
function lengthsOf(country: CountryCode): ReadonlySet<number> {
  const known = plans.get(country)
  if (known !== undefined) return known
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const lengths = metadata.numberingPlan?.possibleLengths() ?? []
  const plan = new Set(lengths.flatMap((length) => [length, length + 1]))
  plans.set(country, plan)
  return plan
}
