import type { Change, Document } from '../../engine/ports/engine.ts'
import { type Arn, formatArn, parseArn } from '../../service/arn.ts'
import { invalidArn, policyIsOfAws, policyNotAttachable, policyNotFound } from '../exceptions.ts'
import type { Iam } from '../iam.ts'
import { AWS_ACCOUNT, awsPolicyOf } from './aws-managed.ts'
import { defaultDocumentOf, type ManagedPolicy, policyDocument, policyKey } from './managed-policy.ts'

type Metadata = Pick<Iam, 'metadata'>

export const policyArn = (
  account: string,
  { partition, path, name }: Pick<ManagedPolicy, 'partition' | 'path' | 'name'>,
): string => formatArn({ partition, service: 'iam', region: '', account, resource: `policy${path}${name}` })

/** Throws InvalidInput for what is no ARN of a managed policy. */
function parsePolicyArn(arn: string): Arn & { readonly path: string; readonly name: string } {
  const parsed = parseArn(arn)
  const [, path, name] = /^policy(\/(?:.*\/)?)([^/]+)$/s.exec(parsed?.resource ?? '') ?? []
  if (parsed?.service !== 'iam' || path === undefined || name === undefined) throw invalidArn(arn)
  return { ...parsed, path, name }
}

/** Whether AWS made it. Throws InvalidInput. */
export const isOfAws = (arn: string): boolean => parsePolicyArn(arn).account === AWS_ACCOUNT

/** Of this account, or AWS's own; undefined where there is none. Throws InvalidInput. */
export async function policyOf(
  { metadata }: Metadata,
  account: string,
  arn: string,
): Promise<ManagedPolicy | undefined> {
  const { path, name, account: owner } = parsePolicyArn(arn)
  if (owner === AWS_ACCOUNT) return awsPolicyOf(path, name)
  if (owner !== account) return undefined
  const found = (await policyDocument.find(metadata, policyKey(account, name)))?.value
  return found && policyArn(account, found) === arn ? found : undefined
}

/** What a policy says now; undefined where there is none. Throws InvalidInput. */
export async function documentInForce(
  iam: Metadata,
  account: string,
  arn: string,
): Promise<string | undefined> {
  const policy = await policyOf(iam, account, arn)
  return policy && defaultDocumentOf(policy)
}

/** Throws InvalidInput, or NoSuchEntity. */
export async function foundPolicy(iam: Metadata, account: string, arn: string): Promise<ManagedPolicy> {
  const found = await policyOf(iam, account, arn)
  if (!found) throw policyNotFound(arn)
  return found
}

export interface PolicyChange {
  readonly account: string
  readonly arn: string
  /** The operation that wants it. */
  readonly by: string
}

/** The account's own one. Throws InvalidInput, AccessDenied for one of AWS's, or NoSuchEntity. */
export function ownKey({ account, arn, by }: PolicyChange): string {
  const { account: owner, name } = parsePolicyArn(arn)
  if (owner === AWS_ACCOUNT) throw policyIsOfAws(by, arn)
  if (owner !== account) throw policyNotFound(arn)
  return policyKey(account, name)
}

/** Throws as `ownKey` does, and whatever `change` throws. */
export const changePolicy = (
  { metadata }: Metadata,
  of: PolicyChange,
  change: (policy: ManagedPolicy) => ManagedPolicy | undefined,
): Promise<ManagedPolicy | undefined> =>
  policyDocument.update(metadata, ownKey(of), (policy) => {
    if (!policy || policyArn(of.account, policy) !== of.arn) throw policyNotFound(of.arn)
    const value = change(policy)
    return { value, result: value }
  })

/** What a policy is to a user or a role. */
type Use = 'attachments' | 'boundaries'

/**
 * What joins the commit that attaches a policy, or detaches it (`by` is -1): so that none is deleted that is in use.
 * Nothing for one of AWS's. Throws InvalidInput, or NoSuchEntity.
 */
export async function counted(
  { metadata }: Metadata,
  { account, arn, use }: { readonly account: string; readonly arn: string; readonly use: Use },
  by: 1 | -1,
): Promise<Change[]> {
  const { path, name, account: owner } = parsePolicyArn(arn)
  if (owner === AWS_ACCOUNT && (by < 0 || awsPolicyOf(path, name))) return []
  const found: Document<ManagedPolicy> | undefined =
    owner === account ? await policyDocument.find(metadata, policyKey(account, name)) : undefined
  if (!found || policyArn(account, found.value) !== arn) {
    if (by < 0) return []
    throw policyNotAttachable(arn)
  }
  const { key, value, revision } = found
  return [{ put: key, value: { ...value, [use]: Math.max(0, value[use] + by) }, expect: revision }]
}
