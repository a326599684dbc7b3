/** The packages that unsilo's search is compared with, in this folder alone: one of them takes 195 MB. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs them in the versions of this folder's package.json, unless they are there; false where that can't be done.
 * There is no lock file: one of them names binaries of platforms that not every registry has, and `npm ci` then refuses.
 */
export function installPeers(): boolean {
  if (existsSync(join(import.meta.dirname, 'node_modules', 'minisearch'))) return true
  console.log('bench:query: installing the peers in test/bench/query')
  const { status } = spawnSync('npm', ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  return status === 0
}
