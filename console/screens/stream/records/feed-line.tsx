import { Failure } from '../../../parts/action.tsx'
import { type Feed, MOST_RECORDS } from './feed.ts'

const MORE = 20_000

interface FeedLineProps {
  readonly feed: Feed
  /** Undefined without a filter. */
  readonly found: { readonly count: number; readonly isAll: boolean } | undefined
}

/** How much of the stream is on the page: nothing is left out without saying so. */
export function FeedLine({ feed, found }: FeedLineProps) {
  const held = feed.records.value.length
  const isIdle = !feed.isTailing.value && !feed.isLoading.value
  if (feed.failure.value)
    return (
      <>
        <Failure text={feed.failure.value} />
        {isIdle && (
          <div class="row">
            <button type="button" onClick={() => feed.load()}>
              Try again
            </button>
          </div>
        )}
      </>
    )
  return (
    <div class="row">
      <p class="muted number">
        {found && `${found.count.toLocaleString('en')} match of `}
        {feedText(feed)}
        {found && !found.isAll && '; searching …'}
      </p>
      {isIdle && !feed.isAtTip.value && held > 0 && held < MOST_RECORDS && (
        <button type="button" onClick={() => feed.load(MORE)}>
          Load {MORE.toLocaleString('en')} more
        </button>
      )}
      {isIdle && (
        <button type="button" class="quiet" onClick={() => feed.load()}>
          Look for new records
        </button>
      )}
    </div>
  )
}

function feedText({ records, isLoading, isTailing, isAtTip, letGo }: Feed): string {
  const held = records.value.length
  const count = held.toLocaleString('en')
  if (isLoading.value) return `${count} records, reading …`
  const rest = isTailing.value
    ? 'live'
    : isAtTip.value
      ? 'all there are from this position'
      : held >= MOST_RECORDS
        ? 'a page holds no more: begin at a later position'
        : 'more follow'
  const gone = letGo.value > 0 ? `; ${letGo.value.toLocaleString('en')} older ones let go` : ''
  return `${count} records, ${rest}${gone}`
}
