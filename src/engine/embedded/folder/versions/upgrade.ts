import type { Random } from '../../../../clock/random.ts'
import { DATA_VERSION, type FolderState } from '../data-folder.ts'
import { type FolderMark, markPath, writeMark } from '../mark.ts'
import { fromVersion1 } from './from-version-1.ts'

/** Brings a folder of one version to the next; done again from its beginning when it was broken off. */
export type VersionStep = (folder: string, id: string) => Promise<void>

/** By the version that each of them begins with. Kept for ever: a folder of any age can be opened. */
const STEPS: Readonly<Record<number, VersionStep>> = { 1: fromVersion1 }

/** The version that a folder still is of; undefined when it is of today's. */
export function versionToUpgrade(state: FolderState): number | undefined {
  if (typeof state === 'string') return undefined
  const version = state.from ?? state.dataVersion
  return version < DATA_VERSION ? version : undefined
}

interface UpgradeOptions {
  readonly folder: string
  readonly state: FolderMark
  readonly random: Pick<Random, 'uuid'>
}

/**
 * One step after the other. Before the first change the folder is marked as one of the next version, so that an older
 * program keeps out, and as not finished, so that the step is repeated after a crash. Resolves with the folder's id.
 */
export async function upgrade({ folder, state, random }: UpgradeOptions): Promise<string> {
  const id = state.id ?? random.uuid()
  for (let version = versionToUpgrade(state); version !== undefined && version < DATA_VERSION; version++) {
    await writeMark(markPath(folder), { dataVersion: version + 1, id, from: version })
    await STEPS[version]!(folder, id)
    await writeMark(markPath(folder), { dataVersion: version + 1, id })
  }
  return id
}
