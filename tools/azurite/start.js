// Starts Azurite so that it lives exactly as long as whoever started it: it ends, saving its data, when its standard input
// closes. Ctrl+C, which a terminal sends to every process of the group, is left to the parent, which still needs the storage
// while it finishes.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`The storage emulator needs Node.js 20 or newer; this is ${process.version}.`);
  process.exit(1);
}

const { once } = process;
process.once = (event, listener) => (event === 'SIGINT' ? process : once.call(process, event, listener));
process.on('SIGINT', () => {});
// Whoever started it may be gone, and its pipes with it: what Azurite says while it saves must not end it.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
const end = () => {
  if (process.argv.includes('--inMemoryPersistence')) {
    process.exit(0);
  }
  process.emit('SIGTERM');
  // Connections that are kept alive must not keep Azurite alive.
  setTimeout(() => process.exit(0), 3000).unref();
};
process.stdin.on('end', end).on('error', end).resume();

// Every minute Azurite looks for what no message or blob refers to any more. With some thousands of messages that takes it a minute in which
// it answers nobody; what is in memory goes with the process anyway.
if (process.argv.includes('--inMemoryPersistence')) {
  for (const manager of ['queue/gc/QueueGCManager', 'blob/gc/BlobGCManager']) {
    require(`azurite/dist/src/${manager}`).default.prototype.markSweep = async () => {};
  }
}

require('azurite/dist/src/azurite');
