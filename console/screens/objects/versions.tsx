import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { setQuery } from '../../router.ts'
import { aws, textOf } from '../../server/api.ts'
import { now } from '../../server/live.ts'
import { bytesText, relativeText } from '../../texts/quantity.ts'
import { type KeyVersion, type VersionListing, versionsOfKey } from './version-list.ts'

interface VersionsProps {
  readonly bucket: string
  readonly objectKey: string
  /** Whose bytes are shown; undefined: the latest one's. */
  readonly shown: string | undefined
  /** Why there is no object, where there is none. */
  readonly missing: string
  readonly onRestored: () => void
}

/** So many are read at once. */
const PAGE = 100

/** A key's versions, the newest first; nothing where there is only the object. */
export function Versions({ bucket, objectKey: key, shown, missing, onRestored }: VersionsProps) {
  const versions = useSignal<readonly KeyVersion[]>([])
  const isCut = useSignal(false)
  const failure = useSignal('')
  const load = async () => {
    const input = { Bucket: bucket, Prefix: key, MaxKeys: PAGE }
    const listing = await aws<VersionListing>('s3', 'ListObjectVersions', input)
    versions.value = versionsOfKey(listing, key)
    isCut.value = listing.NextKeyMarker === key
    failure.value = ''
  }
  const start = () =>
    load().catch((error) => {
      failure.value = textOf(error)
    })
  useEffect(() => {
    void start()
  }, [bucket, key])
  const restore = useAction(async (versionId: string) => {
    const CopySource = `${bucket}/${encodeURIComponent(key)}?versionId=${versionId}`
    await aws('s3', 'CopyObject', { Bucket: bucket, Key: key, CopySource })
    setQuery({ version: undefined })
    onRestored()
    await load()
  })
  const [latest] = versions.value
  const isPlain = versions.value.length === 1 && latest?.id === 'null' && !latest.isMarker
  return (
    <div class="stack">
      <Failure text={failure.value || restore.failure.value || (latest?.isMarker ? '' : missing)} />
      {latest?.isMarker && (
        <p class="notice warn">
          This object was deleted {relativeText(latest.at, now.value)}: its latest version is a delete marker.
          Restore one of its versions to have it back.
        </p>
      )}
      {latest && !isPlain && (
        <p class="muted">Versions, the newest first{isCut.value && ` (of more, the first ${PAGE})`}</p>
      )}
      {latest && !isPlain && (
        <table aria-label="Versions">
          <tbody>
            {versions.value.map((version) => (
              <tr key={version.id}>
                <td class="mono">{version.id}</td>
                <td class="number">{relativeText(version.at, now.value)}</td>
                <td class="number">{version.isMarker ? '' : bytesText(version.sizeBytes)}</td>
                <td>
                  {version.isMarker && <span class="badge warn">delete marker</span>}{' '}
                  {version.isLatest && <span class="badge good">latest</span>}
                </td>
                <td>
                  {!version.isMarker && (
                    <Choices
                      isShown={version.id === shown || (shown === undefined && version.isLatest)}
                      isLatest={version.isLatest}
                      id={version.id}
                      onRestore={() => restore.start(version.id)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

interface ChoicesProps {
  readonly id: string
  readonly isShown: boolean
  readonly isLatest: boolean
  readonly onRestore: () => void
}

/** What can be done with a version that has bytes. */
function Choices({ id, isShown, isLatest, onRestore }: ChoicesProps) {
  return (
    <div class="row">
      {isShown ? (
        <span class="muted">shown below</span>
      ) : (
        <button type="button" onClick={() => setQuery({ version: isLatest ? undefined : id })}>
          Show
        </button>
      )}
      {!isLatest && (
        <Needs actions={['s3:PutObject']} to="restore it">
          <button type="button" onClick={onRestore}>
            Restore
          </button>
        </Needs>
      )}
    </div>
  )
}
