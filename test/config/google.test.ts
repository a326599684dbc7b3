import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { googleCredentials, loginFile } from '../../src/config/google.ts'

const GCLOUD = join('/home/ada', '.config', 'gcloud', 'application_default_credentials.json')
const LOGIN = join('/home/ada', '.config', 'unsilo', 'google-login.json')

type Env = Readonly<Record<string, string>>

function find(name: string, env: Env, files: Readonly<Record<string, string>>) {
  const readFile = async (path: string) => {
    const text = files[path]
    if (text === undefined)
      throw Object.assign(new Error('canary'), { code: path.startsWith('/root') ? 'EACCES' : 'ENOENT' })
    return text
  }
  return googleCredentials(name, { env, readFile })
}

describe('application default credentials', () => {
  const HOME = '/home/ada'
  test.each<[string, Env, Readonly<Record<string, string>>, object]>([
    [
      'the named file comes first',
      { HOME, GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
      { '/key.json': '{"a":1}\n', [GCLOUD]: '{}' },
      { text: '{"a":1}' },
    ],
    [
      'a named file that is not there is not passed over',
      { HOME, GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
      { [GCLOUD]: '{}' },
      { problem: 'GOOGLE_APPLICATION_CREDENTIALS names /key.json, which is not there' },
    ],
    [
      'nor is one that can’t be read',
      { HOME, GOOGLE_APPLICATION_CREDENTIALS: '/root/key.json' },
      { [GCLOUD]: '{}' },
      { problem: 'the file /root/key.json can’t be read (EACCES)' },
    ],
    [
      'nor an empty one',
      { HOME, GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
      { '/key.json': '\n' },
      { problem: 'the file /key.json is empty' },
    ],
    ['then gcloud’s', { HOME }, { [GCLOUD]: '{"g":1}' }, { text: '{"g":1}' }],
    [
      'wherever gcloud keeps it',
      { HOME, CLOUDSDK_CONFIG: '/gc' },
      { '/gc/application_default_credentials.json': '{"g":2}', [GCLOUD]: '{}' },
      { text: '{"g":2}' },
    ],
    [
      'on Windows too',
      { USERPROFILE: '/home/ada', APPDATA: '/data' },
      { '/data/gcloud/application_default_credentials.json': '{"g":3}' },
      { text: '{"g":3}' },
    ],
  ])('%s', async (_, env, files, found) => {
    expect(await find('adc', env, files)).toEqual(found)
  })

  test.each<[string, Env, string]>([
    ['then the machine is asked', { HOME }, '169.254.169.254'],
    ['or what stands in for it', { HOME, GCE_METADATA_HOST: '127.0.0.1:8080' }, '127.0.0.1:8080'],
  ])('%s', async (_, env, host) => {
    const found = await find('adc', env, {})
    expect(JSON.parse('text' in found ? found.text : '')).toEqual({
      type: 'metadata_server',
      host,
      looked: `GOOGLE_APPLICATION_CREDENTIALS is not set, there is no ${GCLOUD}`,
    })
  })
})

describe('a login', () => {
  test.each<[string, Env, string | null]>([
    ['in the home folder', { HOME: '/home/ada' }, LOGIN],
    ['in XDG’s', { HOME: '/home/ada', XDG_CONFIG_HOME: '/xdg' }, '/xdg/unsilo/google-login.json'],
    ['a relative XDG folder is none, says XDG', { HOME: '/home/ada', XDG_CONFIG_HOME: 'xdg' }, LOGIN],
    ['without a home', {}, null],
  ])('%s', (_, env, path) => {
    expect(loginFile(env)).toBe(path)
  })

  test('is read, or asked for', async () => {
    expect(await find('login', { HOME: '/home/ada' }, { [LOGIN]: '{}' })).toEqual({ text: '{}' })
    expect(await find('login', { HOME: '/home/ada' }, {})).toEqual({
      problem: expect.stringContaining('unsilo login google'),
    })
    expect(await find('login', {}, {})).toEqual({ problem: expect.stringContaining('HOME') })
  })

  test('no other name means anything', async () => {
    expect(await find('logins', {}, {})).toEqual({ problem: expect.stringContaining('don’t exist') })
  })
})
