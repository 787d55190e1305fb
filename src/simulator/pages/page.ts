import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Html, markup } from './markup';
import { STYLE } from './style';

export interface Page {
  title: string;
  body: Html;
  /** One of our own, the same for everybody: nothing that a person typed ever gets into it. */
  script?: string;
  narrow?: boolean;
  status?: number;
}

/** Sends a page. Only the style and the script that we wrote may run, and only this simulator may be asked. */
export function sendPage(reply: FastifyReply, { title, body, script = '', narrow = false, status = 200 }: Page): FastifyReply {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <main class="${narrow ? 'narrow' : ''}">${body}</main>
        ${script ? markup`<script>${new Html(script)}</script>` : null}
      </body>
    </html>`;
  return reply
    .status(status)
    .headers({ ...HEADERS, 'content-security-policy': policyFor(script) })
    .type('text/html; charset=utf-8')
    .send(page.text);
}

const HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };

function policyFor(script: string): string {
  const own = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${own(STYLE)}`,
    ...(script ? [`script-src ${own(script)}`, "connect-src 'self'"] : []),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Said on every page. */
export const SIMULATION = markup`<p class="note"><strong>This is a simulation.</strong> No money moves, nothing is sold.</p>`;
