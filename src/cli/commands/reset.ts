import { UsageError } from '../../server/config.ts'
import { ask } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'

export const reset = command({
  name: 'reset',
  args: '',
  doc: 'forget every stream, delivery stream, bucket and meter; keys stay',
  settings: CLIENT_SETTINGS,
  flags: { yes: { doc: 'yes, everything' } },
  async run({ server, flags, json, out }) {
    if (!flags.yes) throw new UsageError('this deletes everything on the server but its keys; say --yes')
    await ask(server, 'api/reset', {})
    out(json ? '{}' : "Everything is forgotten but the keys of 'standpipe keys', which stay.")
    return undefined
  },
})
