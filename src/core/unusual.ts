/** What a person should be asked about before it is removed, or shown to more people. */

/** More than 20 % and more than 10, or more than 500, or all of three or more. */
export function isUnusual(count: number, stored: number): boolean {
  if (count > 500) return true
  if (count > 10 && count > stored * 0.2) return true
  return stored >= 3 && count >= stored
}

/** Whether so many may be gone: as many as a person allowed, or where nobody did, what is usual. */
export function mayBeGone(count: number, stored: number, allowed: number | undefined): boolean {
  return allowed === undefined ? !isUnusual(count, stored) : count <= allowed
}
