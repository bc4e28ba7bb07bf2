// Opens files in the language server of GitHub's actions, and fails if it finds fault with one.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const server = spawn("actions-languageserver", ["--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
let buffer = Buffer.alloc(0);
let id = 0;

const send = (message) => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
};
const wait = (key) => new Promise((found) => waiting.set(key, found));
const tell = (key, value) => waiting.get(key)?.(value);

const receive = (message) => {
  if (message.method === "textDocument/publishDiagnostics") tell(message.params.uri, message.params.diagnostics);
  else if (message.method && message.id !== undefined) send({ id: message.id, result: null });
  else if (message.id !== undefined) tell(message.id, message.result);
};

server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
    if (buffer.length < end + 4 + length) return;
    receive(JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()));
    buffer = buffer.subarray(end + 4 + length);
  }
});

setTimeout(() => {
  console.error("the language server did not answer");
  process.exit(1);
}, 60_000).unref();

const request = (method, params) => {
  const answer = wait(++id);
  send({ id, method, params });
  return answer;
};

await request("initialize", { processId: process.pid, rootUri: null, capabilities: {}, initializationOptions: {} });
send({ method: "initialized", params: {} });
let faults = 0;
for (const path of process.argv.slice(2)) {
  const uri = pathToFileURL(resolve(path)).href;
  const diagnostics = wait(uri);
  const text = readFileSync(path, "utf8");
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
  for (const { range, message } of await diagnostics) {
    console.log(`${path}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
    faults += 1;
  }
  console.log(`${path}: looked at`);
}
server.kill();
process.exit(faults ? 1 : 0);
