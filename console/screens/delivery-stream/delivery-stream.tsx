import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { DeliveryStreamView, GaugeView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { Gauge } from '../../parts/gauge.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { hrefOf, navigate } from '../../router.ts'
import { advance, aws, deleteDeliveryStream, deliverNow } from '../../server/api.ts'
import { now, overview, samples } from '../../server/live.ts'
import { rateOf } from '../../server/rates.ts'
import { mayDo } from '../../server/session.ts'
import { gaugeSentence, lossText, standstillText } from '../../texts/gauge-sentence.ts'
import { countText, durationText } from '../../texts/quantity.ts'
import { newlineSnippets } from '../../texts/snippets.ts'
import { testRecords } from '../../texts/test-records.ts'
import { ErrorOutput } from './error-output.tsx'
import { DeliveryTimeline } from './timeline.tsx'

const DEMO_RECORDS = 50

export function DeliveryStreamScreen({ name }: { readonly name: string }) {
  const said = overview.value
  const deliveryStream =
    said?.deliveryStreams.find(({ id }) => id === name) ??
    said?.deliveryStreams.find((one) => one.name === name)
  const isListed = deliveryStream || said?.deliveryStreams.length === said?.found.deliveryStreams
  if (!said || !isListed) return <p role="status">Waiting for the server …</p>
  if (!deliveryStream)
    return (
      <>
        <h1>{name}</h1>
        <p class="notice">
          There is no such delivery stream. <a href={hrefOf([])}>Back to the pipeline</a>
        </p>
      </>
    )
  const { channel, status, sourceStream, bucket, prefix, gauge } = deliveryStream
  return (
    <>
      <div>
        <p class="muted">{channel ? 'Channel' : 'Delivery stream'}</p>
        <h1>
          {deliveryStream.name} {status !== 'ACTIVE' && <span class="badge warn">{status}</span>}
        </h1>
        <p class="muted">
          {sourceStream ? <a href={hrefOf(['streams', sourceStream])}>{sourceStream}</a> : 'Direct PUT'} →{' '}
          <a href={hrefOf(['objects'], { bucket })}>
            s3://{bucket}/{prefix}
          </a>
        </p>
      </div>
      {channel?.failure && <p class="notice bad">{channel.failure}</p>}
      {gauge && <Fill deliveryStream={deliveryStream} gauge={gauge} />}
      {gauge && (
        <section class="panel stack">
          <h2>Deliveries</h2>
          <DeliveryTimeline gauge={gauge} />
        </section>
      )}
      <div class="columns">
        {gauge && <SourcePosition gauge={gauge} stream={sourceStream} />}
        <ErrorOutput deliveryStream={deliveryStream} />
      </div>
      <Removal deliveryStream={deliveryStream} />
    </>
  )
}

interface FillProps {
  readonly deliveryStream: DeliveryStreamView
  readonly gauge: GaugeView
}

/** The gauge, what it will do next, and the buttons that do not wait for it. */
function Fill({ deliveryStream: { id, name, type, sourceStream }, gauge }: FillProps) {
  const done = useSignal('')
  const deliver = useAction(async () => {
    const { objects } = await deliverNow(id)
    done.value =
      objects.length === 0 ? 'The buffer was empty.' : `Delivered ${countText(objects.length, 'object')}.`
  })
  const move = useAction(() => advance('5m'))
  const demo = useAction(async () => {
    const entries = testRecords(DEMO_RECORDS, 0, now.peek(), '\n')
    if (sourceStream) await aws('kinesis', 'PutRecords', { StreamName: sourceStream, Records: entries })
    else
      await aws('firehose', 'PutRecordBatch', {
        DeliveryStreamName: name,
        Records: entries.map(({ Data }) => ({ Data })),
      })
  })
  const loss = lossText(gauge, now.value)
  const demoAction = sourceStream ? 'kinesis:PutRecords' : 'firehose:PutRecordBatch'
  return (
    <section class={`panel stack${gauge.failures > 0 ? ' failing' : ''}`}>
      <Gauge gauge={gauge} now={now.value} />
      <p>
        <strong>{gaugeSentence(gauge, now.value, useArrivingBytes(sourceStream, gauge))}</strong>{' '}
        {(gauge.waiting.records > 0 || gauge.failures > 0) && (
          <span class="muted number">{standstillText(gauge, now.value)}</span>
        )}
      </p>
      {loss !== undefined && (
        <p class="notice bad">
          <strong>Records expire</strong> {loss} A longer retention of{' '}
          {sourceStream ? <code>{sourceStream}</code> : 'the stream'} keeps them
          (IncreaseStreamRetentionPeriod).
        </p>
      )}
      {gauge.lastError && gauge.failures > 0 && (
        <p class="notice bad">
          <strong>{gauge.lastError.code}</strong> {gauge.lastError.message}
        </p>
      )}
      {gauge.querySuspendedAt !== undefined && (
        <p class="notice bad">
          <strong>Query suspended</strong> Its MetadataExtractionQuery exceeded 1 s or 64 MiB for three
          records in a row. Records go to the error output until UpdateDestination.
        </p>
      )}
      {gauge.areRecordsRunTogether && <RunTogether isChannel={type === 'Channel'} />}
      <div class="row">
        <Needs actions={['standpipe:Deliver']} to="deliver now">
          <button type="button" class="primary" disabled={deliver.busy.value} onClick={() => deliver.start()}>
            Deliver now
          </button>
        </Needs>
        {overview.value?.clock.timeTravel && mayDo('standpipe:AdvanceClock') && (
          <button type="button" disabled={move.busy.value} onClick={() => move.start()}>
            +5 min
          </button>
        )}
        <Needs actions={[demoAction]} to="send demo data">
          <button type="button" disabled={demo.busy.value} onClick={() => demo.start()}>
            Send demo data
          </button>
        </Needs>
        <span class="muted" role="status">
          {done.value}
        </span>
      </div>
      <Failure text={deliver.failure.value || move.failure.value || demo.failure.value} />
    </section>
  )
}

/** A hint, no failure: AWS's default is what it is, and some readers want it so. */
function RunTogether({ isChannel }: { readonly isChannel: boolean }) {
  return (
    <div class="notice warn stack">
      <p>
        <strong>No line for each record</strong> Records do not end in a newline, so that they stand on one
        line in the objects: Spark reads the first of each object alone, pyarrow nulls, and pandas and Polars
        refuse.{' '}
        {isChannel
          ? 'Unless its readers expect that, have producers end each record with one.'
          : 'Unless its readers expect that, add this to the Processors of its ProcessingConfiguration (UpdateDestination):'}
      </p>
      {!isChannel && <Snippet variants={newlineSnippets()} />}
    </div>
  )
}

/** Bytes per second: the source's, or how the buffer grew since the page saw it last. */
function useArrivingBytes(sourceStream: string | undefined, { buffered }: GaugeView): number {
  const seen = useRef<{ bytes: number; at: number }[]>([])
  const ofSource = sourceStream ? rateOf(samples.value.get(sourceStream) ?? []).bytes : undefined
  useEffect(() => {
    seen.current = [...seen.current.slice(-5), { bytes: buffered.bytes, at: performance.now() }]
  }, [buffered.bytes])
  if (ofSource !== undefined) return ofSource
  const [first, last] = [seen.current[0], seen.current.at(-1)]
  if (!first || !last || last.at === first.at || performance.now() - last.at > 5_000) return 0
  return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1_000)
}

interface SourcePositionProps {
  readonly gauge: GaugeView
  readonly stream: string | undefined
}

function SourcePosition({ gauge: { sources }, stream }: SourcePositionProps) {
  return (
    <section class="panel stack">
      <h2>Source position</h2>
      <p class="muted">
        {stream
          ? `It began at LATEST when it was created: what was in ${stream} before that is not delivered.`
          : 'Producers put into it directly, with PutRecord or PutRecordBatch.'}{' '}
        The lag is how old the oldest record is that it has not read.
      </p>
      <table>
        <thead>
          <tr>
            <th>{stream ? 'Shard' : 'Log'}</th>
            <th class="number">Next position</th>
            <th class="number">Lag</th>
          </tr>
        </thead>
        <tbody>
          {sources.map(({ shardId, position, lagMs }) => (
            <tr key={shardId}>
              <th scope="row" class="mono">
                {shardId && stream ? (
                  <a href={hrefOf(['streams', stream], { shard: shardId, from: `position:${position}` })}>
                    {shardId}
                  </a>
                ) : (
                  'its own'
                )}
              </th>
              <td class="number">{position.toLocaleString('en')}</td>
              <td class="number">{lagMs === 0 ? 'none' : durationText(lagMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sources.length === 0 && <p class="muted">It reads no shard yet.</p>}
    </section>
  )
}

function Removal({ deliveryStream }: Pick<FillProps, 'deliveryStream'>) {
  const kind = deliveryStream.channel ? 'channel' : 'delivery stream'
  const remove = useAction(async () => {
    await deleteDeliveryStream(deliveryStream)
    navigate(hrefOf([]))
  })
  return (
    <section class="panel stack">
      <div class="spread">
        <p>Deleting the {kind} leaves its objects; what it has buffered is delivered no more.</p>
        <Needs
          actions={[deliveryStream.channel ? 'kinesis:DeleteChannel' : 'firehose:DeleteDeliveryStream']}
          to="delete it"
        >
          <ConfirmButton
            label={`Delete ${kind}`}
            question={`Delete the ${kind} ${deliveryStream.name}?`}
            onConfirm={() => remove.start()}
          />
        </Needs>
      </div>
      <Failure text={remove.failure.value} />
    </section>
  )
}
