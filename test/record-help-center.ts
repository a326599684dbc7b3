/**
 * Makes the recordings under fixtures/help-center again, through `unsilo record` and the emulated Intercom, from the
 * sample pages beside the checkout. See test/record-fixtures.ts for when.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../src/cli/io.ts'
import { runRecord } from '../src/cli/record.ts'
import { startIntercomEmulator } from './emulators/intercom.ts'
import type { IntercomModel } from './emulators/intercom-model.ts'

const NAME = 'labour-law'
const SITE = 'https://api.eu.intercom.io'

const CONFIG = `sources:
  ${NAME}:
    connector: help-center
    provider: intercom
    region: eu
    token: \${env:INTERCOM_TOKEN}
    principals:
      "audience:all_users": [group:customers, group:staff]
`

const HARVEST =
  '<p class="no-margin">A grape harvest contract lasts for one month at most.</p>' +
  '<div class="intercom-interblocks-callout" style="background-color: #feedaf80; border-color: #fbc91633;">' +
  '<p class="no-margin"><b>Note:</b> Several contracts in a row may not last for more than two months a year.</p></div>' +
  '<details><summary>May an employee take leave for it?</summary><p class="no-margin">Yes, also during paid leave.</p></details>'

const PLAYER =
  '<div class="intercom-h2b-video"><iframe src="https://www.youtube.com/embed/aides-emploi"></iframe></div>'

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
const emulator = await startIntercomEmulator({ pageSize: 3 })
const options = { source: NAME, dir: folder, json: false, quiet: false, verbose: false }
for (const [at, [step, change]] of Object.entries({ first: () => {}, ...fill(emulator.model) }).entries()) {
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
    env: { INTERCOM_TOKEN: 'not-a-real-token' },
    cwd: work,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 6),
    fetch: (input, init) => fetch(String(input).replace(SITE, emulator.url), init),
    hide: () => {},
  }
}

/** Pages in French, one with a translation of ours; the changes before each further step. */
function fill(model: IntercomModel): Readonly<Record<string, () => void>> {
  const center = model.addHelpCenter({ locales: ['fr', 'en'] })
  const contracts = model.addCollection({ name: 'Contrats', helpCenterId: center.id, names: { en: 'Contracts' } })
  const seasonal = model.addCollection({ name: 'Saisonniers', parentId: contracts.id, names: { en: 'Seasonal' } })
  const rights = model.addCollection({ name: 'Droits', helpCenterId: center.id, names: { en: 'Rights' } })
  const add = (file: string, parent: string, locales: readonly string[], more: object = {}) => {
    const { title, body } = sample(file)
    const { id } = model.addArticle({ title, body, parentIds: [parent], locales, ...more })
    Object.assign(model.find(id).texts.get('fr') ?? {}, { title })
    return id
  }
  const harvest = add('article100987', seasonal.id, ['fr', 'en'], { tags: ['vendanges'] })
  Object.assign(model.find(harvest).texts.get('en') ?? {}, { title: 'The grape harvest contract', body: HARVEST })
  add('article108282', contracts.id, ['fr'])
  const rehiring = add('article101105', rights.id, ['fr'])
  const illegal = add('article103097', rights.id, ['fr'], { audience: 'all_users' })
  const care = add('article112736', rights.id, ['fr'])
  add('article114574', rights.id, ['fr'], { state: 'draft' })
  return {
    edited: () => {
      model.edit(care, { body: `${model.find(care).texts.get('fr')?.body}${PLAYER}` }, 'fr')
      model.find(rehiring).audience = 'restricted'
      model.find(illegal).audience = 'everyone'
    },
    deleted: () => {
      model.remove(rehiring)
      model.edit(harvest, { state: 'draft' }, 'en')
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
