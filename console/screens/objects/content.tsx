import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { OneOf } from '../../parts/one-of.tsx'
import { hexDump, utf8 } from '../../texts/payload.ts'
import { jsonRunOf, type Layout, layoutOf } from './json-run.ts'
import { type OpenedObject, openedWithoutNewlines } from './opened.ts'

interface ObjectContentProps {
  readonly object: OpenedObject
  /** Decompressed. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isWhole: boolean
  /** The bytes of the record that led here. */
  readonly lit: { readonly start: number; readonly end: number } | undefined
}

const VIEWS = { raw: 'As it is', values: 'One value per line', hex: 'Hex' } as const

const LAYOUTS: Readonly<Record<Layout, string>> = {
  ndjson: 'newline-delimited JSON',
  concatenated: 'JSON without newlines',
  text: 'text',
  binary: 'not text',
}

/** An object's beginning as text, never as markup. */
export function ObjectContent({ object, bytes, isWhole, lit }: ObjectContentProps) {
  const text = utf8(bytes)
  const layout = layoutOf(text, isWhole)
  useEffect(() => {
    if (layout === 'concatenated') openedWithoutNewlines.value = object
  }, [layout, object.bucket, object.key])
  const view = useSignal<keyof typeof VIEWS>(layout === 'binary' ? 'hex' : 'raw')
  return (
    <>
      {layout === 'concatenated' && <NoNewlines />}
      <div class="row">
        <OneOf choices={VIEWS} chosen={view} />
        <span class="badge">{LAYOUTS[layout]}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre class="payload" tabIndex={0}>
        {view.value === 'hex' ? (
          hexDump(bytes)
        ) : view.value === 'values' ? (
          valuesText(text)
        ) : lit ? (
          <Lit bytes={bytes} lit={lit} />
        ) : (
          text
        )}
      </pre>
    </>
  )
}

/** The classic stumble, where it happens. */
export function NoNewlines() {
  return (
    <div class="notice warn stack">
      <p>
        <strong>JSON without newlines between the records.</strong> Firehose writes records one after another,
        exactly as they were put, so a reader that takes one record per line (Athena, pandas with lines=True,
        a loop over lines) sees one long line.
      </p>
      <p>
        Remedy: let producers end each record with a newline, <code>json.dumps(event) + "\n"</code>, or let
        the delivery stream append it (the AppendDelimiterToRecord processor).
      </p>
    </div>
  )
}

function valuesText(text: string): string {
  const run = jsonRunOf(text)
  return run ? [...run.values, run.rest].filter(Boolean).join('\n') : text
}

function Lit({ bytes, lit: { start, end } }: Pick<ObjectContentProps, 'bytes'> & { lit: ByteRange }) {
  return (
    <>
      {utf8(bytes.subarray(0, start))}
      <mark ref={(mark) => mark?.scrollIntoView({ block: 'center' })}>
        {utf8(bytes.subarray(start, end))}
      </mark>
      {utf8(bytes.subarray(end))}
    </>
  )
}

type ByteRange = NonNullable<ObjectContentProps['lit']>
