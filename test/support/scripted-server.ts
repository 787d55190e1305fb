import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until';

export interface ReceivedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the server does with one request. */
export type Step = (response: ServerResponse, request: ReceivedRequest) => void;

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Step {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Step {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

/** Paddle's form of a refusal. */
export function refusal(status: number, code: string, headers: Record<string, string> = {}, more: object = {}): Step {
  const error = { type: 'request_error', code, detail: `Because of ${code}.`, documentation_url: 'https://example.com', ...more };
  return json(status, { error, meta: { request_id: `request-of-${code}` } }, headers);
}

/** Breaks the connection instead of answering. */
export const reset: Step = (response) => response.socket?.resetAndDestroy();

/** Takes the request and never says anything. */
export const silence: Step = () => undefined;

/** A server on a real socket that does what it is told with one request after the other, and remembers them. */
export class ScriptedServer {
  readonly requests: ReceivedRequest[] = [];
  private steps: Step[] = [];
  private rest: Step = text(599, 'the script is at its end');

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(port = 0): Promise<ScriptedServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const started = new ScriptedServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => started.take(request, response));
    return started;
  }

  /** For the next requests, in order. */
  script(...steps: Step[]): this {
    this.steps.push(...steps);
    return this;
  }

  /** For every request that has no step of its own. */
  always(step: Step): this {
    this.rest = step;
    return this;
  }

  /** Waits until so many requests have come, since the start. */
  async received(count: number): Promise<void> {
    await until(() => Promise.resolve(this.requests.length >= count), `request ${count}`, 5_000);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
      this.requests.push(received);
      (this.steps.shift() ?? this.rest)(response, received);
    });
  }
}
