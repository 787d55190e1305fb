import autocannon from 'autocannon';

export interface PreparedRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

export const CONNECTIONS = 64;

/** Sends each request once, spread over 64 connections. @returns requests a second until the last answer */
export async function sendAll(url: string, requests: PreparedRequest[]): Promise<number> {
  const perConnection = Math.floor(requests.length / CONNECTIONS);
  const amount = perConnection * CONNECTIONS;
  let connection = 0;
  let answered = 0;
  let lastAnswer = 0; // autocannon itself looks only once a second whether it is done
  const started = performance.now();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    amount,
    setupClient: (client) => {
      const first = connection++ * perConnection;
      client.setRequests(requests.slice(first, first + perConnection));
      client.on('response', () => {
        if (++answered === amount) lastAnswer = performance.now();
      });
    },
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
  return amount / ((lastAnswer - started) / 1000);
}

/** Goes round the requests for some seconds. @returns requests a second, and latencies in ms */
export async function sendFor(
  url: string,
  requests: PreparedRequest[],
  seconds: number,
  overallRate?: number,
): Promise<{ rate: number; p50: number; p99: number }> {
  const perConnection = Math.floor(requests.length / CONNECTIONS);
  let connection = 0;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(overallRate ? { overallRate } : {}),
    setupClient: (client) => {
      const first = connection++ * perConnection;
      client.setRequests(requests.slice(first, first + perConnection));
    },
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}
