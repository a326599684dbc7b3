/**
 * Google's credentials on this machine: what `unsilo login google` keeps, and application default credentials
 * (https://google.aip.dev/auth/4110).
 */
import { isAbsolute, join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

export interface GoogleSources {
  readonly env: Env
  readonly readFile: (path: string) => Promise<string>
}

type Found = { readonly text: string } | { readonly problem: string }

const METADATA_HOST = '169.254.169.254'

/** What `${google:login}` and `${google:adc}` stand for: Google's own JSON. */
export async function googleCredentials(name: string, sources: GoogleSources): Promise<Found> {
  if (name === 'login') return kept(sources)
  if (name === 'adc') return applicationDefault(sources)
  return {
    problem: `holds a reference to credentials of Google that don’t exist; write \${google:login} or \${google:adc}`,
  }
}

/** Where a login is kept, by the XDG Base Directory Specification; null where there is no home. */
export function loginFile(env: Env): string | null {
  return settingsFile(env, env['XDG_CONFIG_HOME'], 'unsilo', 'google-login.json')
}

async function kept({ env, readFile }: GoogleSources): Promise<Found> {
  const path = loginFile(env)
  if (path === null) return { problem: 'a login is kept in the home folder, and HOME is not set' }
  const file = await read(path, readFile)
  return file ?? { problem: `nobody is logged in (there is no ${path}); run: unsilo login google --client FILE` }
}

async function applicationDefault({ env, readFile }: GoogleSources): Promise<Found> {
  const named = env['GOOGLE_APPLICATION_CREDENTIALS']
  if (named) {
    const file = await read(named, readFile)
    return file ?? { problem: `GOOGLE_APPLICATION_CREDENTIALS names ${named}, which is not there` }
  }
  const path = gcloudFile(env)
  const file = path === null ? null : await read(path, readFile)
  if (file !== null) return file
  const looked = `GOOGLE_APPLICATION_CREDENTIALS is not set, ${path === null ? 'HOME neither' : `there is no ${path}`}`
  return { text: JSON.stringify({ type: 'metadata_server', host: env['GCE_METADATA_HOST'] || METADATA_HOST, looked }) }
}

/** As gcloud has it: https://cloud.google.com/docs/authentication/application-default-credentials#personal */
function gcloudFile(env: Env): string | null {
  const file = 'application_default_credentials.json'
  const folder = env['CLOUDSDK_CONFIG']
  return folder ? join(folder, file) : settingsFile(env, undefined, 'gcloud', file)
}

function settingsFile(env: Env, folder: string | undefined, ...below: readonly string[]): string | null {
  const home = env['HOME'] || env['USERPROFILE']
  const settings = [folder, env['APPDATA'], home && join(home, '.config')].find((path) => path && isAbsolute(path))
  return settings ? join(settings, ...below) : null
}

/** Null where there is none. */
async function read(path: string, readFile: GoogleSources['readFile']): Promise<Found | null> {
  try {
    const text = (await readFile(path)).trim()
    return text === '' ? { problem: `the file ${path} is empty` } : { text }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error'
    return code === 'ENOENT' ? null : { problem: `the file ${path} can’t be read (${code})` }
  }
}
