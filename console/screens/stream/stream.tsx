import { Needs } from '../../parts/access/needs.tsx'
import { hrefOf, place } from '../../router.ts'
import { overview, samples } from '../../server/live.ts'
import { rateOf } from '../../server/rates.ts'
import { mayDo } from '../../server/session.ts'
import { bytesText, countText, rateText } from '../../texts/quantity.ts'
import { ConsumersTab } from './consumers.tsx'
import { MonitoringTab } from './monitoring.tsx'
import { RecordsTab } from './records/records.tsx'
import { SettingsTab } from './settings.tsx'
import { ShardsTab } from './shards.tsx'

const TABS = [
  ['records', 'Records'],
  ['shards', 'Shards'],
  ['consumers', 'Consumers'],
  ['monitoring', 'Monitoring'],
  ['settings', 'Settings'],
] as const

export function StreamScreen({ name }: { readonly name: string }) {
  const tab = place.value.query.get('tab') ?? 'records'
  const said = overview.value
  const stream = said?.streams.find((one) => one.name === name)
  const readers = said?.deliveryStreams.filter(({ sourceStream }) => sourceStream === name) ?? []
  const rate = rateOf(samples.value.get(name) ?? [])
  const isListed = stream || said?.streams.length === said?.found.streams
  if (!said || !isListed) return <p role="status">Waiting for the server …</p>
  if (!stream)
    return (
      <>
        <h1>{name}</h1>
        <p class="notice">
          There is no such stream. <a href={hrefOf([])}>Back to the pipeline</a>
        </p>
      </>
    )
  return (
    <>
      <div class="spread">
        <div>
          <p class="muted">Stream</p>
          <h1>
            {name} {stream.status !== 'ACTIVE' && <span class="badge warn">{stream.status}</span>}
          </h1>
          <p class="muted number">
            {countText(stream.openShards, 'open shard')} · {rateText(rate.records)} records/s,{' '}
            {bytesText(rate.bytes)}/s · kept {stream.retentionPeriodHours} h
          </p>
        </div>
        <div class="row">
          {readers.map((reader) => (
            <a key={reader.name} class="button" href={hrefOf(['delivery-streams', reader.id])}>
              → {reader.name}
            </a>
          ))}
          {mayDo('firehose:CreateDeliveryStream') && (
            <a class="button" href={hrefOf(['new-delivery-stream'], { stream: name })}>
              New delivery stream
            </a>
          )}
        </div>
      </div>
      <nav class="tabs" aria-label="Views of the stream">
        {TABS.map(([key, label]) => (
          <a
            key={key}
            href={hrefOf(['streams', name], { tab: key === 'records' ? undefined : key })}
            aria-current={tab === key ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      {tab === 'records' && (
        <RecordsTab stream={name} arn={stream.arn} isActive={stream.status !== 'CREATING'} />
      )}
      {tab === 'shards' && (
        <Needs actions={['kinesis:ListShards']} on={stream.arn} to="see the shards">
          <ShardsTab stream={name} status={stream.status} />
        </Needs>
      )}
      {tab === 'consumers' && (
        <Needs actions={['kinesis:ListStreamConsumers']} on={stream.arn} to="see the consumers">
          <ConsumersTab streamArn={stream.arn} />
        </Needs>
      )}
      {tab === 'monitoring' && <MonitoringTab stream={name} />}
      {tab === 'settings' && <SettingsTab stream={stream} />}
    </>
  )
}
