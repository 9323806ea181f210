import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Needs } from '../../../parts/access/needs.tsx'
import { Failure, useAction } from '../../../parts/action.tsx'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { OneOf } from '../../../parts/one-of.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { hrefOf, setQuery } from '../../../router.ts'
import { aws, get, recordsOf, textOf } from '../../../server/api.ts'
import { now } from '../../../server/live.ts'
import { mayDo } from '../../../server/session.ts'
import { hexDump, textOf as textOfBytes } from '../../../texts/payload.ts'
import { bytesText, relativeText, utcText } from '../../../texts/quantity.ts'
import { putRecordSnippets } from '../../../texts/snippets.ts'
import { type Landed, LandedList } from './landed-list.tsx'
import { type StreamRecord, streamRecords } from './stream-record.ts'

interface DrawerProps {
  readonly stream: string
  /** Its sequence number, and behind a dot its place in an aggregate of the KPL's. */
  readonly id: string
  /** What the page has already. */
  readonly held: readonly StreamRecord[]
}

const GET_LANDED = 'standpipe:GetLanded'
const HASH_SPACE = 2 ** 128
const VIEWS = { json: 'JSON', text: 'Text', hex: 'Hex' } as const

/** One record, whole: what it is, where it landed or when it leaves, and how to put it again. */
export function RecordDrawer({ stream, id, held }: DrawerProps) {
  const record = useSignal<StreamRecord | undefined>(undefined)
  const landed = useSignal<readonly Landed[] | undefined>(undefined)
  const failure = useSignal('')
  useEffect(() => {
    const load = async () => {
      const [sequenceNumber = ''] = id.split('.')
      const found = held.find((one) => one.id === id)
      const page = found ? undefined : await recordsOf(stream, { from: `at:${sequenceNumber}`, limit: 1 })
      record.value = found ?? (page && (await streamRecords(page.records)).find((one) => one.id === id))
      if (!record.value) failure.value = 'This record is no longer in the stream: its retention is over.'
      if (mayDo(GET_LANDED))
        landed.value = (await get<{ landed: Landed[] }>('landed', { stream, sequenceNumber })).landed
    }
    load().catch((error) => {
      failure.value = textOf(error)
    })
  }, [stream, id])
  return (
    <Dialog drawer label="Record" onClose={() => setQuery({ record: undefined })}>
      <Failure text={failure.value} />
      {record.value && <Details stream={stream} record={record.value} landed={landed.value} />}
    </Dialog>
  )
}

interface DetailsProps {
  readonly stream: string
  readonly record: StreamRecord
  readonly landed: readonly Landed[] | undefined
}

function Details({ stream, record, landed }: DetailsProps) {
  const { partitionKey, hashKey, shardId, sequenceNumber, subSequenceNumber } = record
  const { arrivedAt, sizeBytes, gzipped, data } = record
  const isText = gzipped || textOfBytes(record.bytes()) !== undefined
  const view = useSignal<keyof typeof VIEWS>(!isText ? 'hex' : record.json() === undefined ? 'text' : 'json')
  const share = Number(hashKey) / HASH_SPACE
  const replayed = useSignal('')
  const replay = useAction(async () => {
    const { SequenceNumber } = await aws<{ SequenceNumber: string }>('kinesis', 'PutRecord', {
      StreamName: stream,
      PartitionKey: partitionKey,
      Data: data,
    })
    replayed.value = SequenceNumber
  })
  const asJson = JSON.stringify(
    {
      sequenceNumber,
      subSequenceNumber,
      shardId,
      partitionKey,
      approximateArrivalTimestamp: new Date(arrivedAt).toISOString(),
      ...(isText ? { data: record.json() ?? record.text() } : { dataBase64: data }),
    },
    undefined,
    2,
  )
  return (
    <>
      <div class="row">
        <OneOf choices={VIEWS} chosen={view} />
        {gzipped && <span class="badge">gzip, decompressed</span>}
        <span class="push">
          <CopyButton text={asJson} label="Copy as JSON, with key and metadata" />
        </span>
      </div>
      <pre class="payload">{shownAs(record, view.value)}</pre>
      <Needs actions={[GET_LANDED]} to="see where it landed" />
      <LandedList stream={stream} record={record} landed={landed} />
      <dl class="facts-list">
        <dt>Partition key</dt>
        <dd class="mono">{partitionKey}</dd>
        <dt>Hash key</dt>
        <dd>
          <span class="mono">{hashKey}</span>
          <div class="hash-place" aria-hidden="true" style={{ '--share': share }}>
            <span />
          </div>
          <span class="muted number">{(share * 100).toFixed(1)} % of the way through the hash range</span>
        </dd>
        <dt>Shard</dt>
        <dd class="mono">{shardId}</dd>
        <dt>Sequence number</dt>
        <dd class="mono">{sequenceNumber}</dd>
        {subSequenceNumber !== undefined && (
          <>
            <dt>Sub-sequence number</dt>
            <dd class="number">
              {subSequenceNumber}{' '}
              <span class="muted">
                its place among those that the KPL has put together under this sequence number
              </span>
            </dd>
          </>
        )}
        <dt>Arrived</dt>
        <dd class="number">
          {utcText(arrivedAt)} · {relativeText(arrivedAt, now.value)}
          <br />
          <span class="muted">{new Date(arrivedAt).toLocaleString()} where you are</span>
        </dd>
        <dt>Size</dt>
        <dd>{bytesText(sizeBytes)}</dd>
      </dl>
      <Snippet variants={putRecordSnippets({ stream, partitionKey, data })} />
      <div class="row">
        <Needs actions={['kinesis:PutRecord']} to="put it again">
          <button type="button" disabled={replay.busy.value} onClick={() => replay.start()}>
            Replay: put it again
          </button>
        </Needs>
        <span class="muted" role="status">
          {replayed.value && (
            <>
              It was put as <a href={hrefOf(['streams', stream], { record: replayed.value })}>a new record</a>
              .
            </>
          )}
        </span>
      </div>
      <Failure text={replay.failure.value} />
    </>
  )
}

function shownAs(record: StreamRecord, view: keyof typeof VIEWS): string {
  if (view === 'hex') return hexDump(record.bytes())
  const json = view === 'json' ? record.json() : undefined
  return json === undefined ? record.text() : JSON.stringify(json, undefined, 2)
}
