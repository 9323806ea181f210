import { useSignal } from '@preact/signals'

interface CopyButtonProps {
  readonly text: string
  readonly label?: string
}

export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const said = useSignal('')
  const copy = async () => {
    said.value = (await isCopied(text)) ? 'Copied' : 'Not copied: the browser forbids it'
    setTimeout(() => {
      said.value = ''
    }, 1_500)
  }
  return (
    <button type="button" class="quiet" onClick={copy}>
      <span aria-live="polite">{said.value || label}</span>
    </button>
  )
}

/** A browser has a clipboard for pages of localhost and of https; to others it leaves the old way. */
async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    ;(document.querySelector('dialog[open]') ?? document.body).append(field)
    field.select()
    const isDone = document.execCommand('copy')
    field.remove()
    return isDone
  }
}
