/** Makes a failing input smaller while it goes on failing in the same way. */

/** `fails` is asked at most `tries` times. What is left of JSON may be none: a check of it then fails in another way. */
export function shrink(text: string, fails: (text: string) => boolean, tries = 2_000): string {
  let smallest = text
  let left = tries
  for (let size = text.length; size >= 1; ) {
    const before = smallest
    for (let at = 0; at < smallest.length && left > 0; left -= 1) {
      const rest = smallest.slice(0, at) + smallest.slice(at + size)
      if (rest.length < smallest.length && fails(rest)) smallest = rest
      else at += size
    }
    if (smallest === before) size = Math.floor(size / 2)
  }
  return smallest
}
