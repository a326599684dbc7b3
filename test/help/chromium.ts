/**
 * A real browser from npm, with no package of the system: unpacked once into `node_modules/.cache`, by a process of its own,
 * since the package unpacks into the folder for temporary files and several test runs may want it at the same time.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const MODULES = join(import.meta.dirname, '../../node_modules')
const PACKAGE = '@sparticuz/chromium'
const FONTS = 'fonts-alone.conf'
/** Without a sandbox, since tests may run as root; it opens pages of this machine alone. */
const ARGUMENTS = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-gpu',
  '--font-render-hinting=none',
  '--hide-scrollbars',
]

export async function launchChromium(): Promise<Browser> {
  const folder = unpacked()
  return await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ARGUMENTS,
    chromiumSandbox: false,
    env: { ...process.env, FONTCONFIG_FILE: join(folder, FONTS) } as Record<string, string>,
  })
}

/** The folder that holds `chromium`. Whoever comes second takes what the first has put there. */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(MODULES, PACKAGE, 'package.json'), 'utf8')) as { version: string }
  const cache = join(MODULES, '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const own = mkdtempSync(join(cache, 'unpacking-'))
  try {
    const code = `import chromium from '${PACKAGE}'; await chromium.executablePath()`
    const options = { cwd: import.meta.dirname, env: { ...process.env, TMPDIR: own } }
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], options)
    writeFileSync(join(own, FONTS), fontsAlone(folder))
    if (!existsSync(folder)) renameSync(own, folder)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  return folder
}

/** The fonts that came along and no others, so that pictures of pages are alike everywhere. */
function fontsAlone(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`
}
