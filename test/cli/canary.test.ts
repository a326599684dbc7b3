/**
 * 1,000 tickets full of known personal data through every command, at its highest verbosity: what is printed, what is
 * written and what stays in the index file's free pages is read byte for byte, and holds none of it.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { type IntercomEmulator, startIntercomEmulator } from '../emulators/intercom.ts'
import type { EmulatedAuthor } from '../emulators/intercom-inbox-model.ts'
import { luhnCompleted } from '../redaction/entities.ts'
import { capturedIo } from './captured-io.ts'

const TICKETS = 1000
const TOKEN = 'token-of-the-canary-test'

/** What only the tickets' people wrote. Each has a mark by which it is known however it is grouped or encoded. */
const CANARIES = new RegExp(
  [
    // Names, streets, user names, passwords and keys; the last is a token that FTS5 gets as the hex digits of its UTF-16.
    ...['zorv', 'canaria-mail', '7a006f0072007600'],
    '(?<![0-9a-f])(?:0|(?:\\+|00)33 ?(?:\\(0\\))?)6[ .]?39[ .]?98[ .]?\\d\\d[ .]?\\d\\d(?![0-9a-f])',
    ...['9876 ?5432 ?10', '4970 ?1098 ?76', '1 ?85 ?05 ?78 ?006', '81\\.2\\.69\\.'],
  ].join('|'),
  'gi',
)

let folder: string
let emulator: IntercomEmulator
const ids: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-canary-'))
  emulator = await startIntercomEmulator({ pageSize: 50, authorization: `Bearer ${TOKEN}` })
  for (let at = 0; at < TICKETS; at++) ids.push(addTicket(at))
  writeConfig('unsilo.config.yaml', '')
  writeConfig('open.config.yaml', '    redact: false\n')
})

afterAll(async () => {
  await emulator.close()
  rmSync(folder, { recursive: true })
})

function writeConfig(name: string, more: string): void {
  const token = ['"$', '{env:TOKEN}"'].join('')
  const source = `    connector: tickets\n    provider: intercom\n    apiUrl: ${emulator.url}\n    token: ${token}\n`
  writeFileSync(join(folder, name), `sources:\n  support:\n${source}    fields: [Contact]\n${more}`)
}

// --- the tickets ------------------------------------------------------------------------------------------------

function addTicket(at: number): string {
  const { inbox } = emulator.model
  const customer = person('user', at)
  const agent = person('admin', 5000 + (at % 7))
  const parts = [
    { body: `<p>Note: call ${customer.name}, ${dataOf(at)}</p>`, partType: 'note' },
    { body: answer(at, customer, agent), author: agent },
    { body: thanks(at, customer), author: customer },
  ]
  const attributes = { Contact: customer.name }
  if (at % 2 === 0) {
    const subject = `Facture ${at} de ${customer.name}`
    return inbox.addConversation({ subject, body: question(at, customer), author: customer, parts, attributes }).id
  }
  return inbox.addTicket({
    title: `Invoice ${at} for ${customer.email}`,
    description: question(at, customer),
    customer,
    parts,
  }).id
}

function person(type: EmulatedAuthor['type'], at: number): EmulatedAuthor {
  const first = ['Jean', 'Élodie', 'Rose', 'Will', 'Anne-Laure', 'Zoé', 'Guy', 'Claire'][at % 8] ?? ''
  const last = `Zorv${letters(at)}`
  const mail = `${first}.${last}@canaria-mail.example`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return { type, id: String(900_000 + at), name: `${first} ${last}`, email: mail }
}

function letters(at: number): string {
  return [...String(at).padStart(4, '0')].map((digit) => 'aeioulnrst'[Number(digit)]).join('')
}

function question(at: number, { name, email }: EmulatedAuthor): string {
  const last = name.split(' ')[1] ?? ''
  const said = [
    `<p>Bonjour,</p><p>Je suis ${name} et ma facture ${at} reste introuvable dans mon espace. ${dataOf(at)}</p><p>Cordialement,<br>${last.toUpperCase()}</p>`,
    `<p>Hi there, ${last.toLowerCase()} here. My invoice ${at} is missing from the billing page. Write to <a href="mailto:${email}">${email}</a> or ${dataOf(at)}</p>`,
    `<p>La facture ${at} de Mme ${last} est fausse, <b>${dataOf(at)}</b>.</p><p>&gt; Le 3 mars 2025, ${name} &lt;${email}&gt; a écrit :</p>`,
    `<p>${last}’s invoice ${at} shows the wrong company: see https://app.example.com/u/${email.split('@')[0]}?token=zorvtoken${at}abcdef</p><p>${dataOf(at)}</p>`,
  ]
  return said[at % said.length] ?? ''
}

function answer(at: number, customer: EmulatedAuthor, agent: EmulatedAuthor): string {
  const first = customer.name.split(' ')[0]
  return `<p>Bonjour ${first},</p><p>Ouvrez Paramètres, puis Facturation, et choisissez Exporter la facture ${at}. ${customer.name} la recevra à ${customer.email}.</p><p>${agent.name}<br>Service client</p>`
}

function thanks(at: number, { name }: EmulatedAuthor): string {
  return `<p>Merci, la facture ${at} est arrivée chez ${name} ; ${dataOf(at + 7)}</p>`
}

/** Two kinds each, so that all of them come in every eleven tickets. */
function dataOf(at: number): string {
  const four = String(at % 10_000).padStart(4, '0')
  const [a, b] = [four.slice(0, 2), four.slice(2)]
  const kinds = [
    `tél. 06 39 98 ${a} ${b}`,
    `mobile +33 6 39 98 ${a} ${b}`,
    `06.39.98.${a}.${b}`,
    `au 063998${four}`,
    `IBAN ${iban(at)}`,
    `carte ${card(at)}`,
    `n° de sécu ${nir(at)}`,
    `${1 + (at % 99)} rue des Zorviers, 69003 Lyon`,
    `mot de passe : Zorvane${at}!`,
    `depuis l’IP 81.2.69.${at % 250}`,
    `clé sk_live_zorv${four}abcdefghijklmnop`,
  ]
  return `${kinds[at % kinds.length]}, ${kinds[(at + 4) % kinds.length]}`
}

function iban(at: number): string {
  const account = `9876543210${String(at).padStart(11, '0')}00`
  const check = 98 - Number(BigInt(`${account}152700`) % 97n)
  return `FR${String(check).padStart(2, '0')}${account}`.replace(/(.{4})(?=.)/g, '$1 ')
}

function card(at: number): string {
  return luhnCompleted(`4970109876${String(at).padStart(5, '0')}`).replace(/(.{4})(?=.)/g, '$1 ')
}

function nir(at: number): string {
  const number = `1850578006${String(at % 1000).padStart(3, '0')}`
  const key = String(97 - (Number(number) % 97)).padStart(2, '0')
  return `1 85 05 78 006 ${number.slice(10)} ${key}`
}

// --- looking ----------------------------------------------------------------------------------------------------

async function unsilo(...argv: string[]): Promise<string> {
  const io = capturedIo(folder, { fetch, env: { TOKEN } })
  await run([...argv, '--verbose'], io)
  return io.out() + io.err()
}

/** Every byte of every file, each as the character of its number, and as the text that it is. */
function canariesIn(path: string): readonly string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => canariesIn(join(path, name)))
  const bytes = readFileSync(path)
  return [...found(path), ...found(bytes.toString('latin1')), ...found(bytes.toString('utf8'))]
}

function found(text: string): readonly string[] {
  return text.match(CANARIES) ?? []
}

/** What the folder of the index holds while the work goes on: database, log and journal. */
async function watched(work: Promise<string>): Promise<readonly string[]> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  const seen: string[] = []
  while (!isDone) {
    seen.push(...canariesIn(join(folder, '.unsilo')))
    await delay(700)
  }
  return [...seen, ...found(await done)]
}

// --- the test ---------------------------------------------------------------------------------------------------

test('the canaries are there to be found', { timeout: 120_000 }, async () => {
  await unsilo('sync', '--config', 'open.config.yaml', '--index', 'open/index.db')

  const count = canariesIn(join(folder, 'open')).length

  expect(count).toBeGreaterThan(TICKETS * 10)
  expect((await unsilo('export', 'open/docs', '--index', 'open/index.db')) + count).not.toBe('')
  expect(canariesIn(join(folder, 'open', 'docs')).length).toBeGreaterThan(TICKETS * 3)
  rmSync(join(folder, 'open'), { recursive: true })
})

test('no command prints or writes any of them', { timeout: 300_000 }, async () => {
  expect(await watched(unsilo('sync'))).toEqual([])

  const first = `support:conversation-${ids[0]}`
  const outputs = [
    await unsilo('sync', '--dry-run', '--full', '--json'),
    await unsilo('status'),
    await unsilo('search', 'facture introuvable', '--limit', '50'),
    await unsilo('search', 'exporter', '--limit', '50', '--json'),
    await unsilo('show', first),
    await unsilo('show', first, '--json'),
    await unsilo('export', 'docs'),
    await unsilo('review', '--limit', '2000'),
    await unsilo('review', '--limit', '2000', '--json'),
    await unsilo('review', '--approve', first),
    await unsilo('record', 'support', 'story'),
    await unsilo('test', 'story', '--update'),
    await unsilo('sync', '--replay', 'story', '--index', 'replayed/index.db'),
  ]

  expect(outputs.flatMap(found)).toEqual([])
  expect(outputs[2]).toContain('[PERSON_1]')
  expect(outputs[7]).toMatch(/tickets? in \d+ questions? might be read by customers/)
  expect(readdirSync(join(folder, 'docs', 'support')).length).toBe(TICKETS)
  expect(readFileSync(join(folder, 'review.yaml'), 'utf8')).toContain(first)
  expect(statSync(join(folder, 'story', '1-first.http.json')).size).toBeGreaterThan(500_000)
  expect(readdirSync(join(folder, 'story', 'expected', '1-first')).length).toBe(2 * TICKETS + 1)
  expect(canariesIn(folder)).toEqual([])
})

test('nor what is left of them when tickets change, fail and go', { timeout: 120_000 }, async () => {
  const { inbox } = emulator.model
  for (const [at, id] of ids.entries()) {
    if (at % 10 === 0) inbox.remove(id)
    else if (at % 10 < 4)
      inbox.reply(id, { body: `<p>Encore : ${dataOf(at + 3)} pour ${person('user', at).name}.</p>` })
    else if (at % 10 === 4) inbox.change(id, { tags: [person('user', at).name, 'vip'] })
  }
  const broken = inbox.addConversation({ body: question(1, person('user', 1)), parts: [{ body: 7 }] })

  expect(await watched(unsilo('sync', '--allow-deletes', '200'))).toEqual([])
  const outputs = [await unsilo('status', '--json'), await unsilo('sync', '--full')]
  inbox.remove(broken.id)
  outputs.push(await unsilo('sync'), await unsilo('record', 'support', 'story'), await unsilo('export', 'docs'))

  expect(outputs.flatMap(found)).toEqual([])
  expect(JSON.parse(outputs[0] ?? '')).toMatchObject({ documents: 0.9 * TICKETS, quarantined: 1 })
  expect(outputs[1]).toContain(`conversation-${broken.id} failed`)
  expect(existsSync(join(folder, 'story', '2-recorded.http.json'))).toBe(true)
  expect(labelsOf(ids[4] ?? '')).toContain('[PERSON_1]')
  expect(canariesIn(folder)).toEqual([])
})

/** Of a ticket's exported file. */
function labelsOf(id: string): string {
  const docs = join(folder, 'docs', 'support')
  const text = readdirSync(docs)
    .map((name) => readFileSync(join(docs, name), 'utf8'))
    .find((file) => file.includes(`conversation-${id}"`))
  return /^labels:\n(?: +- .*\n)+/m.exec(text ?? '')?.[0] ?? ''
}
