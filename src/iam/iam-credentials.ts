import {
  type Credential,
  type Credentials,
  DENIES_ALL,
  OF_NOBODY,
  type PrincipalPolicies,
} from '../auth/credentials.ts'
import { parseArn } from '../service/arn.ts'
import type { Principal } from '../service/principal.ts'
import { accessKeyDocument, accessKeyKey, lastUseDocument } from './access-keys/access-key.ts'
import { unusableKeys } from './access-keys/unusable.ts'
import { entityArn } from './description.ts'
import { type Entity, type Role, roles, users } from './entities/entity.ts'
import { foundOrNone } from './entities/store.ts'
import type { Iam } from './iam.ts'
import { documentInForce } from './policies/store.ts'
import { createRemembered } from './remembered.ts'

/** Users' access keys, and what users and roles may do. */
export interface IamCredentials extends Credentials {
  /** Undefined where there is none: what is denied for one ARN is not to be had by another partition's. */
  roleOf(arn: string): Promise<KnownRole | undefined>
}

/** A role, and what it is given. */
export interface KnownRole {
  /** AROA…. */
  readonly roleId: string
  readonly arn: string
  readonly trust: string
  readonly maxSessionDurationSeconds: number
  readonly policies: readonly string[]
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
}

/** `signal` ends the watch over what changes. */
export function createIamCredentials(iam: Iam, signal: AbortSignal): IamCredentials {
  // When a key was last used changes nothing of this.
  const isTelling = (key: string) => !key.startsWith(lastUseDocument.keys)
  const remembered = createRemembered(iam.metadata, { prefix: 'iam/', isTelling }, signal)
  const keys = remembered<Credential>((accessKeyId) => credentialOf(iam, accessKeyId))
  const ofUsers = remembered<Given<Entity>>(async (ref) => givenOf(iam, ref, await entityOf(iam, users, ref)))
  const ofRoles = remembered<Given<Role>>(async (ref) => {
    const given = await givenOf(iam, ref, await entityOf(iam, roles, ref))
    const roleArn = given && entityArn('role', ref.split('/')[0]!, given.entity)
    return given && { ...given, policies: { ...given.policies, roleArn } }
  })
  return {
    find: (accessKeyId) => (/^AKIA[A-Z2-7]{16}$/.test(accessKeyId) ? keys(accessKeyId) : undefined),
    async policiesOf(principal) {
      const ref = refOf(principal)
      if (ref === undefined) return OF_NOBODY
      const given = await (principal.kind === 'user' ? ofUsers(ref) : ofRoles(ref))
      // One who was deleted, and of whom another has the name by now, may do nothing.
      return given && principal.userId.split(':')[0] === given.entity.id ? given.policies : OF_NOBODY
    },
    async roleOf(arn) {
      const { account = '', resource = '', service, partition } = parseArn(arn) ?? {}
      const [, path, name] = /^role(\/(?:.*\/)?)([^/]+)$/s.exec(resource) ?? []
      if (service !== 'iam' || name === undefined) return undefined
      const given = await ofRoles(`${account}/${name}`)
      return given && isNamed(given.entity, { partition, path, name }) ? roleWith(account, given) : undefined
    },
  }
}

const isNamed = (
  entity: Entity,
  { partition, path, name }: { [Part in 'partition' | 'path' | 'name']: unknown },
) => entity.partition === partition && entity.path === path && entity.name === name

interface Given<E> {
  readonly entity: E
  readonly policies: PrincipalPolicies
}

function roleWith(account: string, { entity: role, policies }: Given<Role>): KnownRole {
  return {
    roleId: role.id,
    arn: entityArn('role', account, role),
    trust: role.trust,
    maxSessionDurationSeconds: role.maxSessionDurationSeconds,
    policies: policies.identity,
    ...(policies.boundary !== undefined && { boundary: policies.boundary }),
    ...(policies.tags && { tags: policies.tags }),
  }
}

async function credentialOf(iam: Iam, accessKeyId: string): Promise<Credential | undefined> {
  const place = accessKeyKey(accessKeyId)
  const key = (await accessKeyDocument.find(iam.metadata, place))?.value
  if (!key) return undefined
  const { account, isActive, userName: name } = key
  const secret = iam.secrets.open(key.sealedSecret, place)
  if (!secret) unusableKeys(iam).found(accessKeyId)
  const user = await foundOrNone(iam, users, { account, name })
  if (!secret || user?.id !== key.userId) return undefined
  return {
    accessKeyId,
    secretAccessKey: Buffer.from(secret).toString(),
    isActive,
    principal: {
      kind: 'user',
      account,
      arn: entityArn('user', account, user),
      userId: user.id,
      accessKeyId,
    },
  }
}

/** `ACCOUNT/NAME` of a user, or of the role of a session. */
function refOf({ kind, arn }: Principal): string | undefined {
  const { account, resource = '' } = parseArn(arn) ?? {}
  const [type, ...names] = resource.split('/')
  if (kind === 'user' && type === 'user') return `${account}/${names.at(-1)}`
  return kind === 'assumed-role' && type === 'assumed-role' ? `${account}/${names[0]}` : undefined
}

function entityOf<E extends Entity>(iam: Iam, kind: Parameters<typeof foundOrNone<E>>[1], ref: string) {
  const [account = '', name = ''] = ref.split('/')
  return foundOrNone(iam, kind, { account, name })
}

/** Rejects with Damaged: what cannot be read might have denied something. */
async function givenOf<E extends Entity>(
  iam: Iam,
  ref: string,
  entity: E | undefined,
): Promise<Given<E> | undefined> {
  if (!entity) return undefined
  const account = ref.split('/')[0]!
  const documentOf = (arn: string) => documentInForce(iam, account, arn)
  const attached = await Promise.all((entity.attached ?? []).map(documentOf))
  const identity = [...Object.values(entity.policies ?? {}), ...attached.filter((one) => one !== undefined)]
  const { boundary, tags = {} } = entity
  const limit = boundary === undefined ? undefined : ((await documentOf(boundary)) ?? DENIES_ALL)
  return {
    entity,
    policies: { identity, ...(limit !== undefined && { boundary: limit }), ...(hasAny(tags) && { tags }) },
  }
}

const hasAny = (tags: object) => Object.keys(tags).length > 0
