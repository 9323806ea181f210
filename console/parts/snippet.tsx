import { useSignal } from '@preact/signals'
import { CopyButton } from './copy-button.tsx'
import { OneOf } from './one-of.tsx'

interface SnippetProps {
  /** The same step in several languages: `AWS CLI`, `boto3`, … */
  readonly variants: Readonly<Record<string, string>>
}

/** A step as text to copy. */
export function Snippet({ variants }: SnippetProps) {
  const labels = Object.fromEntries(Object.keys(variants).map((name) => [name, name]))
  const chosen = useSignal(Object.keys(labels)[0]!)
  const text = variants[chosen.value] ?? ''
  return (
    <div class="snippet">
      <header>
        <OneOf choices={labels} chosen={chosen} />
        <CopyButton text={text} />
      </header>
      <pre>{text}</pre>
    </div>
  )
}
