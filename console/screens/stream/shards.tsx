import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ShardView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { hrefOf } from '../../router.ts'
import { aws, recordsOf, shardsOf, textOf } from '../../server/api.ts'
import { now } from '../../server/live.ts'
import { mayDo } from '../../server/session.ts'
import { countText, utcText } from '../../texts/quantity.ts'
import {
  lineageText,
  loadsOf,
  middleOf,
  neighbourOf,
  type ShardLoad,
  shardNumber,
  shareOf,
} from './shard-load.ts'

const SAMPLE = { windowMs: 60_000, limit: 5_000 }

/** How the hash keys are divided, who came from whom, and the operations that change it. */
export function ShardsTab({ stream, status }: { readonly stream: string; readonly status: string }) {
  const shards = useSignal<readonly ShardView[]>([])
  const loads = useSignal<ReadonlyMap<string, ShardLoad>>(new Map())
  const sampled = useSignal('the last minute')
  const failure = useSignal('')
  const asked = useSignal<number | undefined>(undefined)
  const refresh = async () => {
    shards.value = await shardsOf(stream)
    if (!mayDo('kinesis:GetRecords')) {
      sampled.value = 'none: they may not be read'
      return
    }
    const from = `time:${Math.floor(now.peek() - SAMPLE.windowMs)}`
    const { records, atTip } = await recordsOf(stream, { from, limit: SAMPLE.limit, raw: 'true' })
    sampled.value = atTip
      ? 'the last minute'
      : `the first ${records.length.toLocaleString('en')} of the last minute`
    loads.value = loadsOf(shards.value, records)
  }
  useEffect(() => {
    refresh().catch((error) => {
      failure.value = textOf(error)
    })
  }, [stream, status])
  const change = useAction(async (operation: string, input: object) => {
    await aws('kinesis', operation, { StreamName: stream, ...input })
    await refresh()
  })
  const open = openOf(shards.value)
  const target = asked.value ?? open.length
  const isBusy = change.busy.value || status !== 'ACTIVE'
  return (
    <div class="stack">
      <Failure text={failure.value || change.failure.value} />
      <HashStrip open={open} loads={loads.value} />
      <Needs actions={['kinesis:UpdateShardCount']} to="scale the stream">
        <form
          class="row end"
          onSubmit={(event) => {
            event.preventDefault()
            void change.start('UpdateShardCount', {
              TargetShardCount: target,
              ScalingType: 'UNIFORM_SCALING',
            })
          }}
        >
          <label>
            Scale to so many shards
            <input
              type="number"
              min={1}
              required
              value={target}
              onInput={(event) => {
                asked.value = event.currentTarget.valueAsNumber || 1
              }}
            />
          </label>
          <button type="submit" disabled={isBusy || target === open.length}>
            Scale
          </button>
        </form>
      </Needs>
      <div class="panel scroll">
        <table>
          <thead>
            <tr>
              <th>Shard</th>
              <th>Hash keys from</th>
              <th class="number">Share</th>
              <th class="number">Records, of {sampled}</th>
              <th>Lineage</th>
              <th>Since (UTC)</th>
              <th>Change</th>
            </tr>
          </thead>
          <tbody>
            {shards.value.map((shard) => (
              <ShardRow
                key={shard.shardId}
                stream={stream}
                shard={shard}
                shards={shards.value}
                load={loads.value.get(shard.shardId)}
                isBusy={isBusy}
                change={change.start}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

interface HashStripProps {
  readonly open: readonly ShardView[]
  readonly loads: ReadonlyMap<string, ShardLoad>
}

/** The whole hash range, each open shard as wide as its part of it. */
function HashStrip({ open, loads }: HashStripProps) {
  return (
    <div
      class="hash-strip"
      role="img"
      aria-label={`${countText(open.length, 'open shard')} share the hash range`}
    >
      {open
        .toSorted((a, b) => (BigInt(a.hashKeyRange.start) < BigInt(b.hashKeyRange.start) ? -1 : 1))
        .map((shard) => (
          <span
            key={shard.shardId}
            class={loads.get(shard.shardId)?.isHot ? 'hot' : ''}
            style={{ '--share': shareOf(shard) }}
          >
            {shardNumber(shard.shardId)}
          </span>
        ))}
    </div>
  )
}

interface ShardRowProps {
  readonly stream: string
  readonly shard: ShardView
  readonly shards: readonly ShardView[]
  readonly load: ShardLoad | undefined
  readonly isBusy: boolean
  readonly change: (operation: string, input: object) => Promise<void>
}

function ShardRow({ stream, shard, shards, load, isBusy, change }: ShardRowProps) {
  const neighbour = neighbourOf(shard, openOf(shards))
  return (
    <tr>
      <th scope="row">
        <a class="mono" href={hrefOf(['streams', stream], { shard: shard.shardId })}>
          {shard.shardId}
        </a>{' '}
        {shard.closedAt !== undefined && <span class="badge">closed</span>}
      </th>
      <td class="mono">{shard.hashKeyRange.start}</td>
      <td class="number">{(shareOf(shard) * 100).toFixed(1)} %</td>
      <td class="number">
        {load?.isHot && <span class="badge warn">hot</span>} {(load?.records ?? 0).toLocaleString('en')}
      </td>
      <td>{lineageText(shard, shards) || '–'}</td>
      <td class="moment">{utcText(shard.createdAt).slice(0, 19)}</td>
      <td>
        {shard.closedAt === undefined && (
          <div class="row">
            {mayDo('kinesis:SplitShard') && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() =>
                  change('SplitShard', {
                    ShardToSplit: shard.shardId,
                    NewStartingHashKey: middleOf(shard),
                  })
                }
              >
                Split
              </button>
            )}
            {neighbour && mayDo('kinesis:MergeShards') && (
              <button
                type="button"
                disabled={isBusy}
                onClick={() =>
                  change('MergeShards', {
                    ShardToMerge: shard.shardId,
                    AdjacentShardToMerge: neighbour.shardId,
                  })
                }
              >
                Merge with {shardNumber(neighbour.shardId)}
              </button>
            )}
          </div>
        )}
      </td>
    </tr>
  )
}

const openOf = (shards: readonly ShardView[]): ShardView[] =>
  shards.filter(({ closedAt }) => closedAt === undefined)
