/** How the Help space page looks, its logo read from the file that the configuration names. */
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { ServeConfig } from '../config/serve.ts'
import { UnsiloError } from '../core/errors.ts'
import type { HelpLook } from '../serve/help/look.ts'

/** @param folder what the logo's path is told from: the configuration's */
export async function helpLook(configured: ServeConfig['help'], folder: string): Promise<HelpLook> {
  const { logo, ...look } = configured ?? {}
  return logo === undefined ? look : { ...look, logo: await readLogo(resolve(folder, logo)) }
}

async function readLogo(path: string): Promise<NonNullable<HelpLook['logo']>> {
  try {
    return { name: basename(path).replaceAll(/[^\w.-]/g, '-'), content: await readFile(path) }
  } catch (cause) {
    throw new UnsiloError('CONFIG_INVALID', `The logo of the Help space page can't be read: ${path}.`, {
      hint: 'Correct serve.help.logo, whose path is told from the configuration file, or take it out. Nothing was started.',
      cause,
    })
  }
}
