import type { DeliveryStreamView, StreamView } from '../../src/api/views.ts'
import { firesText } from '../gauge-sentence.ts'
import { now, overview, samples } from '../live.ts'
import { Gauge } from '../parts/gauge.tsx'
import { type Path, pathsOf } from '../paths.ts'
import { bytesText, countText, rateText, relativeText } from '../quantity.ts'
import { rateOf } from '../rates.ts'
import { hrefOf } from '../router.ts'
import { CreateStream } from './create-stream.tsx'

/** Home: one row per path, from the producers to the bucket. */
export function PipelineScreen() {
  const said = overview.value
  if (!said) return <p role="status">Waiting for the server …</p>
  const paths = pathsOf(said)
  if (paths.length === 0 && said.buckets.length === 0) return <FirstStep />
  const { totals, streams, deliveryStreams } = said
  const unused = said.buckets.filter(({ name }) => !deliveryStreams.some(({ bucket }) => bucket === name))
  return (
    <>
      <div class="spread">
        <div>
          <h1>Pipeline</h1>
          <p class="muted">
            {countText(totals.streams, 'stream')}, {countText(totals.deliveryStreams, 'delivery stream')},{' '}
            {countText(totals.buckets, 'bucket')} in {said.region}, account {said.account}
            {streams.length < totals.streams && `; the first ${streams.length} streams are shown`}
            {deliveryStreams.length < totals.deliveryStreams &&
              `; the first ${deliveryStreams.length} delivery streams are shown`}
          </p>
        </div>
        <a class="button" href={hrefOf(['new-delivery-stream'])}>
          New delivery stream
        </a>
      </div>
      {paths.map((path) => (
        <PathRow key={`${path.stream?.name} ${path.deliveryStream?.name}`} path={path} />
      ))}
      {unused.length > 0 && (
        <p class="muted">
          Buckets that no delivery stream writes to:{' '}
          {unused.map(({ name }, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <a href={hrefOf(['objects'], { bucket: name })}>{name}</a>
            </span>
          ))}
        </p>
      )}
      <details class="panel">
        <summary>New stream</summary>
        <CreateStream suggestion="" />
      </details>
    </>
  )
}

function FirstStep() {
  return (
    <>
      <h1>The lab's first step: a stream</h1>
      <p class="muted">
        Producers put records into a Kinesis data stream; a delivery stream collects them and writes objects
        into a bucket. Nothing is here yet.
      </p>
      <div class="panel">
        <CreateStream suggestion="ml-streaming-input" />
      </div>
      <p class="muted">
        Or begin with a{' '}
        <a href={hrefOf(['new-delivery-stream'])}>delivery stream that takes records directly</a>, or follow
        the <a href={hrefOf(['lab'])}>lab's checklist</a>.
      </p>
    </>
  )
}

function PathRow({ path: { stream, deliveryStream } }: { readonly path: Path }) {
  const rate = stream ? rateOf(samples.value.get(stream.name) ?? []) : undefined
  const isFlowing = (rate?.records ?? 0) > 0
  const title = stream?.name ?? deliveryStream?.name
  return (
    <section class="path" aria-label={`Path of ${title}`}>
      <div>
        <div class="node open">
          <span class="kind">Producers</span>
          <span class="number">{rate ? `${rateText(rate.records)} records/s` : 'put records directly'}</span>
          {rate && isFlowing && <span class="line number">{bytesText(rate.bytes)}/s</span>}
        </div>
      </div>
      <div class={isFlowing ? 'flowing' : ''}>
        {stream ? <StreamNode stream={stream} /> : <DirectPutNode deliveryStream={deliveryStream} />}
      </div>
      <div class={deliveryStream?.gauge?.buffered.records ? 'flowing' : ''}>
        {deliveryStream ? (
          <DeliveryStreamNode deliveryStream={deliveryStream} />
        ) : (
          <a class="node open" href={hrefOf(['new-delivery-stream'], { stream: stream?.name })}>
            <span class="kind">Delivery stream</span>
            <span class="name">None reads this stream</span>
            <span class="line">Create one: its records go to a bucket</span>
          </a>
        )}
      </div>
      <div class={deliveryStream?.gauge?.lastDeliveries.length ? 'flowing' : ''}>
        {deliveryStream ? (
          <BucketNode deliveryStream={deliveryStream} />
        ) : (
          <div class="node open">No bucket</div>
        )}
      </div>
    </section>
  )
}

function StreamNode({ stream }: { readonly stream: StreamView }) {
  const { name, status, openShards, incoming, mode } = stream
  return (
    <a class="node" href={hrefOf(['streams', name])}>
      <span class="kind">Stream</span>
      <span class="name">{name}</span>
      <span class="line number">
        {countText(openShards, 'shard')}
        {mode === 'ON_DEMAND' && ', on demand'} · {countText(incoming.records, 'record')} in
      </span>
      {status !== 'ACTIVE' && <span class="badge warn">{status}</span>}
      {incoming.throttled > 0 && (
        <span class="error number">
          {countText(incoming.throttled, 'put')} throttled: a shard takes 1 MiB/s
        </span>
      )}
    </a>
  )
}

function DirectPutNode({ deliveryStream }: { readonly deliveryStream: DeliveryStreamView | undefined }) {
  const source = deliveryStream?.sourceStream
  return (
    <div class={`node open${source ? ' failing' : ''}`}>
      <span class="kind">{source ? 'Stream' : 'Direct PUT'}</span>
      <span>{source ? `${source} does not exist` : 'no stream between'}</span>
    </div>
  )
}

function DeliveryStreamNode({ deliveryStream }: { readonly deliveryStream: DeliveryStreamView }) {
  const { name, status, gauge } = deliveryStream
  const isFailing = (gauge?.failures ?? 0) > 0
  return (
    <a class={`node${isFailing ? ' failing' : ''}`} href={hrefOf(['delivery-streams', name])}>
      <span class="kind">Delivery stream</span>
      <span class="name">{name}</span>
      {status !== 'ACTIVE' && <span class="badge warn">{status}</span>}
      {gauge && <Gauge gauge={gauge} now={now.value} />}
      {gauge && !isFailing && <span class="line number">{firesText(gauge, now.value)}</span>}
      {gauge && isFailing && (
        <span class="error">
          Failing, {countText(gauge.failures, 'attempt')}: {gauge.lastError?.code} {gauge.lastError?.message}
        </span>
      )}
    </a>
  )
}

function BucketNode({ deliveryStream }: { readonly deliveryStream: DeliveryStreamView }) {
  const { bucket, prefix, gauge } = deliveryStream
  const said = overview.value
  const exists =
    said === undefined || said.s3Endpoint !== undefined || said.buckets.some(({ name }) => name === bucket)
  const last = gauge?.lastDeliveries.find(({ outcome }) => outcome.status === 'delivered')
  return (
    <a
      class={`node${exists ? '' : ' failing'}`}
      href={hrefOf(['objects'], { bucket, ...(last ? { key: last.key } : {}) })}
    >
      <span class="kind">Bucket{said?.s3Endpoint && ` on ${said.s3Endpoint}`}</span>
      <span class="name">
        {bucket}
        {prefix && <span class="muted">/{prefix}</span>}
      </span>
      {!exists && <span class="error">This bucket does not exist (NoSuchBucket)</span>}
      {last ? (
        <span class="line number">
          {countText(last.records, 'record')}, {bytesText(last.bytes)},{' '}
          {relativeText(last.deliveredAt, now.value)}
          <br />
          <span class="mono">{last.key.split('/').at(-1)}</span>
        </span>
      ) : (
        <span class="line">no object yet</span>
      )}
    </a>
  )
}
