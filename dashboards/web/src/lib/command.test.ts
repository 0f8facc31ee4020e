import { expect, test } from 'vitest';
import { firstCommand } from './command';

const acme = { downloads_28d: 0, configured: true, last_event: null };

test('every ecosystem has its own client', () => {
	const commands = ['oci', 'pypi', 'npm', 'file', 'event'].map((ecosystem) =>
		firstCommand({ ...acme, name: 'acme/rocket', ecosystem, domains: ['get.acme.example'] })
	);
	expect(commands).toMatchInlineSnapshot(`
		[
		  "docker pull get.acme.example/rocket:TAG",
		  "pip download --no-deps --index-url https://get.acme.example/simple/ rocket",
		  "npm pack --registry https://get.acme.example/ acme/rocket",
		  "curl -fLO https://get.acme.example/PATH",
		  "curl -i https://get.acme.example/PATH",
		]
	`);
});

test('a name of this machine is asked without TLS', () => {
	const local = {
		...acme,
		name: 'acme/rocket',
		ecosystem: 'file',
		domains: ['get.demo.localhost']
	};
	expect(firstCommand(local)).toBe('curl -fLO http://get.demo.localhost/PATH');
});

test('without a domain there is nothing to try', () => {
	expect(
		firstCommand({ ...acme, name: 'acme/rocket', ecosystem: 'file', domains: [] })
	).toBeUndefined();
});
