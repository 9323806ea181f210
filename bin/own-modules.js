// From when this is imported on, an import of one of our files by another is what it says. Node looks for the nearest
// package.json and for links for each of 700 files anew, which is a third of what a start costs.
import module from 'node:module'

const root = new URL('..', import.meta.url).href
const folders = ['src/', 'dist/', 'test/'].map((folder) => root + folder)
const formats = { '.ts': 'module-typescript', '.js': 'module' }

// Nodes that lack it are too old to run Standpipe.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const format = formats[specifier.slice(-3)]
    const isOwn = specifier[0] === '.' && folders.some((folder) => context.parentURL?.startsWith(folder))
    if (!format || !isOwn) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true }
  },
})
