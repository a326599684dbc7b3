/**
 * Makes the recordings under fixtures/confluence again, through `unsilo record` and the emulated Confluence, from the
 * sample pages beside the checkout. Needed only when the connector asks other requests on purpose; then
 * `npx unsilo test --update`, and read the change. Arguments name stories; all of them unless told.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../src/cli/io.ts'
import { runRecord } from '../src/cli/record.ts'
import { type ConfluenceModel, startConfluenceEmulator } from './emulators/confluence.ts'
import { startDataCenterEmulator } from './emulators/confluence-data-center.ts'

const root = join(import.meta.dirname, '..')
const samples = join(root, '..', 'shared', 'samples', 'confluence')

/** Pages that publishing tools make, by the title they get here. */
const PUBLISHED: Readonly<Record<string, string>> = {
  Admonitions: 'storage/mark/admonitions/admonitions.html',
  'Code blocks': 'storage/mark/codes/codes.html',
  Tables: 'storage/mark/table/table.html',
  'Task lists': 'storage/mark/tasklists/tasklists.html',
  Formatting: 'storage/md2conf/basic/page.xml',
  'Collapsed sections': 'storage/md2conf/collapsed/page.xml',
  Status: 'storage/md2conf/status/page.xml',
}

/** Pages of an intranet, by the title they get here: content templates in German, and test pages of two tools. */
const INTRANET: Readonly<Record<string, string>> = {
  home: 'storage/maven-confluence/home-issue108.xhtml',
  Agenda: 'storage/meeting-blueprint/agenda.xml',
  Entscheidung: 'storage/meeting-blueprint/entscheidung.xml',
  Information: 'storage/meeting-blueprint/information.xml',
  'Storage format': 'storage/maven-confluence/storageFormat.xhtml',
  'Images of other pages': 'storage/maven-confluence/issue191.xhtml',
  'Region latency': 'storage/confluence-to-notion/90000022.xhtml',
  'Investigation notes': 'storage/confluence-to-notion/90000018.xhtml',
  'A greeting': 'storage/confluence-to-notion/90000001.xhtml',
}

interface Site {
  readonly url: string
  readonly start: () => Promise<{ url: string; model: ConfluenceModel; close(): Promise<void> }>
}

interface Story {
  readonly name: string
  readonly site: Site
  readonly config: string
  /** Fills the site, and returns the changes before each further step, by its name. */
  fill(model: ConfluenceModel): Readonly<Record<string, () => void>>
}

const stories: readonly Story[] = [
  cloudStory('jsonix-wiki', 'JSX', 'level: customers', fillJsonix),
  cloudStory('doc-tools', 'DOC', 'level: staff', fillDocTools),
  dataCenterStory('data-center-intranet', fillIntranet),
]

const asked = process.argv.slice(2)

if (!existsSync(samples)) {
  console.error('The sample pages are not beside this checkout (../shared/samples): nothing was recorded.')
  process.exit(1)
}
for (const story of stories) if (asked.length === 0 || asked.includes(story.name)) await record(story)

async function record({ name, site, config, fill }: Story): Promise<void> {
  const folder = join(root, 'fixtures', 'confluence', name)
  for (const old of globSync(join(folder, '*.http.json'))) rmSync(old)
  const work = mkdtempSync(join(tmpdir(), 'unsilo-record-'))
  writeFileSync(join(work, 'unsilo.config.yaml'), config)
  const emulator = await site.start()
  const io = recordingIo(work, site.url, emulator.url)
  const options = { source: name, dir: folder, json: false, quiet: false, verbose: false }
  const steps = Object.entries({ first: () => {}, ...fill(emulator.model) })
  for (const [at, [step, change]] of steps.entries()) {
    change()
    await runRecord({ ...options, config: undefined, index: undefined }, io)
    const [made] = globSync(join(folder, `${at + 1}-*.http.json`))
    renameSync(made as string, join(folder, `${at + 1}-${step}.http.json`))
  }
  await emulator.close()
  rmSync(work, { recursive: true })
}

function recordingIo(cwd: string, site: string, emulator: string): Io {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: () => {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    color: false,
    columns: 80,
    env: { CONFLUENCE_TOKEN: 'not-a-real-token' },
    cwd,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 6),
    fetch: (input, init) => fetch(String(input).replace(site, emulator), init),
    hide: () => {},
  }
}

function cloudStory(name: string, space: string, level: string, fill: Story['fill']): Story {
  const site = { url: `https://${name}.atlassian.net`, start: () => startConfluenceEmulator({ pageSize: 5 }) }
  return { name, site, config: sourceConfig(name, space, level), fill }
}

function dataCenterStory(name: string, fill: Story['fill']): Story {
  const start = () => startDataCenterEmulator({ pageSize: 4, bodiesSize: 3 })
  const site = { url: 'https://wiki.example.org/confluence', start }
  const config = `sources:
  ${name}:
    connector: confluence
    level: staff
    principals:
      "group:leitung": [group:management]
    baseUrl: ${site.url}
    auth:
      bearer: \${env:CONFLUENCE_TOKEN}
    spaces: [TREFF]
    labels:
      exclude: [entwurf]
`
  return { name, site, config, fill }
}

function sourceConfig(name: string, space: string, level: string): string {
  return `sources:
  ${name}:
    connector: confluence
    ${level}
    principals:
      "group:maintainers": [group:engineering]
    baseUrl: https://${name}.atlassian.net
    auth:
      email: sync@example.com
      apiToken: \${env:CONFLUENCE_TOKEN}
    spaces: [${space}]
`
}

// --- the sites --------------------------------------------------------------------------------------------------

function fillJsonix(model: ConfluenceModel): Readonly<Record<string, () => void>> {
  const space = model.addSpace({ key: 'JSX', name: 'Jsonix' })
  const page = pageAdder(model, space.id, (title) =>
    unwrapped(`storage/jsonix-wiki/${title.replaceAll(' ', '-')}/page.xml`),
  )
  const introduction = page('Introduction', null)
  const features = page('Features', introduction)
  const modules = page('Modules and Mappings', introduction)
  const types = page('Types', introduction)
  const naming = page('Compact Naming', modules)
  const example = page('Working Example', introduction)
  return {
    edited: () => {
      model.edit(features, { body: `${model.find(features).body}<p>This list was last checked for version 2.3.</p>` })
      model.move(types, modules)
      model.restrict(naming, { users: [], groups: [{ id: 'g-1', name: 'maintainers' }] })
      model.find(example).labels.push('tutorial')
    },
    deleted: () => model.trash(example),
  }
}

function fillDocTools(model: ConfluenceModel): Readonly<Record<string, () => void>> {
  const space = model.addSpace({ key: 'DOC', name: 'Documentation tools' })
  const exported = exportedBodies()
  const page = pageAdder(model, space.id, (title) => exported.get(title) ?? published(title))
  const home = page('AsciiDoc-Test Home', null)
  const asciidoc = ['First Steps with AsciiDoc', 'Getting Literal', 'Lists Upon Lists', 'Included Section', 'Wrap-up']
  const [firstSteps, literal] = asciidoc.map((title) => page(title, home))
  for (const title of Object.keys(PUBLISHED)) page(title, null)
  model.add({ type: 'blogpost', spaceId: space.id, title: 'We’re back!', body: exported.get('We’re back!') ?? '' })
  return {
    restricted: () => {
      model.edit(firstSteps as string, { title: 'First Steps with AsciiDoc, Second Edition' })
      model.restrict(literal as string, { users: ['712020:someone'], groups: [] })
    },
  }
}

function fillIntranet(model: ConfluenceModel): Readonly<Record<string, () => void>> {
  const space = model.addSpace({ key: 'TREFF', name: 'Besprechungen' })
  const body = (title: string) => unwrapped(INTRANET[title] as string)
  const page = pageAdder(model, space.id, body)
  const home = page('home', null)
  const agenda = page('Agenda', home)
  const decision = page('Entscheidung', agenda)
  const information = page('Information', agenda)
  for (const title of ['Storage format', 'Images of other pages', 'Region latency']) page(title, home)
  const posts = ['Investigation notes', 'A greeting'].map((title) =>
    model.add({ type: 'blogpost', spaceId: space.id, title, body: body(title) }),
  )
  const added =
    '<p>Verantwortlich: <ac:link><ri:user ri:userkey="8a7f808577bd4f1c0177" /></ac:link>, siehe ' +
    `<a href="/confluence/pages/viewpage.action?pageId=${decision}">die Entscheidung</a>.</p>`
  return {
    edited: () => {
      model.edit(agenda, { body: `${model.find(agenda).body}${added}` })
      model.restrict(agenda, { users: ['erika'], groups: [{ id: 'unused', name: 'leitung' }] })
      model.restrict(decision, { users: ['erika'], groups: [] })
      model.move(information, home)
    },
    deleted: () => {
      model.trash(decision)
      model.find(information).labels.push('entwurf')
      model.trash(posts[1]?.id as string)
    },
  }
}

function published(title: string): string {
  return unwrapped(PUBLISHED[title] as string)
}

function pageAdder(
  model: ConfluenceModel,
  spaceId: string,
  body: (title: string) => string,
): (title: string, parentId: string | null) => string {
  return (title, parentId) => model.addPage({ spaceId, title, parentId, body: body(title) }).id
}

/** Storage format without the document type and root element that some tools wrap around it. */
function unwrapped(file: string): string {
  const text = readFileSync(join(samples, file), 'utf8')
  return (/<(ac:confluence|root)[^>]*>([\s\S]*)<\/\1>/.exec(text)?.[2] ?? text).trim()
}

/** The first body of each title in a space export. */
function exportedBodies(): ReadonlyMap<string, string> {
  const lines = readFileSync(join(samples, 'space-export/docToolchain/bodies.jsonl'), 'utf8').trim().split('\n')
  const bodies = lines.map((line) => JSON.parse(line)).filter(({ body_type }) => body_type === '2')
  return new Map(bodies.reverse().map(({ title, body }) => [title, body]))
}
