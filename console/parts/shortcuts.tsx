import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { hrefOf, navigate } from '../router.ts'
import { Dialog } from './dialog.tsx'

const PLACES: Readonly<Record<string, readonly string[]>> = { p: [], o: ['objects'], c: ['cost'], l: ['lab'] }

const ROWS = [
  ['p', 'Pipeline'],
  ['o', 'Objects'],
  ['c', 'Cost'],
  ['l', 'Lab'],
  ['/', 'Search the records'],
  ['t', 'Start or pause the live tail'],
  ['Esc', 'Close'],
  ['?', 'This list'],
] as const

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]')

/** Keys for the hasty. A screen marks what `/` and `t` mean with `data-key`. */
export function Shortcuts() {
  const isOpen = useSignal(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('dialog[open]')) return
      const path = PLACES[event.key]
      const marked = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`)
      if (event.key === '?') isOpen.value = true
      else if (path) navigate(hrefOf(path))
      else if (marked instanceof HTMLInputElement) marked.focus()
      else if (marked) marked.click()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <button
        type="button"
        class="quiet"
        aria-label="Keyboard shortcuts"
        onClick={() => {
          isOpen.value = true
        }}
      >
        <kbd>?</kbd>
      </button>
      {isOpen.value && (
        <Dialog
          label="Keyboard shortcuts"
          onClose={() => {
            isOpen.value = false
          }}
        >
          <table>
            <tbody>
              {ROWS.map(([key, meaning]) => (
                <tr key={key}>
                  <th scope="row">
                    <kbd>{key}</kbd>
                  </th>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Dialog>
      )}
    </>
  )
}
