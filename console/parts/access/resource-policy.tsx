import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ApiError, textOf } from '../../server/api.ts'
import { mayDo, session } from '../../server/session.ts'
import { prettyJson } from '../../texts/payload.ts'
import { Failure } from '../action.tsx'

interface ResourcePolicyProps {
  /** What reads it, and what that is called. */
  readonly action: string
  readonly read: () => Promise<string | undefined>
  /** Reads it anew when this changes. */
  readonly of: string
  /** Says, too, that there is none. */
  readonly sayNone?: boolean
}

/** Whom a policy of a stream or of a bucket lets in; in open mode, that it holds nobody. */
export function ResourcePolicy({ action, read, of, sayNone = false }: ResourcePolicyProps) {
  const policy = useSignal<string | undefined>(undefined)
  const failure = useSignal('')
  const mayLook = mayDo(action)
  useEffect(() => {
    policy.value = undefined
    failure.value = ''
    if (!mayLook) return
    read().then(
      (found) => {
        policy.value = found ?? ''
      },
      (error) => {
        if (error instanceof ApiError && NONE.has(error.code)) policy.value = ''
        else failure.value = textOf(error)
      },
    )
  }, [of, mayLook])
  if (failure.value) return <Failure text={failure.value} />
  if (!policy.value) return sayNone && policy.value === '' ? <p class="muted">It has none.</p> : null
  return (
    <details>
      <summary>
        Policy {session.value?.mode === 'open' && <span class="badge warn">not enforced: open</span>}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre class="payload" tabIndex={0}>
        {prettyJson(policy.value)}
      </pre>
    </details>
  )
}

const NONE = new Set(['NoSuchBucketPolicy', 'ResourceNotFoundException'])
