import type { DeliveryStreamView, Overview, StreamView } from '../../../src/api/views.ts'
import { Gauge } from '../../parts/gauge.tsx'
import { hrefOf } from '../../router.ts'
import { now, samples } from '../../server/live.ts'
import { rateOf } from '../../server/rates.ts'
import { mayDo } from '../../server/session.ts'
import { firesText, lossText, standstillText } from '../../texts/gauge-sentence.ts'
import { bytesText, countText, rateText, relativeText } from '../../texts/quantity.ts'
import type { Path } from './paths.ts'

interface PathRowProps {
  readonly path: Path
  /** What the path lies in. */
  readonly said: Overview
}

/** Producers, stream, delivery stream and bucket, each a link; the one that fails is red. */
export function PathRow({ path: { stream, deliveryStream }, said }: PathRowProps) {
  const rate = stream ? rateOf(samples.value.get(stream.name) ?? []) : undefined
  const isFlowing = (rate?.records ?? 0) > 0
  const title = stream?.name ?? deliveryStream?.name ?? ''
  return (
    <section class="path" aria-label={`Path of ${title}`}>
      <div>
        <a
          class="node open"
          href={
            stream ? hrefOf(['streams', title], { tab: 'monitoring' }) : hrefOf(['delivery-streams', title])
          }
        >
          <span class="kind">Producers</span>
          <span class="number">{rate ? `${rateText(rate.records)} records/s` : 'put records directly'}</span>
          {rate && isFlowing && <span class="line number">{bytesText(rate.bytes)}/s</span>}
        </a>
      </div>
      <div class={isFlowing ? 'flowing' : ''}>
        {stream && <StreamNode stream={stream} />}
        {!stream && deliveryStream && <NoStreamNode deliveryStream={deliveryStream} said={said} />}
      </div>
      <div class={deliveryStream?.gauge?.buffered.records ? 'flowing' : ''}>
        {deliveryStream ? (
          <DeliveryStreamNode deliveryStream={deliveryStream} />
        ) : (
          <NoReaderNode stream={title} said={said} />
        )}
      </div>
      <div class={deliveryStream?.gauge?.lastDeliveries.length ? 'flowing' : ''}>
        {deliveryStream ? (
          <BucketNode deliveryStream={deliveryStream} said={said} />
        ) : (
          <a class="node open" href={hrefOf(['new-delivery-stream'], { stream: title })}>
            <span class="kind">Bucket</span>
            <span>none yet</span>
          </a>
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
          {countText(incoming.throttled, 'put')} throttled: a shard takes 1,000 records/s and 1 MiB/s
        </span>
      )}
    </a>
  )
}

interface NodeProps {
  readonly deliveryStream: DeliveryStreamView
  readonly said: Overview
}

/** Records are put directly, or the stream is gone, or it is not listed. */
function NoStreamNode({ deliveryStream: { id, sourceStream }, said }: NodeProps) {
  if (sourceStream === undefined)
    return (
      <a class="node open" href={hrefOf(['delivery-streams', id])}>
        <span class="kind">Direct PUT</span>
        <span>no stream between</span>
      </a>
    )
  const isGone = said.streams.length === said.found.streams
  return (
    <a class={`node open${isGone ? ' failing' : ''}`} href={hrefOf(['streams', sourceStream])}>
      <span class="kind">Stream</span>
      <span class="name">{sourceStream}</span>
      {isGone && <span class="error">This stream does not exist (ResourceNotFoundException)</span>}
    </a>
  )
}

function NoReaderNode({ stream, said }: { readonly stream: string; readonly said: Overview }) {
  const isCut = said.deliveryStreams.length < said.found.deliveryStreams
  return (
    <a class="node open" href={hrefOf(['new-delivery-stream'], { stream })}>
      <span class="kind">Delivery stream</span>
      <span class="name">{isCut ? 'None of those listed reads it' : 'None reads this stream'}</span>
      {mayDo('firehose:CreateDeliveryStream') && (
        <span class="line">Create one: its records go to a bucket</span>
      )}
    </a>
  )
}

function DeliveryStreamNode({ deliveryStream }: Pick<NodeProps, 'deliveryStream'>) {
  const { name, id, channel, status, gauge } = deliveryStream
  const isFailing = channel?.failure !== undefined || (gauge?.failures ?? 0) > 0
  return (
    <a class={`node${isFailing ? ' failing' : ''}`} href={hrefOf(['delivery-streams', id])}>
      <span class="kind">{channel ? 'Channel' : 'Delivery stream'}</span>
      <span class="name">{name}</span>
      {status !== 'ACTIVE' && <span class="badge warn">{status}</span>}
      {gauge && <Gauge gauge={gauge} now={now.value} />}
      {channel?.failure && <span class="error">{channel.failure}</span>}
      {gauge && !isFailing && <span class="line number">{firesText(gauge, now.value)}</span>}
      {gauge && isFailing && (
        <span class="error">
          Failing, {countText(gauge.failures, 'attempt')}: {gauge.lastError?.code} {gauge.lastError?.message}.{' '}
          {standstillText(gauge, now.value)} {lossText(gauge, now.value)}
        </span>
      )}
    </a>
  )
}

function BucketNode({ deliveryStream: { bucket, prefix, gauge }, said }: NodeProps) {
  const { s3Endpoint, buckets, found } = said
  const isKnown = s3Endpoint === undefined && buckets.length === found.buckets
  const isMissing = isKnown && !buckets.some(({ name }) => name === bucket)
  const last = gauge?.lastDeliveries.find(({ outcome }) => outcome.status === 'delivered')
  return (
    <a
      class={`node${isMissing ? ' failing' : ''}`}
      href={hrefOf(['objects'], { bucket, ...(last ? { key: last.key } : {}) })}
    >
      <span class="kind">Bucket{s3Endpoint && ` on ${s3Endpoint}`}</span>
      <span class="name">
        {bucket}
        {prefix && <span class="muted">/{prefix}</span>}
      </span>
      {isMissing && <span class="error">This bucket does not exist (NoSuchBucket)</span>}
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
