/**
 * Built by `npm run build`: what browsers run, from `element/` into `dist/help/`, each file with a hash of its content
 * in its name. It asks no network.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin, transform } from 'esbuild'
import { type AssetNames, hashedName, MANIFEST } from './assets.ts'

const FROM = join(import.meta.dirname, 'element')
const TO = join(import.meta.dirname, '../../../dist/help')
/** Browsers and WebViews of 2022 and later. */
const TARGET = ['chrome108', 'firefox115', 'safari16.4']

const styleAsText: Plugin = {
  name: 'style-as-text',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await smallStyle(path), loader: 'text' }))
  },
}

await rm(TO, { recursive: true, force: true })
await mkdir(TO, { recursive: true })
const element = await write('unsilo-help.js', await bundled('element.ts'))
const page = await write('page.js', await bundled('page.ts'))
const style = await write('page.css', await smallStyle(join(FROM, 'page.css')))
const files = [page, style]
const define = { ASSETS: JSON.stringify(files), VERSION: JSON.stringify(files.join(' ')) }
const worker = await write('worker.js', await bundled('worker.ts', { define, format: 'iife' }))
await writeFile(join(TO, MANIFEST), JSON.stringify({ element, page, style, worker } satisfies AssetNames))

async function bundled(entry: string, more: BuildOptions = {}): Promise<string> {
  const { outputFiles = [] } = await build({
    ...{ entryPoints: [join(FROM, entry)], bundle: true, minify: true, write: false, format: 'esm', target: TARGET },
    ...{
      jsx: 'automatic',
      jsxImportSource: 'preact',
      plugins: [styleAsText],
      tsconfigRaw: {},
      legalComments: 'inline',
    },
    ...{ banner: { js: '/*! unsilo, Apache-2.0. Contains preact, MIT: https://preactjs.com */' } },
    ...more,
  })
  return outputFiles[0]?.text ?? ''
}

/** Its name. */
async function write(name: string, text: string): Promise<string> {
  const hashed = hashedName(name, text)
  await writeFile(join(TO, hashed), text)
  return hashed
}

async function smallStyle(path: string): Promise<string> {
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: TARGET })
  return code.trim()
}
