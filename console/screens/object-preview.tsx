import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OriginView } from '../../src/api/views.ts'
import { apiHref, aws, byteRangeOf, objectStart, originOf, textOf } from '../api.ts'
import { layoutOf, splitJsonRun } from '../json-run.ts'
import { Failure, useAction } from '../parts/action.tsx'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { gunzip, hexDump, isGzip, utf8 } from '../payload.ts'
import { bytesText } from '../quantity.ts'
import { hrefOf, navigate, place } from '../router.ts'
import { MadeOf } from './made-of.tsx'

const PREVIEW_BYTES = 256 * 1024

interface PreviewProps {
  readonly bucket: string
  readonly objectKey: string
}

interface Content {
  /** Decompressed. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isGzip: boolean
  readonly sizeBytes: number
  readonly shownBytes: number
}

/** The beginning of an object as text, what it was made of, and the bytes of the record that led here. */
export function ObjectPreview({ bucket, objectKey: key }: PreviewProps) {
  const content = useSignal<Content | undefined>(undefined)
  const origin = useSignal<OriginView | undefined>(undefined)
  const lit = useSignal<{ start: number; end: number } | undefined>(undefined)
  const failure = useSignal('')
  const { query } = place.value
  const shard = query.get('shard')
  const position = query.get('position')
  useEffect(() => {
    const load = async () => {
      const { bytes, sizeBytes } = await objectStart(bucket, key, PREVIEW_BYTES)
      const zipped = isGzip(bytes)
      const unpacked = zipped ? await gunzip(bytes) : bytes
      content.value = { bytes: unpacked, isGzip: zipped, sizeBytes, shownBytes: bytes.length }
      origin.value = await originOf(bucket, key)
    }
    load().catch((error) => {
      failure.value = textOf(error)
    })
  }, [bucket, key])
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
    navigate(hrefOf(['objects'], { bucket }))
  })
  const shown = content.value
  return (
    <section class="panel stack">
      <div class="spread">
        <h2 class="mono">{key}</h2>
        <div class="row">
          <a class="button" href={apiHref('objects', { bucket, key })} download={key.split('/').at(-1)}>
            Download
          </a>
          <ConfirmButton
            label="Delete object"
            question={`Delete s3://${bucket}/${key}?`}
            onConfirm={() => remove.start()}
          />
        </div>
      </div>
      <Failure text={failure.value || remove.failure.value} />
      {shown && (
        <p class="muted number">
          {bytesText(shown.sizeBytes)}
          {shown.isGzip && ' of gzip, shown decompressed'}
          {shown.shownBytes < shown.sizeBytes && `; the first ${bytesText(shown.shownBytes)} are shown`}
        </p>
      )}
      {origin.value && <MadeOf origin={origin.value} />}
      {shown && <Payload content={shown} lit={lit.value} />}
    </section>
  )
}

interface PayloadProps {
  readonly content: Content
  readonly lit: { readonly start: number; readonly end: number } | undefined
}

function Payload({ content: { bytes }, lit }: PayloadProps) {
  const view = useSignal<'raw' | 'records' | 'hex'>('raw')
  const text = utf8(bytes)
  const layout = layoutOf(text)
  return (
    <>
      {layout === 'concatenated' && (
        <div class="notice warn stack">
          <p>
            <strong>JSON without newlines between the records.</strong> Firehose writes records one after
            another, exactly as they were put, so a reader that takes one line at a time (Athena, pandas, jq
            -c) sees one long line.
          </p>
          <p>
            Remedy: let producers end each record with a newline, <code>json.dumps(event) + "\n"</code>, or
            let the delivery stream append it (the AppendDelimiterToRecord processor).
          </p>
        </div>
      )}
      <div class="row">
        {(['raw', 'records', 'hex'] as const).map((one) => (
          <button
            key={one}
            type="button"
            class="quiet"
            aria-pressed={view.value === one}
            onClick={() => {
              view.value = one
            }}
          >
            {one === 'raw' ? 'As it is' : one === 'records' ? 'One value per line' : 'Hex'}
          </button>
        ))}
        <span class="badge">
          {layout === 'ndjson'
            ? 'newline-delimited JSON'
            : layout === 'concatenated'
              ? 'concatenated JSON'
              : 'text'}
        </span>
      </div>
      <pre class="payload">
        {view.value === 'hex' ? (
          hexDump(bytes)
        ) : view.value === 'records' ? (
          (splitJsonRun(text) ?? [text]).join('\n')
        ) : lit ? (
          <>
            {utf8(bytes.subarray(0, lit.start))}
            <mark>{utf8(bytes.subarray(lit.start, lit.end))}</mark>
            {utf8(bytes.subarray(lit.end))}
          </>
        ) : (
          text
        )}
      </pre>
    </>
  )
}
