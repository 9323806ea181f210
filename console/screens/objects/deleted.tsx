import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Failure } from '../../parts/action.tsx'
import { hrefOf } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'
import { deletedKeys, type VersionListing } from './version-list.ts'

interface DeletedProps {
  readonly bucket: string
  readonly prefix: string
  readonly chosen: string
  /** Grows with what was deleted or restored here. */
  readonly changes: number
}

/** In a bucket with versions, the objects below a prefix that were deleted and can be had back. */
export function DeletedObjects({ bucket, prefix, chosen, changes }: DeletedProps) {
  const hasVersions = useSignal(false)
  const isOpen = useSignal(false)
  const keys = useSignal<readonly string[]>([])
  const more = useSignal<VersionListing | undefined>(undefined)
  const failure = useSignal('')
  useEffect(() => {
    aws<{ Status?: string }>('s3', 'GetBucketVersioning', { Bucket: bucket }).then(
      ({ Status }) => {
        hasVersions.value = Status !== undefined
      },
      // Whoever may not know has no such list.
      () => undefined,
    )
  }, [bucket])
  const load = async (from?: VersionListing) => {
    const page = await aws<VersionListing>('s3', 'ListObjectVersions', {
      ...{ Bucket: bucket, Prefix: prefix, Delimiter: '/' },
      ...(from && { KeyMarker: from.NextKeyMarker, VersionIdMarker: from.NextVersionIdMarker }),
    })
    keys.value = [...(from ? keys.peek() : []), ...deletedKeys(page)]
    more.value = page.IsTruncated ? page : undefined
    failure.value = ''
  }
  const start = (from?: VersionListing) =>
    load(from).catch((error) => {
      failure.value = textOf(error)
    })
  useEffect(() => {
    if (isOpen.value) void start()
  }, [bucket, prefix, changes, isOpen.value])
  if (!hasVersions.value) return null
  if (!isOpen.value)
    return (
      <button
        type="button"
        onClick={() => {
          isOpen.value = true
        }}
      >
        Show deleted objects
      </button>
    )
  return (
    <div class="stack">
      <Failure text={failure.value} />
      <ul class="tree" aria-label="Deleted objects">
        {keys.value.map((key) => (
          <li key={key}>
            <a
              href={hrefOf(['objects'], { bucket, prefix, key })}
              aria-current={key === chosen ? 'true' : undefined}
            >
              <s>{key.slice(prefix.length)}</s>
              <span class="badge warn">deleted</span>
            </a>
          </li>
        ))}
      </ul>
      {keys.value.length === 0 && !more.value && <p class="muted">No object was deleted here.</p>}
      {more.value && (
        <button type="button" onClick={() => start(more.value)}>
          Look further
        </button>
      )}
    </div>
  )
}
