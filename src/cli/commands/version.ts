import { VERSION } from '../../server/package-version.ts'
import { command } from '../command.ts'

export const version = command({
  name: 'version',
  args: '',
  doc: 'print the version',
  settings: [],
  flags: {},
  async run({ out, json }) {
    out(json ? JSON.stringify({ version: VERSION, node: process.versions.node }) : VERSION)
    return undefined
  },
})
