import { useSignal } from '@preact/signals'
import { CopyButton } from './copy-button.tsx'

interface SnippetProps {
  /** The same step in several languages: `AWS CLI`, `boto3`, … */
  readonly variants: Readonly<Record<string, string>>
}

/** A step as text to copy. */
export function Snippet({ variants }: SnippetProps) {
  const names = Object.keys(variants)
  const chosen = useSignal(names[0]!)
  const text = variants[chosen.value] ?? ''
  return (
    <div class="snippet">
      <header>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            class="quiet"
            aria-pressed={name === chosen.value}
            onClick={() => {
              chosen.value = name
            }}
          >
            {name}
          </button>
        ))}
        <CopyButton text={text} />
      </header>
      <pre>{text}</pre>
    </div>
  )
}
