import type { Json } from './complete.ts';
import type { Fault } from './faults.ts';
import { handlers } from './handlers/all.ts';
import { Refusal, notFound, type ListReply, type Reply } from './handlers/call.ts';
import { componentSchema, repositoryOperations, type Operation } from './openapi.ts';
import { findRoute, type Route } from './route.ts';
import type { GitHubState } from './state.ts';
import { isAllowed, neededPermission, type Token } from './tokens.ts';
import { problemsOf, requestProblems } from './validate.ts';

export interface Incoming {
  readonly method: string;
  /** Path and query as sent. */
  readonly address: string;
  readonly authorization: string | undefined;
  readonly text: string;
}

export interface Outgoing extends Reply {
  readonly operation: string | undefined;
}

export interface World {
  readonly state: GitHubState;
  readonly tokens: readonly Token[];
  /** This server's own address. */
  readonly url: string;
  readonly now: () => Date;
  readonly nextFault: (operation: string) => Fault | undefined;
  readonly sleep: (ms: number) => Promise<void>;
}

const documentation = 'https://docs.github.com/rest';

/** One request to one answer. `hang-up` means: close the connection without an answer. */
export async function answer(request: Incoming, world: World): Promise<Outgoing | 'hang-up'> {
  const { pathname, searchParams } = new URL(request.address, 'http://any.invalid');
  const route = findRoute(repositoryOperations(), request.method, pathname);
  const body = parseBody(request.text);
  const done = (reply: Reply): Outgoing => {
    const { method } = request;
    world.state.requests.push({
      method,
      path: request.address,
      operation: route?.operation.id,
      status: reply.status,
      body,
    });
    return { ...reply, operation: route?.operation.id };
  };
  if (route === undefined) {
    violation(world, 'request', `${request.method} ${pathname}`, ['GitHub has no such operation']);
    return done(refused(notFound()));
  }
  const fault = world.nextFault(route.operation.id);
  if (fault?.kind === 'slow') await world.sleep(fault.ms);
  const early = fault === undefined ? undefined : faultReply(fault, world.now());
  if (early === 'hang-up') return early;
  if (early !== undefined) return done(early);
  const reply = await handle(
    route,
    { body, query: searchParams, authorization: request.authorization },
    world,
  );
  checkReply(route.operation, reply, world);
  if (fault?.kind === 'lost-answer') return done({ status: 502, body: { message: 'Server Error' } });
  return done(reply);
}

async function handle(
  { operation, params }: Route,
  request: { body: unknown; query: URLSearchParams; authorization: string | undefined },
  world: World,
): Promise<Reply> {
  try {
    const token = authenticate(request.authorization, world.tokens);
    const needed = neededPermission(operation);
    const repository = world.state.repositories.get(`${params.owner ?? ''}/${params.repo ?? ''}`);
    if (repository === undefined) throw notFound();
    if (!isAllowed(token, needed)) {
      const accepted = needed.permissions.map((name) => `${name}=${needed.level}`).join('; ');
      const reply = refused(new Refusal(403, 'Resource not accessible by integration'));
      return { ...reply, headers: { 'x-accepted-github-permissions': accepted } };
    }
    const problems = requestProblems(operation, { params, query: request.query, body: request.body });
    if (problems.length > 0) {
      violation(world, 'request', operation.id, problems);
      throw new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`);
    }
    const handler = handlers[operation.id];
    if (handler === undefined) {
      violation(world, 'response', operation.id, ['the stand-in does not answer this operation']);
      throw new Refusal(501, `${operation.id} is not part of this stand-in`);
    }
    const reply = await handler({
      state: world.state,
      repository,
      params,
      query: request.query,
      body: (request.body ?? {}) as Readonly<Record<string, unknown>>,
      login: token.login,
      url: world.url,
      now: () => `${world.now().toISOString().slice(0, 19)}Z`,
    });
    return 'items' in reply ? page(reply, request.query, world.url, operation, params) : reply;
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

function authenticate(header: string | undefined, tokens: readonly Token[]): Token {
  const value = /^(?:token|bearer)\s+(.+)$/i.exec(header ?? '')?.[1];
  if (value === undefined) throw new Refusal(401, 'Requires authentication');
  const token = tokens.find((candidate) => candidate.value === value && !candidate.revoked);
  if (token === undefined) throw new Refusal(401, 'Bad credentials');
  return token;
}

function page(
  reply: ListReply,
  query: URLSearchParams,
  url: string,
  operation: Operation,
  params: Readonly<Record<string, string>>,
): Reply {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const number = Number(query.get('page') ?? 1);
  const items = reply.items.slice((number - 1) * size, number * size);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const link = (to: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set('page', String(to));
    return `<${url}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const last = Math.max(Math.ceil(reply.items.length / size), 1);
  const links = [
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    body: reply.wrap === undefined ? items : reply.wrap(items, reply.items.length),
    ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
  };
}

function refused({ status, message, errors }: Refusal): Reply {
  const extra = errors.length > 0 ? { errors } : {};
  return { status, body: { message, ...extra, documentation_url: documentation, status: String(status) } };
}

function checkReply(operation: Operation, reply: Reply, world: World): void {
  // Refusals that the description leaves out have the form of all errors.
  const schema =
    operation.response(reply.status) ?? (reply.status >= 400 ? componentSchema('basic-error') : undefined);
  if (schema === undefined) {
    if (reply.body !== undefined)
      violation(world, 'response', operation.id, [`no body is described for ${reply.status}`]);
    return;
  }
  const problems =
    reply.status >= 400 && reply.body === undefined ? [] : problemsOf(schema, reply.body, 'answer');
  if (problems.length > 0) violation(world, 'response', operation.id, problems);
}

function violation(
  world: World,
  kind: 'request' | 'response',
  operation: string,
  problems: readonly string[],
): void {
  world.state.violations.push({ kind, operation, problems });
}

function faultReply(fault: Fault, now: Date): Reply | 'hang-up' | undefined {
  const seconds = Math.floor(now.getTime() / 1000);
  switch (fault.kind) {
    case 'rate-limit': {
      const reset = String(seconds + fault.resetSeconds);
      const reply = refused(new Refusal(403, 'API rate limit exceeded for installation ID 1.'));
      return { ...reply, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } };
    }
    case 'secondary-limit': {
      const text =
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
      return {
        ...refused(new Refusal(429, text)),
        headers: { 'retry-after': String(fault.retryAfterSeconds) },
      };
    }
    case 'server-error':
      return { status: fault.status, body: { message: 'Server Error' } };
    case 'not-json':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Unicorn!</html>' };
    case 'wrong-shape':
      return { status: 200, body: fault.body as Json };
    case 'revoked-token':
      return refused(new Refusal(401, 'Bad credentials'));
    case 'hang-up':
      return 'hang-up';
    case 'slow':
    case 'lost-answer':
      return undefined;
  }
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
