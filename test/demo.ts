/** `npm run demo`: the recorded sources into ./.unsilo/index.db, then questions to it, as a user would ask them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const index = join('.unsilo', 'index.db')

run('sync', '--replay', 'fixtures', '--index', index)
run('status', '--index', index)
search('How do I marshal a JavaScript object into XML?')
search('literal text and nested lists in AsciiDoc')
say('The answer to this stands in a Google Doc only:')
search('what does a customer pay for a lost key?')
say('This one stands in a resolved ticket only, and tickets are for staff unless a person says otherwise:')
search('how do I export invoices of a closed year', '--as', 'group:staff')
say('In French, from an article of a help center:')
search('durée du contrat vendanges')
say('In French, from a ticket, whose bank account was removed before anything was written:')
search('pourquoi mon relevé bancaire est-il importé deux fois ?', '--as', 'group:staff')
say('A page is restricted at the source, so it is not found …')
search('compact naming style')
say('… but by its readers:')
search('compact naming style', '--as', 'group:engineering')
say(`The index is ${index}. Ask it yourself: npx unsilo search "your question"`)

function say(text: string): void {
  console.log(`\n${text}`)
}

function search(question: string, ...options: readonly string[]): void {
  run('search', '--index', index, '--limit', '1', ...options, question)
}

function run(...args: readonly string[]): void {
  console.log(`\n$ unsilo ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`)
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'unsilo.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
