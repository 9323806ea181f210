import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { ShardView } from '../../../../src/api/views.ts'
import { place, setQuery } from '../../../router.ts'
import { shardsOf } from '../../../server/api.ts'
import { RecordDrawer } from './drawer.tsx'
import { Feed } from './feed.ts'
import { FeedLine } from './feed-line.tsx'
import { parseFilter } from './filter.ts'
import { Positions } from './positions.tsx'
import { PutRecords } from './put-records.tsx'
import { createSearch } from './search.ts'
import { RecordTable } from './table.tsx'

/** The Data Viewer, without its consumer: reads the stream's log beside Kinesis's own API. */
export function RecordsTab({ stream, isActive }: { readonly stream: string; readonly isActive: boolean }) {
  const { query } = place.value
  const from = query.get('from') ?? 'oldest'
  const shard = query.get('shard') ?? undefined
  const to = query.get('to') ? Number(query.get('to')) : undefined
  const view = query.get('view') ?? 'json'
  const record = query.get('record')
  const shards = useSignal<readonly ShardView[]>([])

  const feed = useMemo(() => new Feed({ stream, shard, from, to }), [stream, shard, from, to, isActive])
  useEffect(() => {
    if (isActive) {
      void feed.load()
      void shardsOf(stream).then(
        (found) => {
          shards.value = found
        },
        () => undefined,
      )
    }
    return () => feed.close()
  }, [feed, isActive])

  const search = query.get('search') ?? ''
  const filter = useMemo(() => parseFilter(search), [search])
  const found = useMemo(
    () => (filter && search !== '' ? createSearch(feed, filter) : undefined),
    [feed, search],
  )
  useEffect(() => found?.close, [found])
  const shown = (found?.found ?? feed.records).value

  return (
    <div class="stack">
      <div class="row end">
        <Positions from={from} to={to} />
        <label>
          Shard
          <select
            value={shard ?? ''}
            onChange={(event) => setQuery({ shard: event.currentTarget.value, from: undefined })}
          >
            <option value="">All, merged</option>
            {shards.value.map(({ shardId, closedAt }) => (
              <option key={shardId} value={shardId}>
                {shardId.replace(/-0+(?=\d)/, '-')}
                {closedAt !== undefined && ' (closed)'}
              </option>
            ))}
          </select>
        </label>
        <label>
          Show as
          <select
            value={view}
            onChange={(event) =>
              setQuery({ view: event.currentTarget.value === 'json' ? '' : event.currentTarget.value })
            }
          >
            <option value="json">JSON</option>
            <option value="text">Text</option>
            <option value="hex">Hex</option>
          </select>
        </label>
        <label style={{ flex: '1 1 220px' }}>
          Search, or a field such as $.value &gt; 50
          <input
            type="search"
            data-key="/"
            value={search}
            aria-invalid={filter === undefined}
            onInput={(event) => setQuery({ search: event.currentTarget.value })}
          />
        </label>
        <TailButton feed={feed} />
      </div>
      {filter === undefined && (
        <p class="notice warn">A field filter is a path, an operator and a value: $.user.name == "ada"</p>
      )}
      <PutRecords
        stream={stream}
        isActive={isActive}
        onPut={() => {
          if (!feed.isTailing.peek()) void feed.load()
        }}
      />
      <FeedLine feed={feed} found={found && { count: shown.length, isAll: found.isDone.value }} />
      <RecordTable
        records={shown}
        view={view}
        isFollowing={feed.isTailing.value}
        whyEmpty={whyEmpty(feed, isActive, found !== undefined)}
      />
      {record && <RecordDrawer stream={stream} sequenceNumber={record} held={feed.records.value} />}
    </div>
  )
}

function TailButton({ feed }: { readonly feed: Feed }) {
  const isTailing = feed.isTailing.value
  return (
    <button
      type="button"
      data-key="t"
      aria-pressed={isTailing}
      onClick={() => (isTailing ? feed.pause() : feed.tail())}
    >
      {isTailing ? 'Pause live tail' : 'Live tail'}
    </button>
  )
}

/** What to say where no record is shown. */
function whyEmpty(feed: Feed, isActive: boolean, isFiltered: boolean): string {
  if (!isActive) return 'The stream is being created.'
  if (feed.isLoading.value) return 'Reading …'
  if (isFiltered && feed.records.value.length > 0) return 'None of these records matches.'
  if (feed.isTailing.value) return 'Waiting for records: each is shown as it arrives.'
  return 'No record is here from this position on. Put test records, or run a producer; the live tail shows records as they arrive.'
}
