import type { Signal } from '@preact/signals'

interface OneOfProps<T extends string> {
  /** In their order; each is shown by its label. */
  readonly choices: Readonly<Record<T, string>>
  readonly chosen: Signal<T>
}

/** Buttons of which one is pressed. */
export function OneOf<T extends string>({ choices, chosen }: OneOfProps<T>) {
  return (
    <>
      {(Object.keys(choices) as T[]).map((one) => (
        <button
          key={one}
          type="button"
          class="quiet"
          aria-pressed={chosen.value === one}
          onClick={() => {
            chosen.value = one
          }}
        >
          {choices[one]}
        </button>
      ))}
    </>
  )
}
