import { pause } from '../../clock/machine-time.ts'
import { ask, type Health, problemsOf, scopeOf } from '../client.ts'
import { CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import type { ServerAddress } from '../server-address.ts'
import { bytesText, countText } from '../terminal-text.ts'

interface DeliveredObjects {
  readonly objects: readonly {
    readonly bucket: string
    readonly key: string
    readonly records: number
    readonly bytes: number
  }[]
}

const AGAIN_AFTER_MS = 500

export const deliver = command({
  name: 'deliver',
  args: 'DELIVERY-STREAM|CHANNEL',
  doc: 'deliver what is buffered now, without waiting for size or interval, and print the keys',
  settings: CLIENT_SETTINGS,
  flags: { wait: { doc: 'where the destination fails, go on until everything is there' } },
  async run({ server, flags, args: [name = ''], json, out }) {
    const objects = await deliverNow(server, name, flags.wait === true)
    if (objects.length === 0) await refuseStanding(server, name)
    if (json) out(JSON.stringify({ objects }))
    else if (objects.length === 0) out('Nothing was buffered.')
    else
      for (const { bucket, key, records, bytes } of objects)
        out(`s3://${bucket}/${key}  ${countText(records, 'record')}, ${bytesText(bytes)}`)
    return undefined
  },
})

/** Nothing is buffered where nothing may be read, too. Whose key may not know what is wrong is told nothing of it. */
async function refuseStanding(server: ServerAddress, name: string): Promise<void> {
  const health = await ask<Partial<Health>>(server, 'health')
  if (!health.problems?.length) return
  const path = `api/delivery-streams/${encodeURIComponent(name)}?${scopeOf(server)}`
  const standing = problemsOf(health, await ask<{ name: string; arn: string }>(server, path))
  if (standing.length > 0) throw new CommandFailure(standing.map(({ what }) => what).join('; '))
}

async function deliverNow(
  server: ServerAddress,
  name: string,
  isPatient: boolean,
): Promise<DeliveredObjects['objects']> {
  const path = `api/delivery-streams/${encodeURIComponent(name)}`
  for (;;)
    try {
      return (await ask<DeliveredObjects>(server, `${path}/deliver?${scopeOf(server)}`, {})).objects
    } catch (error) {
      if (!isPatient || !(error instanceof CommandFailure)) throw error
      const { failures } = await ask<{ failures: number }>(server, `${path}?${scopeOf(server)}`)
      if (failures === 0) throw error
      await pause(AGAIN_AFTER_MS)
    }
}
