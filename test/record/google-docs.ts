/** Google Docs: texts of our own, and one document of the samples beside the checkout. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGoogleEmulator } from '../emulators/google.ts'
import type { Fields, GoogleModel } from '../emulators/google-model.ts'
import type { Story } from './story.ts'

const NAME = 'bicycle-hire'
const DRIVE = 'drive-workshop'

const sample = join(
  import.meta.dirname,
  '../../../shared/samples/gdocs/documents/google-docs-markdown/Markdown_Conversion_Example_-_Multi-Tab.json',
)

export const googleDocsStory: Story = {
  connector: 'google-docs',
  name: NAME,
  samples: sample,
  site: /^https:\/\/(www|docs)\.googleapis\.com/,
  start: async () => {
    const { url, model, serviceAccountKey, close } = await startGoogleEmulator({ pageSize: 3 })
    const { handbook, steps } = fill(model)
    return { url, config: configText(handbook), env: { GOOGLE_CREDENTIALS: serviceAccountKey }, steps, close }
  },
}

function configText(handbookId: string): string {
  return `sources:
  ${NAME}:
    connector: google-docs
    auth:
      credentials: \${env:GOOGLE_CREDENTIALS}
    folders: [${handbookId}]
    drives: [${DRIVE}]
    principals:
      "domain:hire.example": [group:staff]
      "group:managers@hire.example": [group:managers]
`
}

/** A small company's documents; the changes before each further step. */
function fill(model: GoogleModel) {
  const staff: Fields = { type: 'domain', role: 'reader', domain: 'hire.example', allowFileDiscovery: true }
  const managers: Fields = { type: 'group', role: 'reader', emailAddress: 'managers@hire.example' }
  const forStaff = { permissions: [staff, managers] }
  const handbook = model.addFolder({ name: 'Handbook', ...forStaff })
  const seasons = model.addFolder({ name: 'Seasons', parent: handbook.id, ...forStaff })
  const counter = model.addDocument({ name: 'At the counter', parent: handbook.id, tabs: counterTabs(), ...forStaff })
  model.addDocument({ name: 'Winter opening', parent: seasons.id, tabs: [winterTab()], ...forStaff })
  const prices = model.addDocument({ name: 'Prices next year', parent: handbook.id, tabs: [pricesTab()], ...forStaff })
  model.addDrive(DRIVE, 'Workshop')
  const inWorkshop = { parent: DRIVE, driveId: DRIVE, permissions: [staff] }
  const brakes = model.addDocument({ name: 'Disc brakes', tabs: [brakesTab()], ...inWorkshop })
  model.addShortcut({ name: 'Disc brakes', parent: handbook.id, target: brakes.id })
  model.addDocument({ name: 'Markdown conversion example', tabs: sampleTabs(), ...inWorkshop })
  return {
    handbook: handbook.id,
    steps: {
      edited: () => {
        model.change(counter.id, { tabs: counterTabs({ deposit: '60 euros', keys: true }) })
        model.change(prices.id, { permissions: [managers] })
      },
      moved: () => {
        model.change(seasons.id, { parent: null })
        model.trash(prices.id)
      },
    },
  }
}

function counterTabs({ deposit = '50 euros', keys = false } = {}): readonly Fields[] {
  const lists = {
    'kix.steps': {
      listProperties: {
        nestingLevels: [
          { glyphType: 'DECIMAL', glyphFormat: '%0.', startNumber: 1 },
          { glyphType: 'ALPHA', glyphFormat: '%1)', startNumber: 1 },
        ],
      },
    },
  }
  const footnotes = { 'kix.note': { content: [paragraph(run('Cargo bicycles: twice that.\n'))] } }
  const handingOut = [
    heading('Handing out a bicycle'),
    item(0, run('Write down the frame number.\n')),
    item(0, run('Take the deposit: '), run(deposit, { bold: true }), note('kix.note'), run('.\n')),
    item(1, run('In cash it goes into the grey box, never into the till.\n')),
    paragraph(run('Then walk to the door together.\n')),
    item(0, run('Show the lock, and how the key comes out only when it is closed.\n')),
  ]
  const losses = [
    heading('What is lost or broken'),
    table([
      ['Part', 'The customer pays'],
      ['Key of the frame lock', keys ? '35 euros, new lock included' : '35 euros'],
      ['Front light', '12 euros'],
      ['Puncture', 'nothing'],
    ]),
    paragraph(
      run('A customer who finds the key within a week gets the money back. Anything else: '),
      run('the insurer’s form', { link: { url: 'https://insurer.example/form' } }),
      run('.\n'),
    ),
  ]
  const damage = tab('t.damage', 'Lost and broken', losses, {}, [
    tab('t.photos', 'Photos', [
      paragraph(run('Two photos: the frame number, and the damage from a hand’s distance.\n')),
    ]),
  ])
  return [tab('t.0', 'Handing out', handingOut, { lists, footnotes }), damage]
}

function winterTab(): Fields {
  return tab('t.0', 'Tab 1', [
    heading('From November to February'),
    paragraph(run('The counter opens at ten and closes when it gets dark; bicycles come back before that.\n')),
    paragraph(
      run('hire --season winter --print opening-hours\n', { weightedFontFamily: { fontFamily: 'Roboto Mono' } }),
    ),
  ])
}

function pricesTab(): Fields {
  return tab('t.0', 'Tab 1', [paragraph(run('A day will cost 16 euros from April on. Not to be told before March.\n'))])
}

function brakesTab(): Fields {
  return tab('t.0', 'Tab 1', [
    heading('When a disc brake squeals'),
    paragraph(run('Clean the disc with alcohol, never with oil. If it squeals still, replace both pads.\n')),
  ])
}

/** Without the styles of its pages, which nothing reads, and the addresses of its pictures, which ended long ago. */
function sampleTabs(): readonly Fields[] {
  const unread = ['documentStyle', 'namedStyles', 'contentUri', 'sourceUri']
  const text = readFileSync(sample, 'utf8')
  return JSON.parse(text, (key, value) => (unread.includes(key) ? undefined : value)).tabs
}

// --- the parts of documents.get ---------------------------------------------------------------------------------

function tab(
  tabId: string,
  title: string,
  content: readonly Fields[],
  more: Fields = {},
  childTabs: readonly Fields[] = [],
) {
  return { tabProperties: { tabId, title }, documentTab: { body: { content }, ...more }, childTabs }
}

function run(content: string, textStyle: Fields = {}): Fields {
  return { textRun: { content, textStyle } }
}

function note(footnoteId: string): Fields {
  return { footnoteReference: { footnoteId, footnoteNumber: '1' } }
}

function paragraph(...elements: readonly Fields[]): Fields {
  return { paragraph: { elements, paragraphStyle: { namedStyleType: 'NORMAL_TEXT' } } }
}

function heading(text: string): Fields {
  return { paragraph: { elements: [run(`${text}\n`)], paragraphStyle: { namedStyleType: 'HEADING_1' } } }
}

function item(nestingLevel: number, ...elements: readonly Fields[]): Fields {
  return { paragraph: { elements, bullet: { listId: 'kix.steps', nestingLevel } } }
}

function table(rows: readonly (readonly string[])[]): Fields {
  const tableRows = rows.map((cells, at) => ({
    tableRowStyle: { tableHeader: at === 0 },
    tableCells: cells.map((text) => ({ content: [paragraph(run(`${text}\n`))], tableCellStyle: {} })),
  }))
  return { table: { rows: rows.length, columns: rows[0]?.length ?? 0, tableRows } }
}
