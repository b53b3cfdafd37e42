import { YamlError } from '../../files/parse-yaml.ts';
import type { Waiver } from '../judged.ts';
import { readOpenVex } from './open-vex.ts';
import { readOwnFormat } from './own-format.ts';
import { refusedWaiver } from './refused-waiver.ts';
import { readSnykPolicy } from './snyk-policy.ts';
import { readTrivyIgnore, readTrivyIgnoreYaml } from './trivy-formats.ts';

/** Waivers of one file; its name tells the format. E_CONFIG names the entry that is wrong. */
export function readWaivers(content: string, file: string): Waiver[] {
  const name = file.slice(file.lastIndexOf('/') + 1);
  try {
    if (/^\.?trivyignore\.ya?ml$/.test(name)) return readTrivyIgnoreYaml(content, file);
    if (/^\.?trivyignore$/.test(name)) return readTrivyIgnore(content, file);
    if (name === '.snyk') return readSnykPolicy(content, file);
    if (name.endsWith('.json')) return readOpenVex(content, file);
    return readOwnFormat(content, file);
  } catch (error) {
    if (error instanceof YamlError) throw refusedWaiver(file, `is not YAML: ${error.message}`);
    throw error;
  }
}
