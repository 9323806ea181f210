import { UsageError } from '../config.ts'
import { CLIENT_SETTINGS, command } from './command.ts'
import { ask, scopeOf } from './server.ts'

interface Landed {
  readonly deliveryStream: string
  readonly state: 'delivered' | 'delivering' | 'buffered' | 'lost' | 'unknown'
  readonly bucket?: string
  readonly key?: string
  readonly reason?: string
  readonly deliveredAt?: number
  readonly dueAt?: number
}

export const landed = command({
  name: 'landed',
  args: '[STREAM] [SEQUENCE-NUMBER]',
  doc: 'where a record landed: the object that holds it, or when it leaves',
  settings: CLIENT_SETTINGS,
  flags: { 'record-id': { value: 'ID', doc: 'a record of a Direct PUT delivery stream, instead' } },
  async run({ settings, flags, args: [stream, sequenceNumber], json, out }) {
    const query = scopeOf(settings)
    const recordId = flags['record-id']
    if (recordId !== undefined) query.set('recordId', recordId)
    else if (stream !== undefined && sequenceNumber !== undefined) {
      query.set('stream', stream)
      query.set('sequenceNumber', sequenceNumber)
    } else throw new UsageError('it takes STREAM and SEQUENCE-NUMBER, or --record-id')
    const { landed } = await ask<{ landed: Landed[] }>(settings, `api/landed?${query}`)
    if (json) out(JSON.stringify({ landed }))
    else if (landed.length === 0) out('No delivery stream reads it.')
    else for (const one of landed) out(landedText(one))
    return undefined
  },
})

export function landedText({
  deliveryStream,
  state,
  bucket,
  key,
  reason,
  deliveredAt,
  dueAt,
}: Landed): string {
  const at = (time: number | undefined) => (time === undefined ? '' : ` ${new Date(time).toISOString()}`)
  const texts = {
    delivered: `s3://${bucket}/${key}  delivered${at(deliveredAt)} (${reason})`,
    delivering: `s3://${bucket}/${key}  on its way`,
    buffered: dueAt === undefined ? 'not read yet' : `buffered, leaves by${at(dueAt)}`,
    lost: `lost: gone from its stream before it could be delivered,${at(deliveredAt)}`,
    unknown: 'not delivered: older than the delivery stream, or too old to be remembered',
  }
  return `${deliveryStream}: ${texts[state]}`
}
