import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OriginView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { place } from '../../router.ts'
import { ApiError, apiHref, aws, byteRangeOf, objectStart, originOf, textOf } from '../../server/api.ts'
import { lackingOf } from '../../server/session.ts'
import { gunzip, isGzip } from '../../texts/payload.ts'
import { bytesText } from '../../texts/quantity.ts'
import { ObjectContent } from './content.tsx'
import { MadeOf } from './made-of.tsx'
import { Versions } from './versions.tsx'

const PREVIEW_BYTES = 256 * 1024
/** Of what a preview's gzip becomes. */
const MAX_UNPACKED_BYTES = 2 * 2 ** 20

interface PreviewProps {
  readonly bucket: string
  readonly objectKey: string
  readonly onDeleted: () => void
  readonly onRestored: () => void
}

interface Content {
  /** Decompressed. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isGzip: boolean
  readonly sizeBytes: number
  /** Nothing was left out. */
  readonly isWhole: boolean
}

/** The beginning of an object as text, what it was made of, and the bytes of the record that led here. */
export function ObjectPreview({ bucket, objectKey: key, onDeleted, onRestored }: PreviewProps) {
  const content = useSignal<Content | undefined>(undefined)
  const origin = useSignal<OriginView | undefined>(undefined)
  const lit = useSignal<{ start: number; end: number } | undefined>(undefined)
  const failure = useSignal('')
  /** Nothing can be had under the key, but for older versions perhaps. */
  const missing = useSignal('')
  const restored = useSignal(0)
  const { query } = place.value
  const shard = query.get('shard')
  const versionId = query.get('version') ?? undefined
  const position = query.get('position')
  useEffect(() => {
    const load = async () => {
      const { bytes, sizeBytes } = await objectStart({ bucket, key, versionId }, PREVIEW_BYTES)
      const zipped = isGzip(bytes)
      const unpacked = zipped ? await gunzip(bytes, MAX_UNPACKED_BYTES) : bytes
      const isWhole = bytes.length === sizeBytes && !(zipped && unpacked.length >= MAX_UNPACKED_BYTES)
      failure.value = ''
      missing.value = ''
      content.value = { bytes: unpacked, isGzip: zipped, sizeBytes, isWhole }
      origin.value = versionId === undefined ? await originOf(bucket, key) : undefined
    }
    content.value = undefined
    load().catch((error) => {
      const isMissing = error instanceof ApiError && error.code === 'NoSuchKey'
      failure.value = isMissing ? '' : textOf(error)
      missing.value = isMissing ? textOf(error) : ''
    })
  }, [bucket, key, versionId, restored.value])
  useEffect(() => {
    lit.value = undefined
    if (shard && position)
      byteRangeOf(bucket, key, shard, Number(position)).then(
        (range) => {
          lit.value = range
        },
        () => undefined,
      )
  }, [bucket, key, shard, position])
  const remove = useAction(async () => {
    await aws('s3', 'DeleteObject', { Bucket: bucket, Key: key })
    onDeleted()
  })
  const shown = content.value
  return (
    <section class="panel stack">
      <div class="spread">
        <h2 class="mono">{key}</h2>
        {missing.value === '' && (
          <div class="row">
            <a
              class="button"
              href={apiHref('objects', { bucket, key, versionId })}
              download={key.split('/').at(-1)}
            >
              Download
            </a>
            <Needs actions={['s3:DeleteObject']} to="delete it">
              <ConfirmButton
                label="Delete object"
                question={`Delete s3://${bucket}/${key}?`}
                onConfirm={() => remove.start()}
              />
            </Needs>
          </div>
        )}
      </div>
      <Failure text={failure.value || remove.failure.value} />
      {lackingOf(['s3:ListBucketVersions']).length > 0 ? (
        <Failure text={missing.value} />
      ) : (
        <Versions
          bucket={bucket}
          objectKey={key}
          shown={versionId}
          missing={missing.value}
          onRestored={() => {
            restored.value++
            onRestored()
          }}
        />
      )}
      {shown && (
        <p class="muted number">
          {bytesText(shown.sizeBytes)}
          {shown.isGzip && ' of gzip, shown decompressed'}
          {!shown.isWhole && `; its first ${bytesText(shown.bytes.length)} are shown`}
        </p>
      )}
      {origin.value && <MadeOf origin={origin.value} />}
      {shown && (
        <ObjectContent object={{ bucket, key }} bytes={shown.bytes} isWhole={shown.isWhole} lit={lit.value} />
      )}
    </section>
  )
}
