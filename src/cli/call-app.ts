/** Nothing came back: the app is not there, or the connection broke. */
export class NoAnswer extends Error {}

/** What the app says went wrong: its problem document in one line. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    document: { code?: string; detail?: string },
  ) {
    super(`${document.code ?? status}: ${document.detail ?? 'the answer says no more'}`);
  }
}

export interface Answer<Document> {
  status: number;
  document: Document;
}

/** Asks a running app. @throws NoAnswer, or what `signal` was aborted with */
export async function callApp<Document = Record<string, unknown>>(url: URL, init: RequestInit): Promise<Answer<Document>> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, document: documentIn(await response.text()) as Document };
  } catch (error) {
    init.signal?.throwIfAborted();
    throw new NoAnswer(`Nothing answers at ${url.origin}. Is the app running (npm start)?`, { cause: error });
  }
}

/** What stands between us and the app may answer with something else than JSON. */
function documentIn(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // told below
  }
  return { code: 'unknown', detail: text.slice(0, 200).replaceAll(/\s+/g, ' ').trim() };
}
