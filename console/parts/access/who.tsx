import { session } from '../../server/session.ts'
import { signOut } from '../../server/sign-in.ts'
import { principalName } from '../../texts/principal-name.ts'
import { Failure, useAction } from '../action.tsx'

/** Who is signed in, and the way out; or that everybody is let in. */
export function Who() {
  const leave = useAction(signOut)
  const { mode, isExposed, principal } = session.value ?? {}
  if (mode === 'open')
    return isExposed ? (
      <span class="badge warn" title="Signatures are not verified, and policies are not enforced">
        open: any keys, whoever reaches it
      </span>
    ) : (
      <span title="Signatures are not verified, and policies are not enforced">
        open: any keys, this machine only
      </span>
    )
  if (!principal) return null
  const { arn, account, accessKeyId } = principal
  return (
    <>
      <span class="who" title={`${arn}, with the key ${accessKeyId}`}>
        <span class="visually-hidden">Signed in as </span>
        <strong>{principalName(arn)}</strong> <span class="number">in {account}</span>
      </span>
      <button type="button" disabled={leave.busy.value} onClick={() => leave.start()}>
        Sign out
      </button>
      <Failure text={leave.failure.value} />
    </>
  )
}
