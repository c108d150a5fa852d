/** A hub of models on 127.0.0.1 that answers as Hugging Face's does, as far as we ask. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeHub {
  readonly url: string;
  /** `METHOD path [range]` of every request so far. */
  readonly requests: string[];
  /** Ends the connection in the middle of the next file of this name, once. */
  breakOff(path: string): void;
  close(): Promise<void>;
}

export interface FakeModel {
  readonly [path: string]: Buffer;
}

/** Another version of a model: a tag, or a pull request if its name is `refs/pr/N`. */
export interface FakeRevision {
  readonly files: FakeModel;
  /** What a pull request says of itself. */
  readonly author?: string;
  readonly title?: string;
  /** Commit that it was made from; that of main if absent. */
  readonly parent?: string;
}

export type FakeRevisions = Readonly<Record<string, Readonly<Record<string, FakeRevision>>>>;

const commit = 'c0ffee00'.repeat(5);

/** @param revisions further versions, by the model's name and their own */
export async function startFakeHub(
  models: Readonly<Record<string, FakeModel>>,
  revisions: FakeRevisions = {},
): Promise<FakeHub> {
  const requests: string[] = [];
  const broken = new Set<string>();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://hub.test');
    const { range } = request.headers;
    requests.push(`${request.method ?? ''} ${pathname}${range === undefined ? '' : ` ${range}`}`);
    const [name, model] =
      Object.entries(models).find(([known]) => pathname.includes(`/${known}/`)) ?? [];
    if (name === undefined || model === undefined) {
      json(response, 401, { error: 'Repository not found' });
    } else {
      answerFor(
        name,
        { pathname, versions: versionsOf(model, revisions[name] ?? {}) },
        response,
        range,
      );
    }
  }

  function answerFor(
    name: string,
    { pathname, versions }: { pathname: string; versions: readonly Version[] },
    response: ServerResponse,
    range: string | undefined,
  ): void {
    const after = (prefix: string): string | null =>
      pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) : null;
    const revision = after(`/api/models/${name}/revision/`);
    const tree = after(`/api/models/${name}/tree/`);
    const commits = after(`/api/models/${name}/commits/`);
    const [, resolved = '', path = ''] =
      /^([^/]+)\/(.+)$/.exec(after(`/${name}/resolve/`) ?? '') ?? [];
    const wanted = revision ?? tree ?? commits ?? resolved;
    const version = versions.find(({ revision: known, sha }) => wanted === known || wanted === sha);
    const bytes = version?.files[path];
    if (pathname === `/api/models/${name}/discussions`) {
      json(response, 200, { discussions: versions.flatMap(discussion), count: versions.length });
    } else if (version === undefined) json(response, 404, { error: 'Revision not found' });
    else if (revision !== null) {
      json(response, 200, { _id: '1', id: name, sha: version.sha, private: false, gated: false });
    } else if (tree !== null) json(response, 200, Object.entries(version.files).map(treeEntry));
    else if (commits !== null) {
      const list = [version.sha, version.parent].map((id) => ({
        id,
        title: '',
        message: '',
        authors: [],
        date: 0,
      }));
      json(response, 200, list);
    } else if (bytes === undefined) json(response, 404, { error: 'Entry not found' });
    else sendFile(response, bytes, range, range !== 'bytes=0-0' && broken.delete(path));
  }

  const server = createServer(answer);
  // A slow machine would else find its connection closed between two requests.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    breakOff: (path) => broken.add(path),
    close: () => closeServer(server),
  };
}

interface Version extends FakeRevision {
  readonly revision: string;
  readonly sha: string;
  readonly parent: string;
}

function versionsOf(
  main: FakeModel,
  others: Readonly<Record<string, FakeRevision>>,
): readonly Version[] {
  return [
    { revision: 'HEAD', sha: commit, parent: commit, files: main },
    ...Object.entries(others).map(([revision, given]) => ({
      parent: commit,
      ...given,
      revision,
      sha: createHash('sha1').update(revision).digest('hex'),
    })),
  ];
}

function discussion({ revision, author, title }: Version): object[] {
  const [, number] = /^refs\/pr\/(\d+)$/.exec(revision) ?? [];
  if (number === undefined) return [];
  const about = { num: Number(number), status: 'open', isPullRequest: true };
  return [{ ...about, title, author: { name: author } }];
}

function treeEntry([path, bytes]: [string, Buffer]): object {
  const oid = createHash('sha256').update(bytes).digest('hex');
  const lfs = path.endsWith('.safetensors') ? { lfs: { oid, size: bytes.length } } : {};
  return { type: 'file', path, size: bytes.length, oid: oid.slice(0, 40), ...lfs };
}

function sendFile(
  response: ServerResponse,
  bytes: Buffer,
  range: string | undefined,
  breakOff: boolean,
): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(Number(to ?? bytes.length - 1), bytes.length - 1);
  const part = bytes.subarray(start, end + 1);
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': part.length,
    'content-range': `bytes ${start}-${end}/${bytes.length}`,
    etag: '"etag"',
  });
  if (!breakOff) {
    response.end(part);
    return;
  }
  response.write(part.subarray(0, part.length >> 1), () => {
    setTimeout(() => response.destroy(), 50);
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
