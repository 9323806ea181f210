/**
 * The rooms of src/ and the arrows between them, read from the import lines, those of types included.
 * `npm run rooms` prints them; test/tidy.test.ts checks them.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'

/** The files that git knows of, or would take, below these folders. */
export const trackedFiles = (...folders: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(path))

/** Who imports whom: nodes are paths of files, or names of a folder's children. */
export type Arrows = ReadonlyMap<string, ReadonlySet<string>>

/** Lists hold one file for each of their things, named after it; they may be long. */
const LIST = /\/(operations|commands|exceptions|routes)$/

/** A list's files repeat the names of what they are about. */
export const isInList = (path: string): boolean => LIST.test(dirname(path))

export const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!)

/** The files that each file imports. */
export const fileArrows = (files: readonly string[]): Arrows =>
  new Map(
    files.map((path) => [
      path,
      new Set(
        importsOf(path)
          .filter((name) => name.startsWith('.'))
          .map((name) => normalize(join(dirname(path), name)))
          .filter((target) => existsSync(target)),
      ),
    ]),
  )

/** Every folder that the files lie in, and those above them up to `top`. */
export function foldersOf(files: readonly string[], top: string): string[] {
  const folders = new Set<string>()
  for (const path of files)
    for (let folder = dirname(path); folder.startsWith(top); folder = dirname(folder)) folders.add(folder)
  return [...folders].sort()
}

/** The arrows between a folder's children: its own files and the folders in it. */
export function arrowsIn(folder: string, arrows: Arrows): Arrows {
  const childOf = (path: string) =>
    path.startsWith(`${folder}/`) ? relative(folder, path).split('/')[0]! : undefined
  const between = new Map<string, Set<string>>()
  for (const [path, targets] of arrows) {
    const child = childOf(path)
    if (child === undefined) continue
    const to = between.get(child) ?? new Set<string>()
    between.set(child, to)
    for (const target of targets) {
      const other = childOf(target)
      if (other !== undefined && other !== child) to.add(other)
    }
  }
  return between
}

/** Groups whose members reach each other (Tarjan's strongly connected components), each sorted. */
export function circlesIn(arrows: Arrows): string[][] {
  const [indexOf, lowOf] = [new Map<string, number>(), new Map<string, number>()]
  const [path, circles]: [string[], string[][]] = [[], []]
  const visit = (node: string) => {
    const index = indexOf.size
    indexOf.set(node, index)
    let low = index
    path.push(node)
    for (const next of arrows.get(node) ?? []) {
      if (!indexOf.has(next)) visit(next)
      if (path.includes(next)) low = Math.min(low, lowOf.get(next) ?? indexOf.get(next)!)
    }
    lowOf.set(node, low)
    if (low !== index) return
    const circle = path.splice(path.indexOf(node))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const node of arrows.keys()) if (!indexOf.has(node)) visit(node)
  return circles
}

/** What each folder holds itself. */
export const filesByFolder = (files: readonly string[]): Map<string, string[]> =>
  Map.groupBy(files, (path) => dirname(path))

/** Names that several files outside of lists have. */
export const doubledNames = (files: readonly string[]): Map<string, string[]> =>
  new Map(
    [
      ...Map.groupBy(
        files.filter((path) => !isInList(path)),
        (path) => basename(path),
      ),
    ].filter(([, paths]) => paths.length > 1),
  )

/** First or last words that `least` files of one folder and more share: `check-…`, `…-members`. */
export function rhymesIn(names: readonly string[], least: number): string[] {
  const rhymes = names
    .map((name) => name.replace(/\.tsx?$/, '').split('-'))
    .filter((words) => words.length > 1)
    .flatMap((words) => [`${words[0]}-*`, `*-${words.at(-1)}`])
  return [...Map.groupBy(rhymes, (rhyme) => rhyme)]
    .filter(([, members]) => members.length >= least)
    .map(([rhyme]) => rhyme)
}

/** Every room with its files and what its children import of each other, as lines. */
export function roomLines(files: readonly string[], top: string): string[] {
  const arrows = fileArrows(files)
  const own = filesByFolder(files)
  return foldersOf(files, top).flatMap((folder) => {
    const inside = arrowsIn(folder, arrows)
    const rows = [...inside]
      .sort(([one], [other]) => one.localeCompare(other))
      .filter(([, targets]) => targets.size > 0)
      .map(([child, targets]) => `    ${child} → ${[...targets].sort().join(' ')}`)
    return [`${folder}/  ${own.get(folder)?.length ?? 0} files`, ...rows]
  })
}

if (import.meta.main) {
  const files = trackedFiles('src', 'console').filter((path) => /\.tsx?$/.test(path))
  console.log([...roomLines(files, 'src'), ...roomLines(files, 'console')].join('\n'))
}
