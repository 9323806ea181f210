import type { Caller } from '../service/operation.ts'
import type { AssumableRole } from './sts.ts'

/** In open mode whoever asks may assume any role, whether somebody made it or not. */
export async function checkAssumption(
  _role: AssumableRole | undefined,
  _input: object,
  _caller: Caller,
): Promise<void> {}
