/** This program's version and where its files are, the same from the source and from what is built. */
import { readFileSync } from 'node:fs'

interface Package {
  readonly version: string
}

/** The nearest package.json above this file is ours: two folders up from the source, three from what is built. */
export function version(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    const found = readPackage(new URL(up, import.meta.url))
    if (found !== null) return found.version
  }
  return 'unknown'
}

function readPackage(url: URL): Package | null {
  try {
    return JSON.parse(readFileSync(url, 'utf8')) as Package
  } catch {
    return null
  }
}
