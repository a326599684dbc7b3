/** What a person should be asked about before it is removed, or shown to more people. */

/** More than 20 % and more than 10, or more than 500, or all of three or more. */
export function isUnusual(count: number, stored: number): boolean {
  if (count > 500) return true
  if (count > 10 && count > stored * 0.2) return true
  return stored >= 3 && count >= stored
}
