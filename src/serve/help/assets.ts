/** The files that browsers are given, as `npm run build` left them: read once, when the first is asked for. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UnsiloError } from '../../core/errors.ts'

/** Of files in `dist/help`, each with a hash of its content. */
export interface AssetNames {
  /** `<unsilo-help>` alone, for other sites. */
  readonly element: string
  /** The same, with what the page at /help does beside it. */
  readonly page: string
  readonly style: string
  readonly worker: string
}

export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>
  /** Smaller, or absent. */
  readonly packed?: Uint8Array<ArrayBuffer>
  readonly type: string
}

export interface Assets {
  readonly names: AssetNames
  readonly files: ReadonlyMap<string, Asset>
}

export const MANIFEST = 'names.json'
/** Beside the compiled program, or below the sources that it is compiled from. */
const FOLDER = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../../dist/help' : '../../../help')

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
}
const PACKED = /^text\/|svg/

export function readAssets(): Assets {
  const names = JSON.parse(readBuilt(MANIFEST).toString('utf8')) as AssetNames
  return { names, files: new Map(Object.values(names).map((name) => [name, assetOf(name, readBuilt(name))])) }
}

/** @param name its ending tells the type */
export function assetOf(name: string, content: Uint8Array): Asset {
  const type = TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  const body = new Uint8Array(content)
  return PACKED.test(type) ? { body, type, packed: new Uint8Array(gzipSync(content, { level: 9 })) } : { body, type }
}

/** `page.js` becomes `page-0a1b2c3d4e5f.js`. */
export function hashedName(name: string, content: string | Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return name.replace(/(\.\w+)$/, `-${hash}$1`)
}

function readBuilt(name: string): Buffer {
  try {
    return readFileSync(join(FOLDER, name))
  } catch (cause) {
    throw new UnsiloError('UNEXPECTED', `The Help space's own file ${name} can't be read.`, {
      hint: 'Install unsilo anew, or run `npm run build` where it runs from its sources.',
      cause,
    })
  }
}
