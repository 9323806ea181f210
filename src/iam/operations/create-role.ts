import { uniqueIdOf } from '../../auth/unique-id.ts'
import { partitionOf } from '../../service/arn.ts'
import { required, structure } from '../../service/shape.ts'
import { boundaryBegins } from '../attachments/attach.ts'
import { describedRole, roleShape } from '../description.ts'
import { type Role, roles } from '../entities/entity.ts'
import { createEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { checkTrustPolicy } from '../policies/policy-document.ts'
import { arn, maxSessionDuration, path, policyText, roleDescription, roleName, tags } from '../shapes.ts'
import { withTags } from '../tagging.ts'

const DEFAULT_SESSION_SECONDS = 3_600

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const createRole = operation({
  name: 'CreateRole',
  input: structure({
    Path: path,
    RoleName: required(roleName),
    AssumeRolePolicyDocument: required(policyText),
    Description: roleDescription,
    MaxSessionDuration: maxSessionDuration,
    PermissionsBoundary: arn,
    Tags: tags,
  }),
  output: structure({ Role: required(roleShape) }),
  async handle(iam, input, caller) {
    const { account, region } = caller
    const { Path = '/', RoleName, AssumeRolePolicyDocument: trust, Tags = [] } = input
    const { Description: description, PermissionsBoundary: boundary } = input
    checkTrustPolicy(trust)
    const role = withTags<Role>(
      {
        name: RoleName,
        path: Path,
        id: uniqueIdOf('AROA', account, iam.random),
        partition: partitionOf(region),
        createdAt: iam.clock.now(),
        trust,
        maxSessionDurationSeconds: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
        ...(description !== undefined && { description }),
        ...(boundary !== undefined && { boundary }),
      },
      Tags,
    )
    await createEntity(iam, roles, { account, entity: role }, () => boundaryBegins(iam, account, boundary))
    return { Role: describedRole(account, role) }
  },
})
