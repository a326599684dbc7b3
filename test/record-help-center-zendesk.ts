/**
 * Makes the recordings of fixtures/help-center/guide again, through `unsilo record` and the emulated Zendesk, from the
 * sample pages beside the checkout. See test/record-fixtures.ts for when.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../src/cli/io.ts'
import { runRecord } from '../src/cli/record.ts'
import { startZendeskEmulator } from './emulators/zendesk.ts'
import type { GuideModel } from './emulators/zendesk-guide-model.ts'

const NAME = 'guide'
const SITE = 'https://example.zendesk.com'
const SECRET = 'not-a-real-secret'

const CONFIG = `sources:
  ${NAME}:
    connector: help-center
    provider: zendesk
    url: ${SITE}
    auth:
      clientId: unsilo
      clientSecret: \${env:ZENDESK_CLIENT_SECRET}
    principals:
      "segment:signed_in_users": [group:customers, group:staff]
`

const ADOPTION =
  '<p>Every employee to whom a child is entrusted for adoption may take leave.</p>' +
  '<h2>What must be done?</h2><ol><li>Tell the employer why you will be absent,</li><li>and when the leave ends.</li></ol>' +
  '<p>The contract is suspended meanwhile. <a href="/hc/en-us/articles/1">More about contracts</a></p>'

const PLAYER = '<p><iframe src="https://www.youtube-nocookie.com/embed/demission" allowfullscreen></iframe></p>'

const root = join(import.meta.dirname, '..')
const samples = join(root, '..', 'shared', 'samples', 'helpcenter-html', 'fiches-travail-fr')
const folder = join(root, 'fixtures', 'help-center', NAME)

if (!existsSync(samples)) {
  console.error('The sample pages are not beside this checkout (../shared/samples): nothing was recorded.')
  process.exit(1)
}

for (const old of globSync(join(folder, '*.http.json'))) rmSync(old)
const work = mkdtempSync(join(tmpdir(), 'unsilo-record-'))
writeFileSync(join(work, 'unsilo.config.yaml'), CONFIG)
const emulator = await startZendeskEmulator({ pageSize: 3, client: { id: 'unsilo', secret: SECRET } })
const options = { source: NAME, dir: folder, json: false, quiet: false, verbose: false }
for (const [at, [step, change]] of Object.entries({ first: () => {}, ...fill(emulator.guide) }).entries()) {
  change()
  await runRecord({ ...options, config: undefined, index: undefined }, recordingIo())
  const [made] = globSync(join(folder, `${at + 1}-*.http.json`))
  renameSync(made as string, join(folder, `${at + 1}-${step}.http.json`))
}
await emulator.close()
rmSync(work, { recursive: true })

function recordingIo(): Io {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: () => {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    color: false,
    columns: 80,
    env: { ZENDESK_CLIENT_SECRET: SECRET },
    cwd: work,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 6),
    fetch: (input, init) => fetch(String(input).replace(SITE, emulator.url), init),
    hide: () => {},
  }
}

/** Pages in French, one with a translation of ours; the changes before each further step. */
function fill(guide: GuideModel): Readonly<Record<string, () => void>> {
  Object.assign(guide.settings, { defaultLocale: 'fr', locales: ['fr', 'en-us'] })
  const signedIn = guide.addSegment({ name: 'Signed-in users', builtIn: true })
  const partners = guide.addSegment({ name: 'Partners' })
  const contract = guide.addCategory('Contrat de travail', { 'en-us': 'Contract' })
  const ending = guide.addSection({ name: 'Rupture', categoryId: contract.id, names: { 'en-us': 'Its end' } })
  const leave = guide.addSection({ name: 'Congés', categoryId: contract.id, names: { 'en-us': 'Leave' } })
  const family = guide.addSection({
    name: 'Famille',
    categoryId: contract.id,
    parentId: leave.id,
    names: { 'en-us': 'Family' },
  })
  const add = (file: string, sectionId: number, more: object = {}) =>
    guide.addArticle({ ...sample(file), sectionId, locales: ['fr'], ...more }).id
  const adoption = add('article112740', family.id, { locales: ['fr', 'en-us'], labels: ['adoption'] })
  guide.edit(adoption, { title: 'Adoption leave', body: ADOPTION }, 'en-us')
  const resignation = add('article101095', ending.id)
  const company = add('article101168', leave.id, { segmentId: signedIn.id })
  const allowance = add('article111435', family.id)
  add('article112733', leave.id, { draft: true })
  return {
    edited: () => {
      guide.edit(resignation, { body: `${guide.find(resignation).translations.get('fr')?.body}${PLAYER}` })
      guide.edit(adoption, { outdated: true }, 'en-us')
      guide.find(company).segmentId = null
      guide.find(allowance).segmentId = partners.id
    },
    deleted: () => {
      guide.remove(resignation)
      guide.edit(adoption, { draft: true }, 'en-us')
    },
  }
}

/** The sections of a page as one article. */
function sample(name: string): { readonly title: string; readonly body: string } {
  const { title, sections } = JSON.parse(readFileSync(join(samples, `${name}.json`), 'utf8')) as {
    title: string
    sections: { title: string; html: string }[]
  }
  return { title, body: sections.map((section) => `<h2>${section.title}</h2>${section.html}`).join('') }
}
