import { useSignal } from '@preact/signals'
import { Dialog } from './dialog.tsx'

interface ConfirmButtonProps {
  readonly label: string
  readonly question: string
  readonly onConfirm: () => void
}

/** For what cannot be undone: asks once. */
export function ConfirmButton({ label, question, onConfirm }: ConfirmButtonProps) {
  const isAsking = useSignal(false)
  return (
    <>
      <button
        type="button"
        class="danger"
        onClick={() => {
          isAsking.value = true
        }}
      >
        {label}
      </button>
      {isAsking.value && (
        <Dialog
          label={label}
          onClose={() => {
            isAsking.value = false
          }}
        >
          <p>{question}</p>
          <div class="row">
            <button
              type="button"
              class="danger"
              onClick={() => {
                isAsking.value = false
                onConfirm()
              }}
            >
              {label}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
