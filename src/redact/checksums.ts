/** The check digits of numbers that carry some. All take digits without separators. */

/** ISO/IEC 7812-1, annex B. */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 7064 MOD 97-10 over an IBAN, upper case without spaces. */
export function isIbanChecked(iban: string): boolean {
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}

/**
 * The key of a French account: 97 less the remainder by 97 of the bank's code 89 times, the branch's 15 times and the
 * account 3 times, in which letters count as digits (https://fr.wikipedia.org/wiki/Clé_RIB).
 */
export function isRibChecked(bank: string, branch: string, account: string, key: string): boolean {
  const digits = account.replace(/[A-Z]/g, (letter) => '12345678912345678923456789'[letter.charCodeAt(0) - 65] ?? '')
  return 97 - ((89 * Number(bank) + 15 * Number(branch) + 3 * Number(digits)) % 97) === Number(key)
}

/**
 * The key of a French social security number: 97 less the first 13 characters modulo 97, where 2A counts as 19 and 2B as
 * 18 (https://www.insee.fr/fr/metadonnees/definition/c1409).
 */
export function isNirChecked(nir: string): boolean {
  const number = nir.slice(0, 13).toUpperCase().replace('2A', '19').replace('2B', '18')
  return 97 - (Number(number) % 97) === Number(nir.slice(13))
}

/** A SIRET is a Luhn number, but those of La Poste have digits whose sum is a multiple of 5. */
export function isSiretChecked(siret: string): boolean {
  if (isLuhn(siret)) return true
  return siret.startsWith('356000000') && [...siret].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
}
