/** The browser's storage, where there is one: a page in a frame, a private window and a full disk may have none. */

/** Null where nothing is kept under this name, or it is no JSON. */
export function stored(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null')
  } catch {
    return null
  }
}

/** `null` removes it. */
export function store(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // It is a convenience, and the reader can do without it.
  }
}
