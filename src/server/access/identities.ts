import type { Credentials } from '../../auth/credentials.ts'
import { firstOf } from '../../auth/first-of.ts'
import type { Clock } from '../../clock/clock.ts'
import type { Random } from '../../clock/random.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import { createLastUses, type LastUses } from '../../iam/access-keys/last-use.ts'
import { findUnusableKeys } from '../../iam/access-keys/unusable.ts'
import { createIam, type Iam } from '../../iam/iam.ts'
import { createIamCredentials, type IamCredentials } from '../../iam/iam-credentials.ts'
import { documentInForce } from '../../iam/policies/store.ts'
import type { Problems } from '../../metrics/problems.ts'
import type { Observer } from '../../service/invoke.ts'
import type { Principal } from '../../service/principal.ts'
import { createSessionCredentials } from '../../sts/sessions/session-credentials.ts'
import type { Sts } from '../../sts/sts.ts'

interface IdentityOptions {
  readonly engine: Pick<Engine, 'metadata' | 'secrets'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  readonly problems?: Problems
  readonly machineNow: () => number
  /** Those of a key file: absent in open mode. */
  readonly keys?: Credentials | undefined
  /** Ends the watch over what changes. */
  readonly signal: AbortSignal
}

/** Who there is, and by which keys. */
export interface Identities {
  readonly iam: Iam
  readonly sts: Sts
  /** The given keys, IAM's and STS's sessions. */
  readonly credentials: Credentials
  readonly roles: Pick<IamCredentials, 'roleOf'>
  readonly lastUses: LastUses
}

/** IAM and STS, each handed what it needs of the other. Says which access keys cannot be used. */
export async function openIdentities(options: IdentityOptions): Promise<Identities> {
  const { engine, machineNow, keys, signal, ...shared } = options
  const { metadata, secrets } = engine
  const iam = createIam({ ...shared, metadata, secrets })
  await findUnusableKeys(iam)
  const ofIam = createIamCredentials(iam, signal)
  const lasting = keys ? firstOf(keys, ofIam) : ofIam
  const sts: Sts = {
    ...{ metadata, secrets, machineNow, random: shared.random },
    iam: {
      roleOf: ofIam.roleOf,
      // A role's sessions are IAM's alone; a user's may be a key file's.
      policiesOf: (issuer) => (issuer.kind === 'assumed-role' ? ofIam : lasting).policiesOf(issuer),
      policyDocumentOf: (account, arn) => documentInForce(iam, account, arn),
    },
  }
  const ofSessions = createSessionCredentials(sts, { isClosed: keys !== undefined, signal })
  return { iam, sts, credentials: firstOf(lasting, ofSessions), roles: ofIam, lastUses: createLastUses(iam) }
}

/** Observes, and notes which access key was used for what. */
export const notingUses =
  (uses: LastUses, observe: Observer): Observer =>
  (observation) => {
    const { service, caller } = observation
    // `S3 Control` signs as `s3`, too.
    const signingName = service.split(' ')[0]!.toLowerCase()
    uses.note({ accessKeyId: caller.principal.accessKeyId, service: signingName, region: caller.region })
    observe(observation)
  }

/** Whom keys were made for, but for those that are over. */
export const principalsOf =
  ({ find }: Pick<Credentials, 'find'>, machineNow: () => number) =>
  async (accessKeyId: string): Promise<Principal | undefined> => {
    const { isActive, expiresAt = Number.POSITIVE_INFINITY, principal } = (await find(accessKeyId)) ?? {}
    return isActive && machineNow() < expiresAt ? principal : undefined
  }
