import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Needs } from '../../parts/access/needs.tsx'
import { ResourcePolicy } from '../../parts/access/resource-policy.tsx'
import { Failure } from '../../parts/action.tsx'
import { CutNote } from '../../parts/cut-note.tsx'
import { NameSearch } from '../../parts/name-search.tsx'
import { hrefOf, navigate, place } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'
import { OVERVIEW_ACTION, overview, overviewRefusal } from '../../server/live.ts'
import { bytesText, countText } from '../../texts/quantity.ts'
import { DeletedObjects } from './deleted.tsx'
import { BucketNotifications } from './notifications.tsx'
import { ObjectPreview } from './preview.tsx'

interface Listing {
  readonly Contents?: readonly { readonly Key: string; readonly Size: number }[]
  readonly CommonPrefixes?: readonly { readonly Prefix: string }[]
  readonly NextContinuationToken?: string
}

/** So many buckets are found without a search. */
const FEW = 12

/** Buckets, their prefixes as a tree, and one object's content. */
export function ObjectsScreen() {
  const { query } = place.value
  const key = query.get('key')
  const prefix = query.get('prefix') ?? (key?.includes('/') ? key.slice(0, key.lastIndexOf('/') + 1) : '')
  const { buckets = [], found, totals } = overview.value ?? {}
  const search = query.get('search') ?? ''
  const alone = totals?.buckets === 1 ? buckets[0]?.name : undefined
  const bucket = query.get('bucket') ?? alone
  const deletions = useSignal(0)
  return (
    <>
      <h1>Objects</h1>
      <div class="objects">
        <nav class="panel stack" aria-label="Buckets and prefixes">
          {(search !== '' || (totals?.buckets ?? 0) > FEW) && <NameSearch label="Search buckets by name" />}
          <Needs actions={[OVERVIEW_ACTION]} to="see the buckets">
            <Failure text={overviewRefusal.value} />
          </Needs>
          <ul class="tree">
            {buckets.map(({ name }) => (
              <li key={name}>
                <a
                  href={hrefOf(['objects'], { bucket: name, search })}
                  aria-current={bucket === name ? 'true' : undefined}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
          {totals?.buckets === 0 && <p class="muted">There is no bucket yet.</p>}
          {search !== '' && buckets.length === 0 && <p class="muted">No bucket is named like that.</p>}
          <CutNote listed={buckets.length} found={found?.buckets ?? 0} one="bucket" />
          {bucket && (
            <Needs actions={['s3:ListBucket']} on={`arn:aws:s3:::${bucket}`} to="see the objects">
              <Tree
                key={`${bucket}/${prefix}`}
                bucket={bucket}
                prefix={prefix}
                chosen={key ?? ''}
                deletions={deletions.value}
              />
            </Needs>
          )}
        </nav>
        {bucket && key ? (
          <Needs actions={['s3:GetObject']} on={`arn:aws:s3:::${bucket}/${key}`} to="see what is in it">
            <ObjectPreview
              key={`${bucket}/${key}`}
              bucket={bucket}
              objectKey={key}
              onDeleted={() => {
                deletions.value++
                navigate(hrefOf(['objects'], { bucket, prefix }))
              }}
              onRestored={() => {
                deletions.value++
              }}
            />
          </Needs>
        ) : (
          <div class="stack">
            <p class="muted">
              {totals?.buckets === 0
                ? 'A bucket comes with a delivery stream; its objects appear here as they are delivered.'
                : bucket
                  ? 'Choose an object to see what is in it.'
                  : 'Choose a bucket to see its objects.'}
            </p>
            {bucket && <BucketNotifications key={bucket} bucket={bucket} />}
          </div>
        )}
      </div>
    </>
  )
}

const policyOf = async (Bucket: string): Promise<string | undefined> =>
  (await aws<{ Policy?: string }>('s3', 'GetBucketPolicy', { Bucket })).Policy

interface TreeProps {
  readonly bucket: string
  readonly prefix: string
  readonly chosen: string
  readonly deletions: number
}

function Tree({ bucket, prefix, chosen, deletions }: TreeProps) {
  const listing = useSignal<Listing>({})
  const failure = useSignal('')
  const load = async (more: { ContinuationToken?: string } = {}) => {
    const page = await aws<Listing>('s3', 'ListObjectsV2', {
      Bucket: bucket,
      Prefix: prefix,
      Delimiter: '/',
      ...more,
    })
    const before = more.ContinuationToken ? listing.peek() : {}
    listing.value = {
      ...page,
      Contents: [...(before.Contents ?? []), ...(page.Contents ?? [])],
      CommonPrefixes: [...(before.CommonPrefixes ?? []), ...(page.CommonPrefixes ?? [])],
    }
    failure.value = ''
  }
  const start = (more?: { ContinuationToken: string }) =>
    load(more).catch((error) => {
      failure.value = textOf(error)
    })
  const deliveries = overview.value?.deliveryStreams
    .filter((one) => one.bucket === bucket)
    .map(({ gauge }) => gauge?.lastDeliveries[0]?.key)
    .join()
  useEffect(() => {
    void start()
  }, [bucket, prefix, deliveries, deletions])
  const { Contents = [], CommonPrefixes = [], NextContinuationToken } = listing.value
  const parts = prefix.split('/').filter(Boolean)
  return (
    <div class="stack">
      <p class="muted">
        <a href={hrefOf(['objects'], { bucket })}>{bucket}</a>
        {parts.map((part, index) => {
          const to = `${parts.slice(0, index + 1).join('/')}/`
          return (
            <span key={to}>
              {' / '}
              <a href={hrefOf(['objects'], { bucket, prefix: to })}>{part}</a>
            </span>
          )
        })}
      </p>
      {prefix === '' && (
        <ResourcePolicy action="s3:GetBucketPolicy" of={bucket} read={() => policyOf(bucket)} />
      )}
      <Failure text={failure.value} />
      <ul class="tree">
        {CommonPrefixes.map(({ Prefix }) => (
          <li key={Prefix}>
            <a href={hrefOf(['objects'], { bucket, prefix: Prefix })}>{Prefix.slice(prefix.length)}</a>
          </li>
        ))}
        {Contents.map(({ Key, Size }) => (
          <li key={Key}>
            <a
              href={hrefOf(['objects'], { bucket, prefix, key: Key })}
              aria-current={Key === chosen ? 'true' : undefined}
            >
              <span>{Key.slice(prefix.length)}</span>
              <span class="muted number">{bytesText(Size)}</span>
            </a>
          </li>
        ))}
      </ul>
      <DeletedObjects key={bucket} {...{ bucket, prefix, chosen }} changes={deletions} />
      {NextContinuationToken ? (
        <button type="button" onClick={() => start({ ContinuationToken: NextContinuationToken })}>
          The first {(Contents.length + CommonPrefixes.length).toLocaleString('en')}; load more
        </button>
      ) : (
        <p class="muted">
          {CommonPrefixes.length > 0 && `${countText(CommonPrefixes.length, 'prefix', 'prefixes')}, `}
          {countText(Contents.length, 'object')} here
        </p>
      )}
    </div>
  )
}
