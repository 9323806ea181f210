import { CLIENT_SETTINGS, command } from './command.ts'
import { bytesText, countText } from './quantity.ts'
import { ask, scopeOf } from './server.ts'

export interface DeliveredObjects {
  readonly objects: readonly {
    readonly bucket: string
    readonly key: string
    readonly records: number
    readonly bytes: number
  }[]
}

export const deliver = command({
  name: 'deliver',
  args: 'DELIVERY-STREAM',
  doc: 'deliver what is buffered now, without waiting for size or interval',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run({ settings, args: [name = ''], json, out }) {
    const path = `api/delivery-streams/${encodeURIComponent(name)}/deliver?${scopeOf(settings)}`
    const { objects } = await ask<DeliveredObjects>(settings, path, {})
    if (json) out(JSON.stringify({ objects }))
    else if (objects.length === 0) out('Nothing was buffered.')
    else
      for (const { bucket, key, records, bytes } of objects)
        out(`s3://${bucket}/${key}  ${countText(records, 'record')}, ${bytesText(bytes)}`)
    return undefined
  },
})
