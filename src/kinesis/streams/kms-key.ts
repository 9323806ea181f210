import { encryptionTypeNotKms, invalidKeyId } from '../exceptions/streams.ts'

/** A key's ID, its alias, or the ARN of either. */
const KEY_ID = /^(arn:[^:]+:kms:[^:]+:\d{12}:)?(alias\/[\w/-]+|(key\/)?[\w-]+)$/

/** Throws InvalidArgumentException unless these members name a KMS key. Whether there is such a key nobody can tell here. */
export function checkKmsKey({ EncryptionType, KeyId }: { EncryptionType: string; KeyId: string }): void {
  if (EncryptionType !== 'KMS') throw encryptionTypeNotKms()
  if (!KEY_ID.test(KeyId)) throw invalidKeyId(KeyId)
}
