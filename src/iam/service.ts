import { service } from '../service/operation.ts'
import { accessesOf } from './accesses.ts'
import { toldOf } from './exceptions.ts'
import type { Iam } from './iam.ts'
import { attachRolePolicy } from './operations/attach-role-policy.ts'
import { attachUserPolicy } from './operations/attach-user-policy.ts'
import { createAccessKey } from './operations/create-access-key.ts'
import { createPolicy } from './operations/create-policy.ts'
import { createPolicyVersion } from './operations/create-policy-version.ts'
import { createRole } from './operations/create-role.ts'
import { createUser } from './operations/create-user.ts'
import { deleteAccessKey } from './operations/delete-access-key.ts'
import { deleteLoginProfile } from './operations/delete-login-profile.ts'
import { deletePolicy } from './operations/delete-policy.ts'
import { deletePolicyVersion } from './operations/delete-policy-version.ts'
import { deleteRole } from './operations/delete-role.ts'
import { deleteRolePermissionsBoundary } from './operations/delete-role-permissions-boundary.ts'
import { deleteRolePolicy } from './operations/delete-role-policy.ts'
import { deleteUser } from './operations/delete-user.ts'
import { deleteUserPermissionsBoundary } from './operations/delete-user-permissions-boundary.ts'
import { deleteUserPolicy } from './operations/delete-user-policy.ts'
import { detachRolePolicy } from './operations/detach-role-policy.ts'
import { detachUserPolicy } from './operations/detach-user-policy.ts'
import { getAccessKeyLastUsed } from './operations/get-access-key-last-used.ts'
import { getLoginProfile } from './operations/get-login-profile.ts'
import { getPolicy } from './operations/get-policy.ts'
import { getPolicyVersion } from './operations/get-policy-version.ts'
import { getRole } from './operations/get-role.ts'
import { getRolePolicy } from './operations/get-role-policy.ts'
import { getUser } from './operations/get-user.ts'
import { getUserPolicy } from './operations/get-user-policy.ts'
import { listAccessKeys } from './operations/list-access-keys.ts'
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts'
import { listAttachedUserPolicies } from './operations/list-attached-user-policies.ts'
import { listEntitiesForPolicy } from './operations/list-entities-for-policy.ts'
import { listGroupsForUser } from './operations/list-groups-for-user.ts'
import { listInstanceProfilesForRole } from './operations/list-instance-profiles-for-role.ts'
import { listMFADevices } from './operations/list-mfadevices.ts'
import { listPolicies } from './operations/list-policies.ts'
import { listPolicyTags } from './operations/list-policy-tags.ts'
import { listPolicyVersions } from './operations/list-policy-versions.ts'
import { listRolePolicies } from './operations/list-role-policies.ts'
import { listRoleTags } from './operations/list-role-tags.ts'
import { listRoles } from './operations/list-roles.ts'
import { listServiceSpecificCredentials } from './operations/list-service-specific-credentials.ts'
import { listSigningCertificates } from './operations/list-signing-certificates.ts'
import { listSSHPublicKeys } from './operations/list-sshpublic-keys.ts'
import { listUserPolicies } from './operations/list-user-policies.ts'
import { listUserTags } from './operations/list-user-tags.ts'
import { listUsers } from './operations/list-users.ts'
import { listVirtualMFADevices } from './operations/list-virtual-mfadevices.ts'
import { putRolePermissionsBoundary } from './operations/put-role-permissions-boundary.ts'
import { putRolePolicy } from './operations/put-role-policy.ts'
import { putUserPermissionsBoundary } from './operations/put-user-permissions-boundary.ts'
import { putUserPolicy } from './operations/put-user-policy.ts'
import { setDefaultPolicyVersion } from './operations/set-default-policy-version.ts'
import { tagPolicy } from './operations/tag-policy.ts'
import { tagRole } from './operations/tag-role.ts'
import { tagUser } from './operations/tag-user.ts'
import { untagPolicy } from './operations/untag-policy.ts'
import { untagRole } from './operations/untag-role.ts'
import { untagUser } from './operations/untag-user.ts'
import { updateAccessKey } from './operations/update-access-key.ts'
import { updateAssumeRolePolicy } from './operations/update-assume-role-policy.ts'
import { updateRole } from './operations/update-role.ts'
import { updateRoleDescription } from './operations/update-role-description.ts'
import { updateUser } from './operations/update-user.ts'
import { unsupported } from './unsupported.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html */
export const iamService = service<Iam>({
  id: 'IAM',
  signingName: 'iam',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  validation: 'coral',
  accesses: accessesOf,
  toldOf,
  operations: [
    // Users and their access keys.
    ...[getUser, listUsers, tagUser, untagUser],
    ...[listUserTags, putUserPolicy, getUserPolicy, deleteUserPolicy],
    ...[listUserPolicies, attachUserPolicy, detachUserPolicy, listAttachedUserPolicies],
    ...[putUserPermissionsBoundary, deleteUserPermissionsBoundary, createUser, updateUser],
    ...[deleteUser, createAccessKey, listAccessKeys, updateAccessKey],
    ...[deleteAccessKey, getAccessKeyLastUsed, listGroupsForUser, listMFADevices],
    ...[listSSHPublicKeys, listSigningCertificates, listServiceSpecificCredentials, listVirtualMFADevices],
    ...[getLoginProfile, deleteLoginProfile],
    // Roles.
    ...[getRole, listRoles, tagRole, untagRole],
    ...[listRoleTags, putRolePolicy, getRolePolicy, deleteRolePolicy],
    ...[listRolePolicies, attachRolePolicy, detachRolePolicy, listAttachedRolePolicies],
    ...[putRolePermissionsBoundary, deleteRolePermissionsBoundary, createRole, deleteRole],
    ...[updateRole, updateRoleDescription, updateAssumeRolePolicy, listInstanceProfilesForRole],
    // Managed policies.
    ...[createPolicy, getPolicy, deletePolicy, listPolicies],
    ...[createPolicyVersion, getPolicyVersion, listPolicyVersions, deletePolicyVersion],
    ...[setDefaultPolicyVersion, tagPolicy, untagPolicy, listPolicyTags],
    ...[listEntitiesForPolicy],
  ],
  unsupported,
})
