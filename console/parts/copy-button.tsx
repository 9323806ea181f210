import { useSignal } from '@preact/signals'

interface CopyButtonProps {
  readonly text: string
  readonly label?: string
}

export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const copied = useSignal(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    copied.value = true
    setTimeout(() => {
      copied.value = false
    }, 1_500)
  }
  return (
    <button type="button" class="quiet" onClick={copy}>
      <span aria-live="polite">{copied.value ? 'Copied' : label}</span>
    </button>
  )
}
