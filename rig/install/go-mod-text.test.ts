import { describe, expect, it } from '@jest/globals';
import { goModText } from './go-mod-text.ts';

const goMod = `module example.com/tool // v2

go 1.25.1

require (
	k8s.io/api v0.0.0
	k8s.io/klog/v2 v2.130.1 // indirect
)
replace example.com/a => example.com/b v1.2.3
replace (
	example.com/c v1.0.0 => example.com/d v1.1.0
	example.com/local => ./local
	k8s.io/api => ./staging/src/k8s.io/api
)
`;

describe('go.mod of a build', () => {
  it('requires the module, repeats its remote replacements and leaves out local ones', () => {
    expect(goModText({ goMod, module: 'example.com/tool', version: 'v1.0.0' })).toBe(
      [
        'module rig.invalid/build',
        'go 1.25.1',
        'require example.com/tool v1.0.0',
        'replace example.com/a => example.com/b v1.2.3',
        'replace example.com/c v1.0.0 => example.com/d v1.1.0',
        '',
      ].join('\n'),
    );
  });

  it('gives staging modules at v0.0.0 their published version', () => {
    const staging = { prefix: 'k8s.io/', version: 'v0.37.2' };
    const text = goModText({ goMod, module: 'k8s.io/kubernetes', version: 'v1.37.2', staging });
    expect(text).toContain('replace k8s.io/api => k8s.io/api v0.37.2\n');
    expect(text).not.toContain('klog');
  });
});
