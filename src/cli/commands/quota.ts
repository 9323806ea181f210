import { parseSize } from '../../metrics/size.ts'
import { UsageError } from '../../server/config.ts'
import { ask, scopeOf } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { bytesText } from '../terminal-text.ts'

const KINDS = ['stream', 'delivery-stream', 'bucket']

export const quota = command({
  name: 'quota',
  args: 'stream|delivery-stream|bucket NAME SIZE|off',
  doc: 'what a stream, the buffer of a delivery stream or a bucket may take at most, such as 10GiB: more is refused',
  settings: [...CLIENT_SETTINGS],
  flags: {},
  async run({ server, args: [kind = '', name = '', size = ''], json, out }) {
    if (!KINDS.includes(kind)) throw new UsageError(`'${kind}' has no quota: a ${KINDS.join(', a ')} has`)
    const bytes = size === 'off' ? null : parseSize(size)
    if (bytes === undefined)
      throw new UsageError(`the quota cannot be '${size}': it is such as 10GiB, or off`)
    const path = `api/quotas/${kind}/${encodeURIComponent(name)}?${scopeOf(server)}`
    const answer = await ask<object>(server, path, { bytes })
    if (json) out(JSON.stringify(answer))
    else out(bytes === null ? `${kind} ${name} has no quota` : `${kind} ${name} may take ${bytesText(bytes)}`)
    return undefined
  },
})
