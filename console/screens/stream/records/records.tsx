import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { ShardView } from '../../../../src/api/views.ts'
import { Needs } from '../../../parts/access/needs.tsx'
import { place } from '../../../router.ts'
import { shardsOf } from '../../../server/api.ts'
import { mayDo } from '../../../server/session.ts'
import { Controls, readingOf } from './controls.tsx'
import { RecordDrawer } from './drawer.tsx'
import { Feed } from './feed.ts'
import { FeedLine } from './feed-line.tsx'
import { parseFilter } from './filter.ts'
import { PutRecords } from './put-records.tsx'
import { createSearch } from './search.ts'
import { RecordTable } from './table.tsx'

interface RecordsTabProps {
  readonly stream: string
  readonly arn: string
  readonly isActive: boolean
}

/** The Data Viewer, without its consumer: reads the stream's log beside Kinesis's own API. */
export function RecordsTab({ stream, arn, isActive }: RecordsTabProps) {
  const { query } = place.value
  const { from, shard, to, view } = readingOf(query)
  const record = query.get('record')
  const shards = useSignal<readonly ShardView[]>([])

  const isTried = useSignal(false)
  const mayRead = mayDo('kinesis:GetRecords') || isTried.value
  const feed = useMemo(
    () => new Feed({ stream, shard, from, to }),
    [stream, shard, from, to, isActive, mayRead],
  )
  useEffect(() => {
    if (isActive && mayRead) void feed.load()
    if (isActive && mayDo('kinesis:ListShards'))
      void shardsOf(stream).then(
        (found) => {
          shards.value = found
        },
        () => undefined,
      )
    return () => feed.close()
  }, [feed])

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
      {mayRead && <Controls feed={feed} shards={shards.value} isFilter={filter !== undefined} />}
      <PutRecords
        stream={stream}
        arn={arn}
        isActive={isActive}
        onPut={() => {
          if (mayRead && !feed.isTailing.peek()) void feed.load()
        }}
      />
      <Needs actions={['kinesis:GetRecords']} to="see the records" on={arn} isTried={isTried}>
        <FeedLine feed={feed} found={found && { count: shown.length, isAll: found.isDone.value }} />
        <RecordTable
          records={shown}
          view={view}
          isFollowing={feed.isTailing.value}
          whyEmpty={whyEmpty(feed, isActive, found !== undefined)}
        />
        {record && <RecordDrawer stream={stream} id={record} held={feed.records.value} />}
      </Needs>
    </div>
  )
}

/** What to say where no record is shown. */
function whyEmpty(feed: Feed, isActive: boolean, isFiltered: boolean): string {
  if (!isActive) return 'The stream is being created.'
  if (feed.failure.value) return 'The records could not be read.'
  if (feed.isLoading.value) return 'Reading …'
  if (isFiltered && feed.records.value.length > 0) return 'None of these records matches.'
  if (feed.isTailing.value) return 'Waiting for records: each is shown as it arrives.'
  return 'No record is here from this position on. Put test records, or run a producer; the live tail shows records as they arrive.'
}
