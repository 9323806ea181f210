interface Chance {
  bytes(count: number): Uint8Array
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BYTES = 10
const ACCOUNT_BITS = 40n
const CHANCE_BITS = BigInt(8 * BYTES) - ACCOUNT_BITS - 1n

/**
 * An access key id in AWS's form: what it is, and sixteen letters that begin with a bit and the account, as those of
 * AWS do, so that GetAccessKeyInfo needs to look nothing up.
 */
export function accessKeyIdOf(prefix: 'AKIA' | 'ASIA', account: string, random: Chance): string {
  return prefix + sixteenLetters(account, random)
}

/** The id of a user, a role or a policy, which no later one of its name has. */
export function uniqueIdOf(prefix: 'AIDA' | 'AROA' | 'ANPA', account: string, random: Chance): string {
  return prefix + sixteenLetters(account, random) + ALPHABET[random.bytes(1)[0]! % ALPHABET.length]
}

function sixteenLetters(account: string, random: Chance): string {
  const chance = BigInt(`0x${Buffer.from(random.bytes(BYTES)).toString('hex')}`) % (1n << CHANCE_BITS)
  const whole = (((1n << ACCOUNT_BITS) | BigInt(account)) << CHANCE_BITS) | chance
  return Array.from({ length: 16 }, (_, at) => ALPHABET[Number((whole >> BigInt(5 * (15 - at))) & 31n)]).join(
    '',
  )
}

/** The account of an access key in this form; undefined of any other. */
export function accountOfKey(accessKeyId: string): string | undefined {
  const letters = accessKeyId.slice(4)
  if (!/^[A-Z2-7]{16}$/.test(letters)) return undefined
  let whole = 0n
  for (const letter of letters) whole = (whole << 5n) | BigInt(ALPHABET.indexOf(letter))
  const account = String((whole >> CHANCE_BITS) & ((1n << ACCOUNT_BITS) - 1n)).padStart(12, '0')
  return account.length === 12 ? account : undefined
}
