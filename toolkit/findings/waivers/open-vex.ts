import * as v from 'valibot';
import type { Waiver } from '../judged.ts';
import { barePurl } from '../merge-vulnerabilities.ts';
import { refusedWaiver } from './refused-waiver.ts';

const product = v.looseObject({
  '@id': v.optional(v.string()),
  identifiers: v.optional(v.looseObject({ purl: v.optional(v.string()) })),
  subcomponents: v.optional(v.array(v.looseObject({ '@id': v.optional(v.string()) }))),
});

const statement = v.looseObject({
  vulnerability: v.union([
    v.string(),
    v.looseObject({ name: v.string(), aliases: v.optional(v.array(v.string()), []) }),
  ]),
  products: v.optional(v.array(v.union([v.string(), product])), []),
  status: v.picklist(['not_affected', 'affected', 'fixed', 'under_investigation']),
  justification: v.optional(v.string()),
  impact_statement: v.optional(v.string()),
});

const vex = v.looseObject({
  '@context': v.pipe(v.string(), v.includes('openvex')),
  author: v.optional(v.string()),
  statements: v.array(statement),
});

/** OpenVEX: what is `not_affected` or `fixed` in a package is waived there; the other states say nothing to waive. */
export function readOpenVex(content: string, file: string): Waiver[] {
  const parsed = v.safeParse(vex, readJson(content, file));
  if (!parsed.success) throw refusedWaiver(file, `is no OpenVEX document: ${parsed.issues[0].message}`);
  const { statements, author } = parsed.output;
  return statements.flatMap((item): Waiver[] => {
    if (item.status !== 'not_affected' && item.status !== 'fixed') return [];
    const name = typeof item.vulnerability === 'string' ? item.vulnerability : item.vulnerability.name;
    const aliases = typeof item.vulnerability === 'string' ? [] : item.vulnerability.aliases;
    const said = [item.status, item.justification, item.impact_statement].filter(
      (text) => text !== undefined,
    );
    const purls = [...new Set(item.products.flatMap(packagesOf))];
    const places = item.products.length === 0 ? [undefined] : purls;
    return [name, ...aliases].flatMap((id) =>
      places.map((purl) => ({ id, purl, reason: said.join(': '), approvedBy: author, origin: file })),
    );
  });
}

/** Subcomponents say which package of the product is meant. */
function packagesOf(item: string | v.InferOutput<typeof product>): string[] {
  if (typeof item === 'string') return purl(item);
  const parts = (item.subcomponents ?? []).flatMap((part) => purl(part['@id']));
  if (parts.length > 0) return parts;
  return [...purl(item['@id']), ...purl(item.identifiers?.purl)];
}

function purl(text: string | undefined): string[] {
  return text?.startsWith('pkg:') === true ? [barePurl(text)] : [];
}

function readJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw refusedWaiver(file, 'is not JSON');
  }
}
