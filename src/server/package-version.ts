import { readFileSync } from 'node:fs'

const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')

/** Of the package that this file belongs to. */
export const VERSION: string = JSON.parse(manifest).version
