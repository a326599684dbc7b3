#!/usr/bin/env node
// Plain old JavaScript, so that an old Node can read it and say what is missing before anything modern is loaded.
var needed = [22, 12]
var found = process.versions.node.split('.').map(Number)

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    'unsilo needs Node ' +
      needed.join('.') +
      ' or newer, this is ' +
      process.versions.node +
      ': run it as `npx -y -p node@24 -p unsilo unsilo`, or install Node 24 from https://nodejs.org or with `nvm install 24`.\n',
  )
  process.exitCode = 2
} else {
  start()
}

function start() {
  import('node:module')
    .then((module) => {
      if (module.enableCompileCache) module.enableCompileCache()
      return import('../dist/src/cli/main.js')
    })
    .then(
      (program) => program.main(),
      (error) => {
        if (error.code !== 'ERR_MODULE_NOT_FOUND' || String(error.message).indexOf('main.js') === -1) throw error
        process.stderr.write('unsilo is not built in this checkout: run `npm run build`.\n')
        process.exitCode = 2
      },
    )
}
