const text = 'Hello from node in a container that cannot be changed.\n';
const server = require('http').createServer((request, response) => response.end(text));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
server.listen(8080);
