import type { Scanner } from '../scanner.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';
import { vulnerabilityTask } from './vulnerability-task.ts';

const tool = 'trivy-image';

/** Vulnerabilities of images: operating system packages and what applications brought along. */
export const trivyImage = {
  name: tool,
  tasks: (tree, tools) =>
    tree.images.map((image) =>
      vulnerabilityTask(
        {
          tool,
          target: image.name,
          command: 'image',
          subject: image.reference,
          toFindings: (result) =>
            vulnerabilityFindings(tool, result, { role: image.role, locate: () => image.place }),
        },
        tools,
      ),
    ),
} as const satisfies Scanner;
