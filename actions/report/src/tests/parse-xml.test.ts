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

  const laughs = `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`;
  it.each([
    ['a document type, and with it entities that grow', laughs, 'document type'],
    ['a document type within', '<a><!DOCTYPE a SYSTEM "file:///etc/passwd"></a>', 'document type'],
    ['what is not closed', '<a><b></a>', 'not well-formed'],
    ['what closes more than was opened', '<a/></a>', 'not well-formed'],
    ['two roots', '<a/><b/>', 'not one whole'],
    ['half a document', '<a><b/>', 'not one whole'],
    ['half a comment', '<a><!-- b', "has no '-->'"],
    ['half a tag', '<a b="c', 'not well-formed'],
    ['nothing', '', 'not one whole'],
    ['a deep nest', '<a>'.repeat(5_000) + '</a>'.repeat(5_000), 'deeper than 100'],
  ])('refuses %s', (_, source, problem) => {
    expect(() => parseXml(source)).toThrow(UserError);
    expect(() => parseXml(source)).toThrow(problem);
  });

  it('keeps an entity that nobody declared as it stands', () => {
    expect(parseXml('<a>&nbsp;&xxe;&#9999999;</a>').text).toBe('&nbsp;&xxe;\uFFFD');
  });

  it('reads back any text that was escaped', () => {
    const escaped = (text: string): string =>
      text.replaceAll(/[<>&"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { attributes, text: inside } = parseXml(`<a b="${escaped(text)}">${escaped(text)}</a>`);
        expect([attributes.b, inside]).toEqual([text, text]);
      }),
    );
  });

  it.each([
    ['attributes without an end', '<a' + ' b="c"'.repeat(100_000)],
    ['spaces without an end', '<a' + ' '.repeat(500_000)],
    ['brackets', '<'.repeat(500_000)],
    ['comments', '<a>' + '<!--'.repeat(100_000)],
  ])('refuses a megabyte of %s at once', (_, source) => {
    const started = performance.now();
    expect(() => parseXml(source)).toThrow(UserError);
    // Two orders of magnitude above what it takes; a quadratic reader takes minutes.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
