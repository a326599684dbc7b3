/** What a cluster for tests is made of: the jars of OpenSearch and of its k-NN plugin, fetched once by Maven, and one class of ours. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Jars {
  /** Holds `server`, `knn` and `classes`. */
  readonly folder: string
}

const HERE = import.meta.dirname
const CACHE = join(HERE, '../../node_modules/.cache/unsilo/opensearch')
const OLDEST_JAVA = 17

/** Or why there are none. */
export function fetchJars(): Jars | string {
  const java = /version "(\d+)/.exec(said('java', '-version') ?? '')?.[1]
  if (java === undefined) return 'there is no Java here'
  if (Number(java) < OLDEST_JAVA) return `Java ${java} is too old: OpenSearch needs ${OLDEST_JAVA}`
  const asked = ['pom.xml', 'node.java'].map((name) => readFileSync(join(HERE, name)))
  const folder = join(CACHE, createHash('sha256').update(Buffer.concat(asked)).digest('hex').slice(0, 12))
  if (existsSync(join(folder, 'whole'))) return { folder }
  for (const program of ['javac', 'mvn']) {
    if (said(program, '-version') === null) return `there is no ${program} here`
  }
  rmSync(CACHE, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  run('mvn', '-q', '-B', '-f', join(HERE, 'pom.xml'), 'package', `-Dfolder=${folder}`)
  run('javac', '-cp', join(folder, 'server', '*'), '-d', join(folder, 'classes'), join(HERE, 'node.java'))
  writeFileSync(join(folder, 'whole'), '')
  return { folder }
}

/** Null: it can't be run. */
function said(program: string, argument: string): string | null {
  const { status, stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8' })
  return status === 0 ? `${stdout}${stderr}` : null
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${stdout}${stderr}`)
}
