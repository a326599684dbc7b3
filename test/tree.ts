/**
 * The annotated tree of CONTRIBUTING.md, one line a file: what the file's own first sentence says of it.
 * `npm run tree` writes it.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const contributing = join(root, 'CONTRIBUTING.md')
const HEADING = '## The tree\n'
const WIDTH = 46
const LONGEST = 110

/** CONTRIBUTING.md with the tree as it is today. */
export function withTree(text: string): string {
  return `${text.slice(0, text.indexOf(HEADING))}${HEADING}\n\`\`\`\n${treeLines().join('\n')}\n\`\`\`\n`
}

function treeLines(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', 'bin', 'src', 'connectors', 'test']
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim().split('\n')
  return files
    .filter((file) => /\.(tsx?|js|sh)$/.test(file))
    .sort()
    .map((file) => `${file.padEnd(WIDTH)} ${firstSentence(readFileSync(join(root, file), 'utf8'))}`.trimEnd())
}

/** Of the comment at the top of a file, cut where it grows too long for a line; empty where there is none. */
function firstSentence(text: string): string {
  const body = text.replace(/^#!.*\n/, '')
  const comment = /^\/\*\*?([\s\S]*?)\*\//.exec(body)?.[1] ?? /^((?:(?:#|\/\/).*\n)+)/.exec(body)?.[1] ?? ''
  const flat = comment
    .replace(/^\s*(?:\*|#|\/\/) ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
  const sentence = (/^.*?\.(?= |$)/.exec(flat)?.[0] ?? flat).replace(/\.$/, '')
  return sentence.length <= LONGEST ? sentence : `${sentence.slice(0, sentence.lastIndexOf(' ', LONGEST))} …`
}

if (process.argv[1] === import.meta.filename) writeFileSync(contributing, withTree(readFileSync(contributing, 'utf8')))
