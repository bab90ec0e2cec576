import { Agent, request } from 'node:https';

/** A client of a started server with all rights: sends JSON, gives status and JSON. */
export function adminOf({ port, ca, adminToken }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca });
  const send = (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const asking = request(
        {
          ...{ agent, host: '127.0.0.1', port, method, path },
          headers: { authorization: `Bearer ${adminToken}`, 'content-type': type },
        },
        (answer) => {
          const chunks = [];
          answer.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            let json;
            try {
              json = JSON.parse(text);
            } catch {
              json = { message: text };
            }
            resolve({ status: answer.statusCode, json });
          });
        },
      );
      asking.on('error', reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return { send, close: () => agent.destroy() };
}
