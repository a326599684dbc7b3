/** `npm run demo`: the recorded sources into ./.unsilo/index.db, then questions to it, as a user would ask them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const index = join('.unsilo', 'index.db')

run('sync', '--replay', 'fixtures', '--index', index)
run('status', '--index', index)
search('How do I marshal a JavaScript object into XML?')
search('literal text and nested lists in AsciiDoc')
search('durée du contrat vendanges')
search('compact naming style')
console.log('\nThe page on compact naming is restricted at the source, so only its readers find it:')
search('compact naming style', '--as', 'group:engineering')
console.log('\nThis answer stands in no page, only in a ticket that was solved, and tickets are for staff:')
search('how do I export invoices of a closed year', '--as', 'group:staff')
console.log(`\nThe index is ${index}. Ask it yourself: npx unsilo search "your question"`)

function search(question: string, ...options: readonly string[]): void {
  run('search', '--index', index, '--limit', '2', ...options, question)
}

function run(...args: readonly string[]): void {
  console.log(`\n$ unsilo ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`)
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'unsilo.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
