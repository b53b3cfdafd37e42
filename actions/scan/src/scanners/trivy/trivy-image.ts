import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Ran, ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { ImageTarget } from '../../images.ts';
import type { Scanner, ScanTools } from '../scanner.ts';
import { imageConfigFinding, licenseFinding, secretFinding, type Place } from './plain-findings.ts';
import { runTrivy, type TrivyAnswer } from './run-trivy.ts';
import { failures, type TrivyResult } from './trivy-report.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';
import { runWithDatabase } from './with-database.ts';

const tool = 'trivy-image';

/**
 * Images: vulnerabilities of their packages, secrets in their files and settings, and how they are set up; licences
 * when asked for. Manifests and Dockerfiles that lie in an image configure nothing from there and are left alone.
 */
export const trivyImage = {
  name: tool,
  tasks: (tree, tools) =>
    tree.images.map((image) => ({ tool, target: image.name, run: () => scanImage(image, tools) })),
} as const satisfies Scanner;

/** One call for everything; without a database a second one, for all but the vulnerabilities. */
async function scanImage(image: ImageTarget, tools: ScanTools): Promise<readonly ToolResult[]> {
  const others = tools.inputs.licenses ? ['secret', 'license'] : ['secret'];
  const call = (scanners: readonly string[]) => ({
    tool,
    target: image.name,
    args: [
      'image',
      `--scanners=${scanners.join(',')}`,
      '--image-config-scanners=misconfig,secret',
      '--skip-check-update',
    ],
    subject: image.reference,
  });
  const answer = await runWithDatabase(call(['vuln', ...others]), tools);
  if (answer.kind === 'broke') return [answer.broke];
  if (answer.kind === 'report') {
    const vulnerabilities = ran(image, answer, tool, (result) =>
      vulnerabilityFindings(tool, result, { role: image.role, locate: () => image.place }),
    );
    return [{ ...vulnerabilities, notes: answer.notes }, ...plainResults(image, answer, tools)];
  }
  const plain = await runTrivy(call(others), tools);
  return [answer.result, ...(plain.kind === 'broke' ? [plain.broke] : plainResults(image, plain, tools))];
}

type Answer = Extract<TrivyAnswer, { kind: 'report' }>;

function plainResults(image: ImageTarget, answer: Answer, tools: ScanTools): ToolResult[] {
  // Trivy calls the image's own settings by the image's name, and files by their path.
  const inside = ({ Target: target }: TrivyResult): string =>
    target === answer.report.ArtifactName ? 'settings of the image' : target.replace(/^\//, '');
  const place = (result: TrivyResult): Place => ({
    location: image.place,
    advice: `in ${inside(result)} of ${image.name}: revoke it, then build the image without it.`,
    inside: `${image.role} ${inside(result)}`,
  });
  const secrets = ran(image, answer, `${tool}-secret`, (result, name) =>
    (result.Secrets ?? []).map((item) => secretFinding(name, item, place(result))),
  );
  const settings = ran(image, answer, `${tool}-config`, (result, name) =>
    failures(result).map((item) => imageConfigFinding(name, item, place(result))),
  );
  const licences = ran(image, answer, `${tool}-license`, (result, name) =>
    (result.Licenses ?? []).map((item) =>
      licenseFinding(name, item, item.PkgName || item.FilePath, place(result)),
    ),
  );
  const { unreadSettings: reason } = answer;
  return [
    secrets,
    reason === undefined
      ? settings
      : { tool: settings.tool, target: settings.target, status: 'skipped', reason },
    ...(tools.inputs.licenses ? [licences] : []),
  ];
}

function ran(
  image: ImageTarget,
  { report, version }: Answer,
  name: string,
  toFindings: (result: TrivyResult, name: string) => readonly Finding[],
): Ran {
  const findings = (report.Results ?? []).flatMap((result) => toFindings(result, name));
  return { tool: name, target: image.name, status: 'ran', version, findings };
}
