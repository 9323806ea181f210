import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { lackingOf } from '../../server/session.ts'

interface NeedsProps {
  /** All of them, as policies name them. */
  readonly actions: readonly string[]
  /** What it is for: `put records`. */
  readonly to: string
  /** The ARN of a stream, bucket or object, whose own policy may allow what the key's do not. */
  readonly on?: string
  /** Whether it is tried all the same, for who wants to know. */
  readonly isTried?: Signal<boolean>
  readonly children?: ComponentChildren
}

/** What not every key may do: whoever may not is told what it takes. */
export function Needs({ actions, to, on, isTried: known, children }: NeedsProps) {
  const own = useSignal(false)
  const isTried = known ?? own
  const lacking = lackingOf(actions)
  if (lacking.length === 0 || isTried.value) return <>{children}</>
  return (
    <p class="muted needs">
      Not with your key: to {to}, it needs{' '}
      {lacking.map((action, index) => (
        <span key={action}>
          {index > 0 && ' and '}
          <code>{action}</code>
        </span>
      ))}
      {on && (
        <>
          {' '}
          on <code>{on}</code>
        </>
      )}
      .{' '}
      {on && (
        <>
          A policy there may allow it, too:{' '}
          <button
            type="button"
            onClick={() => {
              isTried.value = true
            }}
          >
            Try it
          </button>
        </>
      )}
    </p>
  )
}
