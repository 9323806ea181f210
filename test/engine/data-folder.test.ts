import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DataFolderError } from '../../src/engine/embedded/data-folder-error.ts'
import { makeFolders } from '../../src/engine/embedded/files/make-folders.ts'
import { openDataFolder } from '../../src/engine/embedded/folder/data-folder.ts'
import { startChild } from './child.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const folder = await makeFolder()
after(() => rm(folder, { recursive: true }))

const refuses = (path: string, code: string, message: RegExp) =>
  assert.rejects(openDataFolder(path), (error) => {
    assert.ok(error instanceof DataFolderError)
    assert.equal(error.code, code)
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n/)
    return true
  })

test('a new folder is made, marked with its version and its identity in each part, and opened again', async () => {
  const path = join(folder, 'deep', 'new')
  await (await openEmbedded({ dataDir: path })).close()
  const mark = JSON.parse(await readFile(join(path, 'standpipe.json'), 'utf8'))
  assert.deepEqual(Object.keys(mark), ['dataVersion', 'id'])
  assert.equal(mark.dataVersion, 2)
  for (const part of ['log', 'blobs'])
    assert.deepEqual(JSON.parse(await readFile(join(path, part, 'identity'), 'utf8')), mark)
  await (await openEmbedded({ dataDir: path })).close()
  assert.deepEqual(JSON.parse(await readFile(join(path, 'standpipe.json'), 'utf8')), mark)
})

test('a folder of another version is refused, and left as it is', async () => {
  for (const [name, text] of [
    ['newer', '{"dataVersion":3}'],
    ['newer, and unlike ours', '{"dataVersion":99,"id":{},"from":"x"}'],
  ] as const) {
    const path = join(folder, name)
    await mkdir(path)
    await writeFile(join(path, 'standpipe.json'), text)
    await refuses(path, 'UnknownVersion', /version/)
    assert.deepEqual(await readdir(path), ['standpipe.json'])
  }
})

test('a file, and a folder with something else in it, are refused', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await refuses(file, 'NotAFolder', /--data/)
  await refuses(join(file, 'below'), 'NotAFolder', /--data/)
  const photos = join(folder, 'photos')
  await mkdir(photos)
  await writeFile(join(photos, 'cat.jpg'), '')
  await refuses(photos, 'NotAFolder', /cat\.jpg/)
})

test('what a volume or a repository puts into an empty folder does not matter', async () => {
  const path = join(folder, 'volume')
  await mkdir(join(path, 'lost+found'), { recursive: true })
  await writeFile(join(path, '.gitignore'), '*')
  ;(await openDataFolder(path)).lock.release()
})

test('a folder that is open is refused, in this process and in another, and free at once after SIGKILL', async () => {
  const path = join(folder, 'locked')
  const { lock } = await openDataFolder(path)
  await refuses(path, 'Busy', /in use/)
  lock.release()
  for (let round = 0; round < 3; round++) {
    const child = startChild('lock', path)
    await child.line()
    await refuses(path, 'Busy', /in use/)
    child.process.kill('SIGKILL')
    await once(child.process, 'close')
    const freed = await openDataFolder(path)
    freed.lock.release()
  }
})

test('whoever removes the lock file lets nobody else in', { skip: noNames() }, async () => {
  const path = join(folder, 'unlocked')
  const { lock } = await openDataFolder(path)
  await rm(join(path, 'standpipe.lock'))
  await refuses(path, 'Busy', /in use/)
  const alias = join(folder, 'alias')
  await symlink(path, alias)
  await refuses(alias, 'Busy', /in use/)
  lock.release()
  const child = startChild('lock', path)
  await child.line()
  await rm(join(path, 'standpipe.lock'))
  await refuses(path, 'Busy', /in use/)
  child.process.kill('SIGKILL')
  await once(child.process, 'close')
  ;(await openDataFolder(path)).lock.release()
})

function noNames(): string | false {
  return process.platform === 'linux' ? false : 'only Linux has names that nobody can remove'
}

test('a folder that cannot be made is refused at once', { skip: noProc() }, async () => {
  await refuses('/proc/standpipe', 'NotAFolder', /\/proc\/standpipe cannot be used as a data folder/)
  await refuses('/proc/standpipe/data', 'NotAFolder', /cannot be used as a data folder/)
})

function noProc(): string | false {
  return process.platform === 'linux' ? false : '/proc is Linux'
}

test('folders above one that is missing are made, and the topmost is told', async () => {
  assert.equal(await makeFolders(join(folder, 'a', 'b', 'c')), join(folder, 'a'))
  assert.equal(await makeFolders(join(folder, 'a', 'b', 'c')), undefined)
  assert.equal(await makeFolders(join(folder, 'a', 'd')), join(folder, 'a', 'd'))
})
