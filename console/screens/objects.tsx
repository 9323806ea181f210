import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { aws, textOf } from '../api.ts'
import { overview } from '../live.ts'
import { Failure } from '../parts/action.tsx'
import { bytesText, countText } from '../quantity.ts'
import { hrefOf, navigate, place } from '../router.ts'
import { ObjectPreview } from './object-preview.tsx'

interface Listing {
  readonly Contents?: readonly { readonly Key: string; readonly Size: number }[]
  readonly CommonPrefixes?: readonly { readonly Prefix: string }[]
  readonly NextContinuationToken?: string
}

/** Buckets, their prefixes as a tree, and one object's content. */
export function ObjectsScreen() {
  const { query } = place.value
  const bucket = query.get('bucket')
  const key = query.get('key')
  const prefix = query.get('prefix') ?? (key?.includes('/') ? key.slice(0, key.lastIndexOf('/') + 1) : '')
  const buckets = overview.value?.buckets ?? []
  const deletions = useSignal(0)
  return (
    <>
      <h1>Objects</h1>
      <div class="objects">
        <nav class="panel stack" aria-label="Buckets and prefixes">
          <ul class="tree">
            {buckets.map(({ name }) => (
              <li key={name}>
                <a
                  href={hrefOf(['objects'], { bucket: name })}
                  aria-current={bucket === name ? 'true' : undefined}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
          {buckets.length === 0 && <p class="muted">There is no bucket yet.</p>}
          {bucket && <Tree bucket={bucket} prefix={prefix} chosen={key ?? ''} deletions={deletions.value} />}
        </nav>
        {bucket && key ? (
          <ObjectPreview
            key={`${bucket}/${key}`}
            bucket={bucket}
            objectKey={key}
            onDeleted={() => {
              deletions.value++
              navigate(hrefOf(['objects'], { bucket, prefix }))
            }}
          />
        ) : (
          <p class="muted">Choose an object to see what is in it.</p>
        )}
      </div>
    </>
  )
}

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
  }
  const deliveries = overview.value?.deliveryStreams
    .filter((one) => one.bucket === bucket)
    .map(({ gauge }) => gauge?.lastDeliveries[0]?.key)
    .join()
  useEffect(() => {
    failure.value = ''
    load().catch((error) => {
      failure.value = textOf(error)
    })
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
      {NextContinuationToken ? (
        <button
          type="button"
          onClick={() => load({ ContinuationToken: NextContinuationToken }).catch(() => undefined)}
        >
          The first {Contents.length + CommonPrefixes.length}; load more
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
