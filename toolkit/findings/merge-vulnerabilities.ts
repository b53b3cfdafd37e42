import { graver, levelOfSeverity, type Finding, type Source, type Vulnerability } from './finding.ts';

/**
 * One finding for each vulnerability of a package in an artifact, however many tools and paths reported it: ids that
 * any report calls the same are the same, and only inside one package and artifact. Titles prove nothing. The graver
 * severity counts, and each tool's own is kept. Everything else passes in its order.
 */
export function mergeVulnerabilities(findings: readonly Finding[]): Finding[] {
  const places = new Map<string, Vulnerable[]>();
  for (const finding of findings) {
    if (!isVulnerable(finding)) continue;
    const { purl, role } = finding.vulnerability;
    const place = JSON.stringify([purl, role]);
    places.set(place, [...(places.get(place) ?? []), finding]);
  }
  const groupOf = new Map<Finding, readonly Vulnerable[]>();
  for (const group of [...places.values()].flatMap(groupsById)) {
    for (const finding of group) groupOf.set(finding, group);
  }
  return findings.flatMap((finding) => {
    const group = groupOf.get(finding);
    if (group === undefined) return [finding];
    return group[0] === finding ? [merge(group)] : [];
  });
}

/** Package URL without version, qualifiers and subpath: what stays the same through an upgrade. */
export function barePurl(purl: string): string {
  const [path = ''] = purl.split(/[?#]/);
  const at = path.lastIndexOf('@');
  return at > path.lastIndexOf('/') ? path.slice(0, at) : path;
}

type Vulnerable = Finding & { readonly vulnerability: Vulnerability };

function isVulnerable(finding: Finding): finding is Vulnerable {
  return finding.vulnerability !== undefined;
}

function idsOf({ id, aliases }: Vulnerability): string[] {
  return [id, ...aliases];
}

/** Union–find over ids. */
function groupsById(findings: readonly Vulnerable[]): Vulnerable[][] {
  const parents = new Map<string, string>();
  const find = (id: string): string => {
    const parent = parents.get(id) ?? id;
    if (parent === id) return id;
    const root = find(parent);
    parents.set(id, root);
    return root;
  };
  for (const { vulnerability } of findings) {
    const root = find(vulnerability.id);
    for (const id of vulnerability.aliases) parents.set(find(id), root);
  }
  const groups = new Map<string, Vulnerable[]>();
  for (const finding of findings) {
    const root = find(finding.vulnerability.id);
    groups.set(root, [...(groups.get(root) ?? []), finding]);
  }
  return [...groups.values()];
}

function merge(group: readonly Vulnerable[]): Finding {
  const [first] = group;
  if (first === undefined) throw new Error('an empty group of findings');
  const all = unique(group.flatMap(({ vulnerability }) => idsOf(vulnerability)));
  const [id = first.vulnerability.id, ...aliases] = all.sort(byAuthority);
  const fixed = group.find(({ vulnerability }) => vulnerability.fixedIn !== undefined)?.vulnerability.fixedIn;
  const scores = group.flatMap(({ vulnerability: { cvss } }) => (cvss === undefined ? [] : [cvss]));
  const severity = group.map((item) => item.severity ?? 'unknown').reduce(graver);
  const tools = unique(group.map(({ tool }) => tool));
  const vulnerability: Vulnerability = {
    ...first.vulnerability,
    id,
    aliases,
    installed: unique(group.map((item) => item.vulnerability.installed)).join(', '),
    fixedIn: fixed,
    cvss: scores.length === 0 ? undefined : Math.max(...scores),
  };
  return {
    ...first,
    rule: id,
    tool: tools.join(' + '),
    severity,
    level: levelOfSeverity(severity),
    vulnerability,
    parts: group,
    ...(tools.length === 1 ? {} : { sources: tools.map((tool) => sourceOf(tool, group)) }),
  };
}

function sourceOf(tool: string, group: readonly Vulnerable[]): Source {
  const own = group.filter((item) => item.tool === tool);
  return {
    tool,
    rule: own[0]?.rule ?? '',
    severity: own.map((item) => item.severity ?? 'unknown').reduce(graver),
  };
}

/** CVE before GHSA before anything else, then by text, so that every run names it alike. */
function byAuthority(a: string, b: string): number {
  const rank = (id: string): number => (id.startsWith('CVE-') ? 0 : id.startsWith('GHSA-') ? 1 : 2);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
