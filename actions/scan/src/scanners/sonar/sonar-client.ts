import * as v from 'valibot';
import { ApiError, UserError } from '../../../../../toolkit/action/errors.ts';
import { HttpFailure, type HttpAnswer, type HttpPort } from '../../../../../toolkit/http/http.ts';

/** SonarQube's web API below one address. */
export interface SonarClient {
  /** Throws UserError when the token is refused, ApiError for everything else that is no answer of this shape. */
  get<S extends v.GenericSchema>(
    path: string,
    query: Readonly<Record<string, string>>,
    schema: S,
  ): Promise<v.InferOutput<S>>;
}

const longestChain = 5;

/** The token goes to this origin as a header and nowhere else: a redirect that leads away is not followed. */
export function sonarClient(
  hostUrl: string,
  token: string,
  http: HttpPort,
  signal: AbortSignal,
): SonarClient {
  const base = hostUrl.endsWith('/') ? hostUrl : `${hostUrl}/`;
  const { origin } = new URL(base);
  const send = async (first: URL): Promise<HttpAnswer> => {
    let url = first;
    for (let hop = 0; hop < longestChain; hop += 1) {
      const answer = await http.send(
        { method: 'GET', url: url.href, headers: { authorization: `Bearer ${token}` } },
        signal,
      );
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      url = new URL(location, url);
      if (url.origin !== origin) {
        throw new UserError(
          'E_AUTH',
          `${origin} redirects to ${url.origin}, which the token is not sent to`,
          "set 'sonar-host-url' to the address that answers",
        );
      }
    }
    throw new ApiError('E_TOOL', `${origin} redirects in circles`, { status: 310 });
  };
  return {
    get: async (path, query, schema) => {
      const url = new URL(path, base);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const answer = await send(url).catch((error: unknown) => {
        if (!(error instanceof HttpFailure)) throw error;
        throw new ApiError(
          'E_TOOL',
          `${origin} does not answer: ${error.message}`,
          { status: 0 },
          { cause: error },
        );
      });
      if (answer.status === 401 || answer.status === 403) {
        throw new UserError(
          'E_AUTH',
          `${origin} refuses the token (${answer.status} for ${path})`,
          "check 'sonar-token' and what its user may see",
        );
      }
      if (answer.status !== 200) {
        throw new ApiError(
          'E_TOOL',
          `${origin} answers ${answer.status} for ${path}: ${messageOf(answer.body)}`,
          {
            status: answer.status,
          },
        );
      }
      const parsed = v.safeParse(schema, parseJson(answer.body));
      if (parsed.success) return parsed.output;
      throw new ApiError('E_TOOL', `${origin} answers something else than SonarQube does for ${path}`, {
        status: answer.status,
      });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(body: string): string {
  const errors = v.safeParse(v.object({ errors: v.array(v.object({ msg: v.string() })) }), parseJson(body));
  const text = errors.success ? errors.output.errors.map(({ msg }) => msg).join('; ') : body;
  return text.trim().slice(0, 300);
}
