import { UserError } from '../../../../toolkit/action/errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: OpenElement[];
  text: string;
}

const deepest = 100;
const name = String.raw`[^\s=<>"'/!?&]+`;
const openTag = new RegExp(String.raw`<(${name})((?:\s+${name}\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>`, 'y');
const closeTag = new RegExp(String.raw`</(${name})\s*>`, 'y');
const attribute = new RegExp(String.raw`(${name})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/**
 * The root element of an XML document that somebody else wrote. There is no document type and so no entity but XML's
 * own five: nothing in the text can make it grow or name a file. Throws E_CONFIG.
 */
export function parseXml(source: string): XmlElement {
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let at = 0;
  const passBy = (end: string): string => {
    const found = source.indexOf(end, at);
    if (found < 0) throw refused(`has no '${end}' after character ${at}`);
    const text = source.slice(at, found);
    at = found + end.length;
    return text;
  };
  while (at < source.length) {
    const current = open.at(-1) ?? top;
    const next = source.indexOf('<', at);
    if (next !== at) current.text += unescapeXml(source.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    at = next;
    if (source.startsWith('<!--', at)) passBy('-->');
    else if (source.startsWith('<?', at)) passBy('?>');
    else if (source.startsWith('<![CDATA[', at)) current.text += passBy(']]>').slice('<![CDATA['.length);
    else if (source.startsWith('<!', at)) throw refused('declares a document type, which is not read');
    else if (source.startsWith('</', at)) {
      const tag = matchAt(closeTag, source, at);
      if (tag?.[1] !== current.name || open.length === 1)
        throw refused(`is not well-formed at character ${at}`);
      open.pop();
      at = closeTag.lastIndex;
    } else {
      const tag = matchAt(openTag, source, at);
      if (tag === undefined) throw refused(`is not well-formed at character ${at}`);
      const element = { name: tag[1] ?? '', attributes: attributesOf(tag[2] ?? ''), children: [], text: '' };
      current.children.push(element);
      if (tag[3] === '') open.push(element);
      if (open.length > deepest) throw refused(`nests elements deeper than ${deepest} levels`);
      at = openTag.lastIndex;
    }
  }
  const [root, ...more] = top.children;
  if (root === undefined || more.length > 0 || open.length > 1) throw refused('is not one whole XML element');
  return root;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(attribute)].map(([, key = '', double, single]) => [
    key,
    unescapeXml(double ?? single ?? ''),
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Other names stand for nothing without a document type, and stay as they are. */
function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g,
    (all, decimal, hex, entity) => {
      if (typeof entity === 'string') return named[entity] ?? all;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
    },
  );
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', `it ${problem}`, 'look at what the test runner wrote');
}
