import { formatArn } from '../service/arn.ts'
import { blob, boolean, integer, list, string, structure, timestamp } from '../service/shape.ts'
import type { Entity, Role, User } from './entities/entity.ts'
import { type ManagedPolicy, type Version, versionIdOf } from './policies/managed-policy.ts'
import { policyArn } from './policies/store.ts'
import { tagMembers } from './tagging.ts'

// What IAM's operations answer.

const tags = list(structure({ Key: string(), Value: string() }))
const attachedBoundary = structure({ PermissionsBoundaryType: string(), PermissionsBoundaryArn: string() })

export const userShape = structure({
  Path: string(),
  UserName: string(),
  UserId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  PasswordLastUsed: timestamp(),
  PermissionsBoundary: attachedBoundary,
  Tags: tags,
})

export const roleShape = structure({
  Path: string(),
  RoleName: string(),
  RoleId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  AssumeRolePolicyDocument: string(),
  Description: string(),
  MaxSessionDuration: integer(),
  PermissionsBoundary: attachedBoundary,
  Tags: tags,
  RoleLastUsed: structure({ LastUsedDate: timestamp(), Region: string() }),
  SourceRoleTemplate: structure({ TemplateArn: string(), TemplateMinorVersion: integer() }),
})

export const policyShape = structure({
  PolicyName: string(),
  PolicyId: string(),
  Arn: string(),
  Path: string(),
  DefaultVersionId: string(),
  AttachmentCount: integer(),
  PermissionsBoundaryUsageCount: integer(),
  IsAttachable: boolean(),
  Description: string(),
  CreateDate: timestamp(),
  UpdateDate: timestamp(),
  Tags: tags,
})

export const versionShape = structure({
  Document: string(),
  VersionId: string(),
  IsDefaultVersion: boolean(),
  CreateDate: timestamp(),
})

export const attachedPolicies = list(structure({ PolicyName: string(), PolicyArn: string() }))

export const accessKeyShape = structure({
  UserName: string(),
  AccessKeyId: string(),
  Status: string(),
  SecretAccessKey: string(),
  CreateDate: timestamp(),
})

export const accessKeyMetadata = structure({
  UserName: string(),
  AccessKeyId: string(),
  Status: string(),
  CreateDate: timestamp(),
})

export const lastUseShape = structure({ LastUsedDate: timestamp(), ServiceName: string(), Region: string() })

// What there is none of; clients that delete a user or a role ask for it.

export const groupShape = structure({
  Path: string(),
  GroupName: string(),
  GroupId: string(),
  Arn: string(),
  CreateDate: timestamp(),
})
export const loginProfileShape = structure({
  UserName: string(),
  CreateDate: timestamp(),
  PasswordResetRequired: boolean(),
})
export const mfaDeviceShape = structure({
  UserName: string(),
  SerialNumber: string(),
  EnableDate: timestamp(),
})
export const virtualMfaDeviceShape = structure({
  SerialNumber: string(),
  Base32StringSeed: blob(),
  QRCodePNG: blob(),
  User: userShape,
  EnableDate: timestamp(),
  Tags: tags,
})
export const sshPublicKeyShape = structure({
  UserName: string(),
  SSHPublicKeyId: string(),
  Status: string(),
  UploadDate: timestamp(),
})
export const signingCertificateShape = structure({
  UserName: string(),
  CertificateId: string(),
  CertificateBody: string(),
  Status: string(),
  UploadDate: timestamp(),
})
export const serviceCredentialShape = structure({
  UserName: string(),
  Status: string(),
  ServiceUserName: string(),
  ServiceCredentialAlias: string(),
  CreateDate: timestamp(),
  ExpirationDate: timestamp(),
  ServiceSpecificCredentialId: string(),
  ServiceName: string(),
})
export const instanceProfileShape = structure({
  Path: string(),
  InstanceProfileName: string(),
  InstanceProfileId: string(),
  Arn: string(),
  CreateDate: timestamp(),
  Roles: list(roleShape),
  Tags: tags,
})

export const entityArn = (
  word: 'user' | 'role',
  account: string,
  { partition, path, name }: Pick<Entity, 'partition' | 'path' | 'name'>,
) => formatArn({ partition, service: 'iam', region: '', account, resource: `${word}${path}${name}` })

/** IAM answers documents as they stand in a URL (RFC 3986). */
export const encodedDocument = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** What a list does not tell. */
const details = (entity: Entity) => ({
  ...(entity.boundary !== undefined && {
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: entity.boundary,
    },
  }),
  ...tagsIfAny(entity),
})

const tagsIfAny = (tagged: Parameters<typeof tagMembers>[0]) => {
  const members = tagMembers(tagged)
  return members.length > 0 ? { Tags: members } : {}
}

export const listedUser = (account: string, user: User) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: entityArn('user', account, user),
  CreateDate: user.createdAt,
})

export const describedUser = (account: string, user: User) => ({
  ...listedUser(account, user),
  ...details(user),
})

export const listedRole = (account: string, role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: entityArn('role', account, role),
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: encodedDocument(role.trust),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDurationSeconds,
})

export const describedRole = (account: string, role: Role) => ({
  ...listedRole(account, role),
  ...details(role),
  RoleLastUsed: {},
})

export const listedPolicy = (account: string, policy: ManagedPolicy) => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policyArn(account, policy),
  Path: policy.path,
  DefaultVersionId: versionIdOf(policy.defaultVersion),
  AttachmentCount: policy.attachments,
  PermissionsBoundaryUsageCount: policy.boundaries,
  IsAttachable: true,
  CreateDate: policy.createdAt,
  UpdateDate: policy.updatedAt,
})

export const describedPolicy = (account: string, policy: ManagedPolicy) => ({
  ...listedPolicy(account, policy),
  Description: policy.description,
  Tags: tagMembers(policy),
})

export const listedVersion = ({ defaultVersion }: ManagedPolicy, { number, createdAt }: Version) => ({
  VersionId: versionIdOf(number),
  IsDefaultVersion: number === defaultVersion,
  CreateDate: createdAt,
})
