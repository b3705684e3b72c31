// Starts Azurite so that it lives exactly as long as whoever started it: it ends, saving its data, when its standard input
// closes. Ctrl+C, which a terminal sends to every process of the group, is left to the parent, which still needs the storage
// while it finishes.
const { once } = process;
process.once = (event, listener) => (event === 'SIGINT' ? process : once.call(process, event, listener));
process.on('SIGINT', () => {});
// Whoever started it may be gone, and its pipes with it: what Azurite says while it saves must not end it.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.stdin.on('end', () => {
  process.emit('SIGTERM');
  // Connections that are kept alive must not keep Azurite alive.
  setTimeout(() => process.exit(0), 3000).unref();
}).resume();

require('azurite/dist/src/azurite');
