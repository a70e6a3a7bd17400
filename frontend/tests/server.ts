// A small server of rendered fixtures and static files, under the security policy of production.

import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';

import { render, root, styles, type Language } from './render';

export const policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export async function serve(): Promise<{ url: string; server: Server }> {
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://local');
        const [, first = '', second = ''] = pathname.split('/');
        try {
            if (first === 'static') {
                const css = second === 'site.css';
                response.setHeader('content-type', css ? 'text/css; charset=utf-8' : 'image/svg+xml');
                response.end(css ? styles : readFileSync(join(root, 'assets', second)));
                return;
            }
            response.setHeader('content-type', 'text/html; charset=utf-8');
            response.setHeader('content-security-policy', policy);
            response.end(render(second, first as Language).html);
        } catch {
            response.statusCode = 404;
            response.end();
        }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
