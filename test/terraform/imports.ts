import type { StateResource } from './terraform-command.ts'

/** What those are imported by whose id in the state is something else: pages of the provider say so. */
const IMPORTED_BY: Readonly<Record<string, (values: Readonly<Record<string, unknown>>) => string>> = {
  aws_kinesis_stream: ({ name }) => `${name}`,
  aws_s3_object: ({ bucket, key }) => `${bucket}/${key}`,
  aws_iam_role_policies_exclusive: ({ role_name }) => `${role_name}`,
  aws_iam_role_policy_attachments_exclusive: ({ role_name }) => `${role_name}`,
  aws_iam_role_policy_attachment: ({ role, policy_arn }) => `${role}/${policy_arn}`,
  aws_iam_user_policy_attachment: ({ user, policy_arn }) => `${user}/${policy_arn}`,
}

/** What the provider cannot import. */
const NOT_IMPORTED = ['aws_iam_policy_attachment', 'aws_s3_object_copy']

/** What only a configuration knows, as no service keeps it. */
const OF_CONFIGURATIONS = [
  ...[
    'acl',
    'content',
    'content_base64',
    'source',
    'source_hash',
    'checksum_algorithm',
    'etag',
    'version_id',
  ],
  ...['force_destroy', 'force_detach_policies', 'enforce_consumer_deletion', 'expected_bucket_owner', 'id'],
]

export const isImportable = ({ type }: { readonly type: string }): boolean => !NOT_IMPORTED.includes(type)

/** Blocks that take what is there into a new state. */
export const importBlocks = (resources: readonly StateResource[]): string =>
  resources
    .filter(isImportable)
    .map(({ address, type, values }) => {
      const id = IMPORTED_BY[type]?.(values) ?? `${values.id}`
      return `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`
    })
    .join('')

/** Those attributes that were imported as something else than what the configuration says. */
export const importedWrongly = (attributes: readonly string[]): string[] =>
  attributes.filter((name) => !OF_CONFIGURATIONS.includes(name))
