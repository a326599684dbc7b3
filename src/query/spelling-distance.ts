/**
 * How many letters are to be added, dropped, changed or swapped with their neighbour to make one word of another
 * (https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance, optimal string alignment). A word is compared with thousands,
 * so nothing is made anew for each of them, and only what may still be near enough is looked at.
 */

/** Of the word to any other; one more than `most` where it is more. */
export function distancesFrom(word: string, most: number): (other: string) => number {
  const letters = Array.from(word, (letter) => letter.codePointAt(0) ?? 0)
  const far = most + 1
  let [before, last, row] = [rowOf(letters.length), rowOf(letters.length), rowOf(letters.length)]
  return (other) => {
    for (let at = 0; at <= letters.length; at++) last[at] = Math.min(at, far)
    let [length, previous] = [0, 0]
    for (let at = 0; at < other.length; length++) {
      const letter = other.codePointAt(at) ?? 0
      at += letter > 0xffff ? 2 : 1
      const [first, end] = [Math.max(0, length - most), Math.min(letters.length, length + 1 + most)]
      let nearest = first === 0 ? Math.min(length + 1, far) : far
      row[first] = nearest
      for (let to = first; to < end; to++) {
        const change = (last[to] ?? far) + (letters[to] === letter ? 0 : 1)
        let least = Math.min(change, (last[to + 1] ?? far) + 1, (row[to] ?? far) + 1, far)
        const isSwap = length > 0 && to > 0 && letters[to] === previous && letters[to - 1] === letter
        if (isSwap) least = Math.min(least, (before[to - 1] ?? far) + 1)
        row[to + 1] = least
        nearest = Math.min(nearest, least)
      }
      if (nearest > most) return far
      row[end + 1] = far
      previous = letter
      ;[before, last, row] = [last, row, before]
    }
    return length + most < letters.length ? far : (last[letters.length] ?? far)
  }
}

/** One behind the last, so that what is beside the letters that may be near enough can be told to be far. */
function rowOf(letters: number): Uint8Array {
  return new Uint8Array(letters + 2)
}
