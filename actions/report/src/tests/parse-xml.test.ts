import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../../toolkit/action/errors.ts';
import { parseXml } from './parse-xml.ts';

describe('parseXml', () => {
  it('reads elements, attributes, text, CDATA, comments and instructions', () => {
    const source = `<?xml version="1.0"?><!-- <a> --><a b = 'it"s' c="&lt;&#x41;&#66;&amp;quot;"> x <d/>&gt;<![CDATA[<&amp;>]]></a >\n`;
    expect(parseXml(source)).toEqual({
      name: 'a',
      attributes: { b: 'it"s', c: '<AB&quot;' },
      children: [{ name: 'd', attributes: {}, children: [], text: '' }],
      text: ' x ><&amp;>',
    });
  });

  it('expands no entity of a document type', () => {
    const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>';
    expect(parseXml(laughs).text).toBe('&c;');
    const file = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
    expect(parseXml(file).text).toBe('&b;');
  });

  it.each([
    ['a document type within', '<a><!DOCTYPE a SYSTEM "file:///etc/passwd"></a>', 'line 1, column 4'],
    ['what is not closed', '<a><b></a>', 'Missing end tag for element b'],
    ['what closes more than was opened', '<a/></a>', 'Extra content'],
    ['two roots', '<a/><b/>', 'Extra content'],
    ['half a document', '<a><b/>', 'Missing end tag for element a'],
    ['half a comment', '<a><!-- b', 'comment'],
    ['half a tag', '<a b="c', 'line 1'],
    ['a character that is none', '<a>&#9999999;</a>', 'invalid character'],
    ['nothing', '', 'Root element is missing'],
    ['a deep nest', '<a>'.repeat(5_000) + '</a>'.repeat(5_000), 'deep'],
  ])('refuses %s', (_, source, problem) => {
    expect(() => parseXml(source)).toThrow(UserError);
    expect(() => parseXml(source)).toThrow(problem);
  });

  it('keeps an entity that nobody declared as it stands, and leaves out what XML cannot write', () => {
    expect(parseXml('<a>&nbsp;&xxe;\u001B[31m\uD800</a>').text).toBe('&nbsp;&xxe;[31m\uFFFD');
  });

  it('reads back any text that XML can write', () => {
    const escaped = (text: string): string =>
      text.replaceAll(/[<>&"'\s]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
    // eslint-disable-next-line no-control-regex
    const unspeakable = /[\u0000-\u001F\uFFFE\uFFFF]/;
    const speakable = fc.string({ unit: 'binary' }).filter((text) => !unspeakable.test(text));
    fc.assert(
      fc.property(speakable, (text) => {
        const { attributes, text: inside } = parseXml(`<a b="${escaped(text)}">${escaped(text)}</a>`);
        expect([attributes.b, inside]).toEqual([text, text]);
      }),
    );
  });
});
