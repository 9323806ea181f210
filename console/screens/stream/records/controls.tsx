import type { ShardView } from '../../../../src/api/views.ts'
import { place, setQuery } from '../../../router.ts'
import type { Feed } from './feed.ts'
import { Positions } from './positions.tsx'

/** What is read and how it is shown, as the address says. */
export const readingOf = (query: URLSearchParams) => ({
  from: query.get('from') ?? 'oldest',
  shard: query.get('shard') ?? undefined,
  to: query.get('to') ? Number(query.get('to')) : undefined,
  view: query.get('view') ?? 'json',
})

interface ControlsProps {
  readonly feed: Feed
  readonly shards: readonly ShardView[]
  /** What is searched for can be. */
  readonly isFilter: boolean
}

/** Where to begin, of which shard, shown how, searched for what. */
export function Controls({ feed, shards, isFilter }: ControlsProps) {
  const { from, shard, to, view } = readingOf(place.value.query)
  return (
    <>
      <div class="row end">
        <Positions from={from} to={to} />
        <label>
          Shard
          <select
            value={shard ?? ''}
            onChange={(event) => setQuery({ shard: event.currentTarget.value, from: undefined })}
          >
            <option value="">All, merged</option>
            {shards.map(({ shardId, closedAt }) => (
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
            value={place.value.query.get('search') ?? ''}
            aria-invalid={!isFilter}
            onInput={(event) => setQuery({ search: event.currentTarget.value })}
          />
        </label>
        <TailButton feed={feed} />
      </div>
      {!isFilter && (
        <p class="notice warn">A field filter is a path, an operator and a value: $.user.name == "ada"</p>
      )}
    </>
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
