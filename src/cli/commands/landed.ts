import { UsageError } from '../../server/config.ts'
import { ask, scopeOf } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { bytesText, countText, durationText } from '../terminal-text.ts'

interface Landed {
  readonly deliveryStream: string
  readonly state: 'delivered' | 'failed' | 'delivering' | 'buffered' | 'lost' | 'unknown'
  readonly bucket?: string
  readonly key?: string
  readonly offset?: number
  readonly length?: number
  readonly reason?: string
  readonly deliveredAt?: number
  readonly dueAt?: number
  readonly why?: string
}
interface MadeOf {
  readonly deliveryStream: string
  readonly records: number
  readonly bytes: number
  readonly reason: string
  readonly deliveredAt: number
  readonly sources: readonly {
    readonly stream?: string
    readonly shardId?: string
    readonly firstSequenceNumber?: string
    readonly lastSequenceNumber?: string
    readonly firstRecordId?: string
    readonly lastRecordId?: string
    readonly records: number
  }[]
}

export const landed = command({
  name: 'landed',
  args: '[STREAM] [SEQUENCE-NUMBER]',
  doc: 'where a record landed: the object and the bytes that hold it, or when it leaves; or what an object was made of',
  settings: CLIENT_SETTINGS,
  flags: {
    stream: { value: 'NAME', doc: 'the stream, by name' },
    'sequence-number': { value: 'N', doc: 'the record, as PutRecord answered it' },
    'record-id': { value: 'ID', doc: 'a record of a Direct PUT delivery stream, instead' },
    object: { value: 's3://BUCKET/KEY', doc: 'an object, instead' },
  },
  async run({ server, flags, args, json, out }) {
    const query = scopeOf(server)
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(flags.object ?? '') ?? []
    const stream = flags.stream ?? args[0]
    const sequenceNumber = flags['sequence-number'] ?? args[flags.stream === undefined ? 1 : 0]
    const recordId = flags['record-id']
    if (bucket !== undefined && key !== undefined) {
      query.set('bucket', bucket)
      query.set('key', key)
    } else if (recordId !== undefined) query.set('recordId', recordId)
    else if (stream !== undefined && sequenceNumber !== undefined) {
      query.set('stream', stream)
      query.set('sequenceNumber', sequenceNumber)
    } else
      throw new UsageError('it takes STREAM and SEQUENCE-NUMBER, or --record-id, or --object s3://BUCKET/KEY')
    const answer = await ask<{ now: number; landed?: Landed[]; object?: MadeOf }>(
      server,
      `api/landed?${query}`,
    )
    if (json) out(JSON.stringify(answer))
    else if (answer.object) for (const line of madeOfLines(answer.object)) out(line)
    else if (answer.landed?.length === 0) out('No delivery stream reads it.')
    else for (const one of answer.landed ?? []) out(landedText(one, answer.now))
    return undefined
  },
})

const at = (time = 0) => new Date(time).toISOString()

export function landedText(landed: Landed, now: number): string {
  const { deliveryStream, state, bucket, key, offset, length, reason, deliveredAt, dueAt, why } = landed
  const bytes = `bytes ${offset} to ${(offset ?? 0) + (length ?? 0) - 1} of the uncompressed object`
  const texts = {
    delivered: `s3://${bucket}/${key}  ${bytes}, delivered ${at(deliveredAt)} (${reason})`,
    failed: `s3://${bucket}/${key}  ${bytes}: its error record, delivered ${at(deliveredAt)} (${reason})`,
    delivering: `s3://${bucket}/${key}  on its way`,
    buffered:
      dueAt === undefined ? 'not read yet' : `buffered, due in ${durationText(Math.max(0, dueAt - now))}`,
    lost: `lost: ${why}, ${at(deliveredAt)}`,
    unknown: 'not delivered: older than the delivery stream, or too old to be remembered',
  }
  return `${deliveryStream}: ${texts[state]}`
}

function madeOfLines({ deliveryStream, records, bytes, reason, deliveredAt, sources }: MadeOf): string[] {
  const size = `${countText(records, 'record')}, ${bytesText(bytes)}`
  return [
    `${deliveryStream}: ${size}, delivered ${at(deliveredAt)} (${reason})`,
    ...sources.map((source) => {
      const from = source.firstSequenceNumber ?? source.firstRecordId ?? 'unknown'
      const to = source.lastSequenceNumber ?? source.lastRecordId ?? 'unknown'
      const place = source.stream === undefined ? 'Direct PUT' : `${source.stream} ${source.shardId}`
      return `  ${place}  ${countText(source.records, 'record')} from ${from} to ${to}`
    }),
  ]
}
