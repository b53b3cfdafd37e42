import { parseXml as parseDocument, XmlElement as Element, XmlError, XmlText } from '@rgrove/parse-xml';
import { UserError } from '../../../../toolkit/action/errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

const deepest = 100;
/** Runners write the colours of their messages as they are; XML 1.0 has no way to write these characters. */
// eslint-disable-next-line no-control-regex
const unspeakable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/**
 * The root element of an XML document that somebody else wrote. A document type is passed over, so nothing in the text
 * can make it grow or name a file. Throws E_CONFIG.
 */
export function parseXml(source: string): XmlElement {
  const { root } = parsed(source.replaceAll(unspeakable, '').replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
  if (root === null) throw refused('it has no element');
  return elementOf(root, 1);
}

function parsed(source: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(source, { ignoreUndefinedEntities: true });
  } catch (error) {
    // The first line says what and where; an excerpt of the text follows.
    const [problem = ''] = error instanceof XmlError ? error.message.split('\n') : ['it nests too deep'];
    if (!(error instanceof XmlError || error instanceof RangeError)) throw error;
    throw refused(`it is no XML: ${problem}`);
  }
}

function elementOf({ name, attributes, children }: Element, depth: number): XmlElement {
  if (depth > deepest) throw refused(`it nests elements deeper than ${deepest} levels`);
  return {
    name,
    attributes,
    children: children
      .filter((child) => child instanceof Element)
      .map((child) => elementOf(child, depth + 1)),
    text: children.map((child) => (child instanceof XmlText ? child.text : '')).join(''),
  };
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', problem, 'look at what the test runner wrote');
}
