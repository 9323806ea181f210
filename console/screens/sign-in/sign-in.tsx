import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Failure } from '../../parts/action.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ApiError } from '../../server/api.ts'
import { hasEnded } from '../../server/session.ts'
import { type Keys, signIn } from '../../server/sign-in.ts'
import { signInFailureText } from '../../texts/sign-in-failure.ts'
import { HttpsNotice } from './https-notice.tsx'

const MAKE_KEY = 'npx standpipe keys add --admin'

/** Asks for a key, once; what was asked for is shown then, at the same address. */
export function SignInScreen() {
  const isUnsafe = useSignal(!isSecureContext)
  return (
    <section class="panel stack sign-in">
      <h1>Sign in</h1>
      {hasEnded.value && (
        <p class="notice" role="status">
          The session has ended. Sign in to go on where you were.
        </p>
      )}
      {isUnsafe.value ? (
        <HttpsNotice />
      ) : (
        <KeyForm
          onUnsafe={() => {
            isUnsafe.value = true
          }}
        />
      )}
      <div class="muted stack">
        <p>
          This server is closed: it takes only its own keys. With it stopped, or with an admin’s key in the
          environment, this makes one that may do everything:
        </p>
        <p class="row">
          <code>{MAKE_KEY}</code>
          <CopyButton text={MAKE_KEY} />
        </p>
      </div>
    </section>
  )
}

/** The fields keep what is typed, and nothing else does: they go with the form. */
function KeyForm({ onUnsafe }: { readonly onUnsafe: () => void }) {
  const first = useRef<HTMLInputElement>(null)
  const busy = useSignal(false)
  const failure = useSignal('')
  useEffect(() => first.current?.focus(), [])
  const send = async (form: HTMLFormElement) => {
    if (busy.peek()) return
    busy.value = true
    failure.value = ''
    try {
      await signIn(keysOf(new FormData(form)))
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined
      if (code === 'HttpsRequired') onUnsafe()
      failure.value = signInFailureText(code, String(error instanceof Error ? error.message : error))
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      method="post"
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send(event.currentTarget)
      }}
    >
      <label>
        Access key ID
        <input
          ref={first}
          name="username"
          required
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
      <label>
        Secret access key
        <input name="password" type="password" required autocomplete="current-password" />
      </label>
      <details>
        <summary>Session token, of a temporary key</summary>
        <label>
          Session token
          <input name="session-token" autocomplete="off" autocapitalize="none" spellcheck={false} />
        </label>
      </details>
      <div class="row">
        <button type="submit" class="primary" disabled={busy.value}>
          {busy.value ? 'Signing in …' : 'Sign in'}
        </button>
      </div>
      <Failure text={failure.value} />
      <p class="muted">
        The secret is exchanged for a session of at most twelve hours, and is kept nowhere on this page.
      </p>
    </form>
  )
}

function keysOf(form: FormData): Keys {
  const textOf = (name: string) => String(form.get(name) ?? '').trim()
  const sessionToken = textOf('session-token')
  return {
    accessKeyId: textOf('username'),
    secretAccessKey: textOf('password'),
    ...(sessionToken && { sessionToken }),
  }
}
