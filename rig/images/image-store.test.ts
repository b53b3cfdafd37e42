import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { imageStore } from './image-store.ts';

function app(text: string, config: unknown = { command: ['node', 'server.js'] }): string {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  writeFileSync(join(folder, 'server.js'), text);
  writeFileSync(join(folder, 'image.json'), JSON.stringify(config));
  return folder;
}
const store = () => imageStore(mkdtempSync(join(tmpdir(), 'store-')));

describe('the image store', () => {
  it('finds what was published, by tag and by digest', async () => {
    const images = store();
    const digest = await images.publish('registry.example.com/shop/backend:v1', app('one'));
    const image = images.find('registry.example.com/shop/backend:v1');
    expect(image).toMatchObject({ digest, command: ['node', 'server.js'], cwd: '.', env: {} });
    expect(images.find(`registry.example.com/shop/backend@${digest}`)).toEqual(image);
    expect(images.find('registry.example.com/shop/backend:v2')).toBeUndefined();
  });

  it('moves a tag, and keeps what it named before', async () => {
    const images = store();
    const first = await images.publish('shop:latest', app('one'));
    const second = await images.publish('shop:latest', app('two'));
    expect(images.find('shop')?.digest).toBe(second);
    expect(readFileSync(join(images.find(`shop@${first}`)?.folder ?? '', 'server.js'), 'utf8')).toBe('one');
  });

  it('gives equal content the same digest, other content another', async () => {
    const images = store();
    expect(await images.publish('a:1', app('same'))).toBe(await images.publish('b:1', app('same')));
    expect(await images.publish('a:2', app('same'))).not.toBe(await images.publish('a:3', app('else')));
  });

  it.each([
    ['no command', { command: [] }],
    ['a typo', { command: ['node'], comand: [] }],
  ])('refuses %s', async (_, config) => {
    await expect(store().publish('a:1', app('x', config))).rejects.toMatchObject({ code: 'E_CONFIG' });
  });

  it('refuses a folder without image.json', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'app-'));
    expect(existsSync(join(folder, 'image.json'))).toBe(false);
    await expect(store().publish('a:1', folder)).rejects.toMatchObject({ code: 'E_CONFIG' });
  });
});
